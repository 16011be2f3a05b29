package dev.tenrec.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import dev.tenrec.onnx.proto.StringStringEntryProto;
import dev.tenrec.onnx.proto.TensorProto;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights in files beside the model: mapped, and only from the model's folder. */
class ExternalDataTest {
  private static final Tensor WEIGHTS = Tensors.random(1, 2, 3);

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path parent;

  @SuppressWarnings("NullAway.Init")
  private Path folder;

  @BeforeEach
  void writeData() throws IOException {
    folder = Files.createDirectories(parent.resolve("model"));
    byte[] bytes = WEIGHTS.data().toArray(ValueLayout.JAVA_BYTE);
    Files.createDirectories(folder.resolve("weights"));
    Files.write(folder.resolve("data.bin"), bytes);
    Files.write(folder.resolve("weights/data.bin"), bytes);
    Files.write(parent.resolve("secret.bin"), bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"data.bin", "./data.bin", "weights/data.bin", "weights/../data.bin"})
  void readsFilesInTheFolder(String location) {
    Tensor read = weights(importModel(Map.of("location", location)));
    assertThat(read).isEqualTo(WEIGHTS);
    assertThat(read.data().isMapped()).isTrue();
  }

  @Test
  void readsFromAnOffset() throws IOException {
    byte[] bytes = WEIGHTS.data().toArray(ValueLayout.JAVA_BYTE);
    byte[] shifted = new byte[bytes.length + 5];
    System.arraycopy(bytes, 0, shifted, 3, bytes.length);
    Files.write(folder.resolve("data.bin"), shifted);
    Map<String, String> entries =
        Map.of("location", "data.bin", "offset", "3", "length", "24", "checksum", "unused");
    assertThat(weights(importModel(entries))).isEqualTo(WEIGHTS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../secret.bin",
        "weights/../../secret.bin",
        "..",
        "/etc/hostname",
        "\\\\server\\share",
        "C:\\secret.bin"
      })
  void refusesLocationsOutsideOfTheFolder(String location) {
    assertRefused(Map.of("location", location), "lies outside of the model's folder");
  }

  @Test
  void refusesLinksOutOfTheFolder() throws IOException {
    Files.createSymbolicLink(folder.resolve("file.bin"), parent.resolve("secret.bin"));
    Files.createSymbolicLink(folder.resolve("up"), parent);
    assertRefused(Map.of("location", "file.bin"), "lies outside of the model's folder");
    assertRefused(Map.of("location", "up/secret.bin"), "lies outside of the model's folder");
  }

  @Test
  void followsLinksWithinTheFolder() throws IOException {
    Files.createSymbolicLink(folder.resolve("link.bin"), folder.resolve("data.bin"));
    assertThat(weights(importModel(Map.of("location", "link.bin")))).isEqualTo(WEIGHTS);
  }

  @ParameterizedTest
  @CsvSource({
    "absent.bin, 0, 24, is missing",
    "weights, 0, 24, is missing",
    "'', 0, 24, has no location",
    "data.bin, 1, 24, has only 24 bytes",
    "data.bin, 0, 20, 'has 20 bytes, but the sizes need 24'",
    "data.bin, -4, 24, which is not a size",
    "data.bin, 0, many, which is not a size",
    "data.bin, 9223372036854775807, 24, has only 24 bytes",
    "data.bin, 0, 9223372036854775807, but the sizes need 24",
  })
  void refusesWrongEntries(String location, String offset, String length, String problem) {
    assertRefused(Map.of("location", location, "offset", offset, "length", length), problem);
  }

  private void assertRefused(Map<String, String> entries, String problem) {
    assertThatThrownBy(() -> importModel(entries))
        .isInstanceOfSatisfying(
            TenrecException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_MODEL))
        .hasMessageContaining("model.onnx")
        .hasMessageContaining("tensor 'w'")
        .hasMessageContaining(problem);
  }

  private Graph importModel(Map<String, String> entries) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName("w")
            .setDataType(ElementTypes.number(ElementType.FLOAT32))
            .addDims(2)
            .addDims(3)
            .setDataLocation(TensorProto.DataLocation.EXTERNAL);
    entries.forEach((key, value) ->
        tensor.addExternalData(StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    TestModel model =
        TestModel.opset(18)
            .initializer(tensor.build())
            .node(TestModel.node("Relu").in("w").out("y"))
            .output("y");
    return OnnxImporter.read(model.write(folder));
  }

  private static Tensor weights(Graph graph) {
    return graph.nodes().stream()
        .map(node -> node.op())
        .filter(Source.Constant.class::isInstance)
        .map(op -> ((Source.Constant) op).tensor())
        .findFirst()
        .orElseThrow();
  }
}
