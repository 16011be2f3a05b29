package dev.tenrec.compiler.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.compiler.data.Npz;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.text.GraphParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CalibrationDataTest {
  private static final Signature ONE =
      Signature.of(
          GraphParser.parse(
              """
              g (float[N,2] x) => (float[N,2] y) {
                y = Relu(x)
              }
              """));
  private static final Signature TWO =
      Signature.of(
          GraphParser.parse(
              """
              g (float[N,2] a.1, float[N,2] b) => (float[N,2] y) {
                y = Add(a.1, b)
              }
              """));

  @TempDir Path folder;

  private static Tensor row(float... elements) {
    return Tensor.ofFloats(ImmutableLongArray.of(1, elements.length), elements);
  }

  /** Writes a {@code .npy} file. */
  private void write(String name, Tensor tensor) throws IOException {
    Path archive = folder.resolve("archive");
    Npz.write(archive, ImmutableMap.of("array", tensor));
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      Files.copy(zip.getInputStream(zip.getEntry("array.npy")), folder.resolve(name));
    }
    Files.delete(archive);
  }

  private ImmutableList<ImmutableMap<String, Tensor>> read(Path path, Signature model) {
    return ImmutableList.copyOf(CalibrationData.of(path).read(model));
  }

  @Test
  void arraysOfOneInputMayHaveAnyName() throws IOException {
    write("img10.npy", row(3, 4));
    write("img9.npy", Tensor.ofFloats(ImmutableLongArray.of(2), 1, 2));
    assertThat(read(folder, ONE))
        .containsExactly(ImmutableMap.of("x", row(1, 2)), ImmutableMap.of("x", row(3, 4)));
  }

  @Test
  void arraysOfSeveralInputsAreNamedAfterThem() throws IOException {
    write("a.1_0.npy", row(1, 2));
    write("a.1_1.npy", row(3, 4));
    write("b_0.npy", row(5, 6));
    assertThatThrownBy(() -> read(folder, TWO))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("sample 1 has no file for input 'b'");
    write("b_1.npy", row(7, 8));
    assertThat(read(folder, TWO))
        .containsExactly(
            ImmutableMap.of("a.1", row(1, 2), "b", row(5, 6)),
            ImmutableMap.of("a.1", row(3, 4), "b", row(7, 8)));
  }

  @Test
  void aSingleFileIsReadOnce() throws IOException {
    Path file = folder.resolve("samples.npz");
    Npz.write(file, ImmutableMap.of("x", row(1, 2)));
    Iterable<ImmutableMap<String, Tensor>> samples = CalibrationData.of(file).read(ONE);
    assertThat(samples).containsExactly(ImmutableMap.of("x", row(1, 2)));
    Files.delete(file);
    assertThat(samples).containsExactly(ImmutableMap.of("x", row(1, 2)));
  }

  @Test
  void filesOfOtherNamesBelongToNoInput() throws IOException {
    write("c_0.npy", row(1, 2));
    assertThatThrownBy(() -> read(folder, TWO))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("the inputs are [a.1, b]");
  }

  @Test
  void archivesInAFolderFollowEachOther() {
    Npz.write(folder.resolve("2.npz"), ImmutableMap.of("x", row(3, 4)));
    Npz.write(folder.resolve("1.npz"), ImmutableMap.of("x", row(1, 2)));
    assertThat(read(folder, ONE))
        .containsExactly(ImmutableMap.of("x", row(1, 2)), ImmutableMap.of("x", row(3, 4)));
  }

  @Test
  void tensorsOfOnnxAreReadByTheirPlaces() throws IOException {
    Path data = Files.createDirectories(folder.resolve("test_data_set_0"));
    Files.write(data.resolve("input_0.pb"), onnx(1));
    Files.write(data.resolve("input_1.pb"), onnx(2));
    ImmutableMap<String, Tensor> sample =
        ImmutableMap.of(
            "a.1", Tensor.ofFloats(ImmutableLongArray.of(1, 1), 1),
            "b", Tensor.ofFloats(ImmutableLongArray.of(1, 1), 2));
    assertThat(read(folder, TWO)).containsExactly(sample);
    assertThat(read(data, TWO)).containsExactly(sample);
  }

  /** A serialized tensor float[1,1]: dims, data type and float data. */
  private static byte[] onnx(float element) {
    int bits = Float.floatToRawIntBits(element);
    return new byte[] {
      8,
      1,
      8,
      1,
      16,
      1,
      34,
      4,
      (byte) bits,
      (byte) (bits >> 8),
      (byte) (bits >> 16),
      (byte) (bits >> 24)
    };
  }

  @Test
  void whatHoldsNoSamplesIsRefused() throws IOException {
    assertThatThrownBy(() -> read(folder, ONE))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("holds no samples");
    assertThatThrownBy(() -> read(folder.resolve("none"), ONE))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("does not exist");
    Files.write(folder.resolve("x.npy"), new byte[] {1, 2, 3});
    assertThatThrownBy(() -> read(folder, ONE))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("x.npy cannot be read");
    Path text = Files.writeString(folder.resolve("x.txt"), "words");
    assertThatThrownBy(() -> read(text, ONE))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("--tokenizer");
  }

  @Test
  void imagesNeedADescription() throws IOException {
    Files.write(folder.resolve("cat.JPG"), new byte[0]);
    assertThatThrownBy(() -> read(folder, ONE))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("--preprocess");
  }
}
