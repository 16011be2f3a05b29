package dev.tenrec.compiler.bench;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.runtime.Engine;
import dev.tenrec.runtime.PreparedRun;
import dev.tenrec.tensorrt.Plan;
import dev.tenrec.tensorrt.ShapeProfile;
import java.util.List;

/** Two engines of the same model, timed in turn. */
public final class Race {
  private Race() {}

  /**
   * What one engine takes of the other's time, on the device, at the sizes that both are tuned for.
   *
   * @param graph what both were built from; inputs are made for it
   */
  public static double ratio(Plan candidate, Plan reference, Graph graph, ShapeProfile shapes) {
    Signature signature = Signature.of(graph);
    ImmutableMap<String, Tensor> inputs = BenchmarkInputs.of(graph, shapes);
    try (Engine first = Engine.of(candidate.bytes(), signature);
        Engine second = Engine.of(reference.bytes(), signature);
        PreparedRun a = PreparedRun.captured(first, inputs);
        PreparedRun b = PreparedRun.captured(second, inputs)) {
      List<List<PreparedRun.Sample>> samples = Timing.measure(List.of(a, b));
      return median(samples.get(0)) / median(samples.get(1));
    }
  }

  private static double median(List<PreparedRun.Sample> samples) {
    return Measurement.Spread.of(samples, PreparedRun.Sample::device).median();
  }
}
