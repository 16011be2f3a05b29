package dev.tenrec.compiler.accuracy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tenrec.compiler.Backend;
import dev.tenrec.ir.Executable;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.passes.Pipeline;
import dev.tenrec.tensorrt.ShapeProfile;
import java.util.function.Function;

/**
 * Tries precisions of one model on the same inputs.
 *
 * @param graph the model after the passes that all precisions have
 */
public record Trials(Graph graph, Backend backend, ShapeProfile shapes) {

  /** For a model before any pass. */
  public static Trials of(
      Graph imported, ImmutableList<ImmutableMap<String, Tensor>> inputs, Backend backend) {
    Graph graph = Pipeline.standard().run(imported);
    return new Trials(graph, backend, ShapeProfile.covering(Signature.of(graph), inputs));
  }

  /** Makes the model ready to run after some more passes, and uses it. */
  public <T> T run(Pipeline passes, Function<Executable, T> work) {
    try (Executable executable = backend.openQuickly(passes.run(graph), shapes)) {
      return work.apply(executable);
    }
  }
}
