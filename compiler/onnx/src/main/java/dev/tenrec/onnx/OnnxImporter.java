package dev.tenrec.onnx;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.Location;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.Tensor;
import java.nio.file.Path;
import java.util.Map;

/** Reads ONNX models. Weights stay in the mapped files, whatever their size. */
public final class OnnxImporter {
  private OnnxImporter() {}

  /**
   * The graph of a model.
   *
   * @throws TenrecException for the first thing that is damaged or not supported
   */
  public static Graph read(Path file) {
    return read(file, ImmutableMap.of());
  }

  /**
   * The graph of a model for fixed values of some inputs, for example of axes or shapes that the
   * model takes at run time but a backend must know when it builds.
   *
   * @param constants elements of inputs by name; these are no inputs of the graph any more
   */
  public static Graph read(Path file, Map<String, Tensor> constants) {
    return guarded(file, () -> new ModelImport(file, Findings.throwing(), constants).run());
  }

  /** All nodes of a model that cannot be imported, each as the error that {@link #read} gives. */
  public static ImmutableList<TenrecException> check(Path file) {
    Findings findings = Findings.collecting();
    return guarded(
        file,
        () -> {
          new ModelImport(file, findings, Map.of()).run();
          return findings.all();
        });
  }

  /** What is known of each operator, by domain and name. */
  public static ImmutableList<OperatorSupport> operators() {
    return OperatorTable.all();
  }

  /** The names of a model's inputs and outputs, in order; what has an initializer is no input. */
  public record Names(ImmutableList<String> inputs, ImmutableList<String> outputs) {}

  /**
   * Tells the names without importing anything.
   *
   * @throws TenrecException if the file is damaged
   */
  public static Names names(Path file) {
    return guarded(file, () -> new ModelImport(file, Findings.throwing(), Map.of()).names());
  }

  private interface Work<T> {
    T run();
  }

  /** Whatever a damaged file provokes becomes an error that names the file. */
  private static <T> T guarded(Path file, Work<T> work) {
    try {
      return work.run();
    } catch (TenrecException e) {
      // Errors of reading and writing name the file themselves.
      throw e.code() == ErrorCode.IO ? e : e.at(new Location.Synthetic(file.toString()));
    } catch (StackOverflowError | OutOfMemoryError e) {
      throw new TenrecException(
              ErrorCode.TOO_LARGE, "it is nested too deeply or too large for the heap", e)
          .at(new Location.Synthetic(file.toString()));
    }
  }
}
