package dev.tenrec.compiler.accuracy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tenrec.compiler.Backend;
import dev.tenrec.ir.Executable;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.passes.Pipeline;
import dev.tenrec.passes.accuracy.Comparison;
import dev.tenrec.passes.accuracy.RecordedOutputs;
import dev.tenrec.tensorrt.ShapeProfile;

/**
 * Tries precisions of one model on the same samples, beside single precision, which runs once.
 *
 * @param graph the model after the passes that all precisions have
 */
public record Trials(Graph graph, Backend backend, ShapeProfile shapes, RecordedOutputs exact) {

  /** Runs a model in single precision. */
  public static Trials of(
      Graph imported, ImmutableList<ImmutableMap<String, Tensor>> samples, Backend backend) {
    Graph graph = Pipeline.standard().run(imported);
    ShapeProfile shapes = ShapeProfile.covering(Signature.of(graph), samples);
    try (Executable executable = backend.openQuickly(graph, shapes)) {
      return new Trials(graph, backend, shapes, new RecordedOutputs(executable, samples));
    }
  }

  /** Runs the model after some more passes. */
  public Comparison compare(Pipeline passes) {
    try (Executable executable = backend.openQuickly(passes.run(graph), shapes)) {
      return exact.with(executable);
    }
  }
}
