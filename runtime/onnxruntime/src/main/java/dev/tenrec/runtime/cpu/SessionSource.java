package dev.tenrec.runtime.cpu;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.onnx.OnnxExporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where a session gets its model from: memory, or files that last as long as the session. */
final class SessionSource implements AutoCloseable {
  /** Larger models do not fit into one message. */
  private static final long MAX_IN_MEMORY = 1_500_000_000;

  private final Graph graph;
  private @Nullable Path folder;

  SessionSource(Graph graph) {
    this.graph = graph;
  }

  OrtSession open(OrtEnvironment environment, OrtSession.SessionOptions options)
      throws OrtException {
    if (bytes() <= MAX_IN_MEMORY) {
      return environment.createSession(OnnxExporter.toBytes(graph), options);
    }
    Path model = temporaryFolder().resolve("model.onnx");
    OnnxExporter.write(graph, model);
    return environment.createSession(model.toString(), options);
  }

  private long bytes() {
    return graph.nodes().stream()
        .filter(node -> node.op() instanceof Source.Constant)
        .map(node -> node.result())
        .map(Value::constant)
        .mapToLong(constant -> constant.orElseThrow().data().byteSize())
        .sum();
  }

  private Path temporaryFolder() {
    try {
      Path created = Files.createTempDirectory("tenrec-");
      folder = created;
      return created;
    } catch (IOException e) {
      throw new TenrecException(
          ErrorCode.IO, "cannot make a temporary folder: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    try {
      if (folder != null) {
        MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
      }
    } catch (IOException e) {
      throw new TenrecException(
          ErrorCode.IO, "cannot remove '%s': %s".formatted(folder, e.getMessage()), e);
    }
  }
}
