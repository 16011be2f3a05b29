package dev.tenrec.onnx;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.onnx.proto.StringStringEntryProto;
import dev.tenrec.onnx.proto.TensorProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights are never copied: a model of 14 GB is imported with a heap of 64 MB. */
class LargeModelTest {
  private static final int LAYERS = 7;
  private static final long ROWS = 1 << 14;
  private static final long COLUMNS = 1 << 15;
  private static final long LAYER_BYTES = ROWS * COLUMNS * 4;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  @Test
  void importsMoreThanTheHeapHolds() throws IOException, InterruptedException {
    writeSparse(folder.resolve("weights.bin"), LAYERS * LAYER_BYTES);
    Path model = model().write(folder);
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                model.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(output).isEqualToIgnoringNewLines("bytes of weights: " + LAYERS * LAYER_BYTES);
  }

  private void writeSparse(Path file, long size) throws IOException {
    FileStore store = Files.getFileStore(folder);
    long before = store.getUsableSpace();
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.SPARSE,
            StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[1]), size - 1);
    } catch (IOException e) {
      assumeTrue(false, "skipped: no file of %d bytes can be made: %s".formatted(size, e));
    }
    assumeTrue(
        before - store.getUsableSpace() < size / 2, "skipped: the file system has no sparse files");
  }

  private static TestModel model() {
    TestModel model = TestModel.opset(18).input("x0", TensorType.of(ElementType.FLOAT32, 1, ROWS));
    for (int layer = 0; layer < LAYERS; layer++) {
      model
          .initializer(external("w" + layer, layer * LAYER_BYTES))
          .node(TestModel.node("MatMul").in("x0", "w" + layer).out("y" + layer))
          .output("y" + layer);
    }
    return model;
  }

  private static TensorProto external(String name, long offset) {
    return TensorProto.newBuilder()
        .setName(name)
        .setDataType(ElementTypes.number(ElementType.FLOAT32))
        .addDims(ROWS)
        .addDims(COLUMNS)
        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
        .addExternalData(entry("location", "weights.bin"))
        .addExternalData(entry("offset", Long.toString(offset)))
        .build();
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }

  /** What runs in the process with the small heap. */
  static final class Main {
    private Main() {}

    public static void main(String[] arguments) {
      long bytes =
          OnnxImporter.read(Path.of(arguments[0])).nodes().stream()
              .flatMap(node -> node.results().stream())
              .flatMap(value -> value.constant().stream())
              .mapToLong(tensor -> tensor.data().byteSize())
              .sum();
      System.out.println("bytes of weights: " + bytes);
    }
  }
}
