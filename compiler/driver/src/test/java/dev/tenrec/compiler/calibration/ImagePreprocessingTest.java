package dev.tenrec.compiler.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.text.GraphParser;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ImagePreprocessingTest {
  private static final Signature MODEL =
      Signature.of(
          GraphParser.parse(
              """
              g (float[N,3,H,W] image) => (float[N,3,H,W] y) {
                y = Relu(image)
              }
              """));

  @TempDir Path folder;

  /** Three pixels wide and two high: red, green, blue; black, white, gray. */
  @BeforeEach
  void paint() throws IOException {
    BufferedImage image = new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB);
    int[] colors = {0xff0000, 0x00ff00, 0x0000ff, 0, 0xffffff, 0x333333};
    image.setRGB(0, 0, 3, 2, colors, 0, 3);
    ImageIO.write(image, "png", folder.resolve("a.png").toFile());
  }

  private Tensor prepared(String description) throws IOException {
    Path file = Files.writeString(folder.resolve("how.json"), description);
    CalibrationData data = new CalibrationData(folder, Optional.of(file), Optional.empty(), 256);
    ImmutableList<ImmutableMap<String, Tensor>> samples = ImmutableList.copyOf(data.read(MODEL));
    assertThat(samples).hasSize(1);
    return Objects.requireNonNull(samples.getFirst().get("image"));
  }

  @Test
  void channelsComeFirstInRedGreenBlue() throws IOException {
    assertThat(prepared("{}"))
        .isEqualTo(
            Tensor.ofFloats(
                ImmutableLongArray.of(1, 3, 2, 3),
                1,
                0,
                0,
                0,
                1,
                0.2f,
                0,
                1,
                0,
                0,
                1,
                0.2f,
                0,
                0,
                1,
                0,
                1,
                0.2f));
  }

  @Test
  void theMeanIsTakenAwayAndTheRestDivided() throws IOException {
    assertThat(
            prepared(
                """
                {"layout": "NHWC", "channels": "BGR", "crop": [2, 1],
                 "mean": [0, 0.5, 1], "std": [0.5, 0.5, 2]}
                """))
        .isEqualTo(Tensor.ofFloats(ImmutableLongArray.of(1, 2, 1, 3), 0, 1, -0.5f, 2, 1, 0));
  }

  @Test
  void theShorterSideIsScaled() throws IOException {
    Tensor tensor = prepared("{\"resize\": 8, \"channels\": \"GRAY\"}");
    assertThat(tensor.sizes()).isEqualTo(ImmutableLongArray.of(1, 1, 8, 12));
    assertThat(tensor.getDouble(0)).isEqualTo((float) 0.299);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"crop\": [2]}|a height and a width",
        "{\"crop\": [0, 2]}|both from 1 to",
        "{\"crop\": [3, 3]}|cannot be cut out of 3 by 2",
        "{\"resize\": 0}|resize must be from 1",
        "{\"resize\": 2000000000}|resize must be from 1",
        "{\"resize\": 1.5}|how.json",
        "{\"resize\": 1, \"resize\": 2}|Duplicate field",
        "{\"mean\": [1, \"NaN\", 2]}|one number for each channel",
        "{\"std\": [1, \"Infinity\", 1]}|one positive number",
        "{\"layout\": 1}|how.json",
        "{} {}|how.json",
        "{\"mean\": [1]}|one number for each channel",
        "{\"mean\": [1, null, 2]}|one number for each channel",
        "{\"std\": [1, 0, 1]}|one positive number",
        "{\"size\": 1}|\"size\"",
        "{\"layout\": \"CHW\"}|CHW",
        "{|how.json",
        "null|how.json"
      })
  void wrongDescriptionsAreRefused(String description, String problem) {
    assertThatThrownBy(() -> prepared(description))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining(problem);
  }

  @Test
  void whatIsNoImageIsNamed() throws IOException {
    Files.writeString(folder.resolve("a.png"), "text");
    assertThatThrownBy(() -> prepared("{}"))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("a.png is no image");
  }
}
