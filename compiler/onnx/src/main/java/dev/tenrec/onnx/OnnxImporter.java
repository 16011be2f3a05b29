package dev.tenrec.onnx;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import java.nio.file.Path;

/** Reads ONNX models. Weights stay in the mapped files, whatever their size. */
public final class OnnxImporter {
  private OnnxImporter() {}

  /**
   * The graph of a model.
   *
   * @throws TenrecException for the first thing that is damaged or not supported
   */
  public static Graph read(Path file) {
    return guarded(file, () -> new ModelImport(file, Findings.throwing()).run());
  }

  /** All nodes of a model that cannot be imported, each as the error that {@link #read} gives. */
  public static ImmutableList<TenrecException> check(Path file) {
    Findings findings = Findings.collecting();
    return guarded(
        file,
        () -> {
          new ModelImport(file, findings).run();
          return findings.all();
        });
  }

  private interface Work<T> {
    T run();
  }

  /** Whatever a damaged file provokes becomes an error that names the file. */
  private static <T> T guarded(Path file, Work<T> work) {
    try {
      return work.run();
    } catch (StackOverflowError | OutOfMemoryError e) {
      throw new TenrecException(
          ErrorCode.TOO_LARGE,
          "'%s' is nested too deeply or too large for the heap".formatted(file),
          e);
    }
  }
}
