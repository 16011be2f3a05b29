package dev.tenrec.compiler.accuracy;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.compiler.Backend;
import dev.tenrec.compiler.Model;
import dev.tenrec.compiler.Precision;
import dev.tenrec.compiler.PrecisionSettings;
import dev.tenrec.ir.Executable;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.passes.accuracy.SharedValues;
import dev.tenrec.tensorrt.ShapeProfile;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Runs models in single precision beside the same models in another precision.
 *
 * @param allowNarrowing whether TensorRT may compute in types that do not hold all numbers of the
 *     model's
 * @param all whether all values that exist in both are outputs
 */
public record PrecisionComparison(Backend backend, boolean allowNarrowing, boolean all) {

  /**
   * Makes both ready and uses them.
   *
   * @param reference runs in single precision
   * @param candidate runs as the settings say, or as it was compiled
   * @param samples what they will run on
   * @param work is given both
   */
  public <T> T run(
      Model reference,
      Model candidate,
      PrecisionSettings settings,
      List<ImmutableMap<String, Tensor>> samples,
      BiFunction<Executable, Executable, T> work) {
    PrecisionSettings single = PrecisionSettings.of(Precision.FP32);
    if (!all) {
      try (Executable expected = reference.open(backend, single, allowNarrowing, samples);
          Executable actual = candidate.open(backend, settings, allowNarrowing, samples)) {
        return work.apply(expected, actual);
      }
    }
    Graph graph =
        candidate.bundle().isPresent()
            ? candidate.graph()
            : settings.pipeline().run(candidate.graph());
    // Values whose channels are divided are compared with such.
    PrecisionSettings divided = new PrecisionSettings(Precision.FP32, settings.table());
    SharedValues shared = SharedValues.of(divided.pipeline().run(reference.graph()), graph);
    try (Executable expected = open(shared.reference(), samples);
        Executable actual = open(shared.candidate(), samples)) {
      return work.apply(expected, actual);
    }
  }

  private Executable open(Graph graph, List<ImmutableMap<String, Tensor>> samples) {
    return backend.open(graph, ShapeProfile.covering(Signature.of(graph), samples), allowNarrowing);
  }
}
