package dev.tenrec.compiler.bench;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.runtime.Engine;
import dev.tenrec.runtime.PreparedRun;
import dev.tenrec.tensorrt.BuildOptions;
import dev.tenrec.tensorrt.EngineBuilder;
import dev.tenrec.tensorrt.Plan;
import dev.tenrec.tensorrt.ShapeProfile;
import java.util.ArrayList;
import java.util.List;

/** How long engines of one model take. */
public final class Latency {
  private Latency() {}

  /** Builds an engine of each form of a model, and runs them as {@link #of} does. */
  public static ImmutableList<Double> built(List<Graph> forms, ShapeProfile shapes) {
    List<Plan> plans = new ArrayList<>();
    try {
      for (Graph form : forms) {
        plans.add(EngineBuilder.build(form, BuildOptions.of(shapes)));
      }
      return of(plans, forms.getFirst(), shapes);
    } finally {
      plans.forEach(Plan::close);
    }
  }

  /**
   * Runs engines in turn, with inputs that are made up, at the sizes that they are tuned for.
   *
   * @param model with the inputs and outputs that all engines have
   * @return the median of the milliseconds on the device, for each engine
   */
  public static ImmutableList<Double> of(List<Plan> plans, Graph model, ShapeProfile shapes) {
    ImmutableMap<String, Tensor> inputs = BenchmarkInputs.of(model, shapes);
    Signature signature = Signature.of(model);
    List<Engine> engines = new ArrayList<>();
    List<PreparedRun> runs = new ArrayList<>();
    try {
      for (Plan plan : plans) {
        Engine engine = Engine.of(plan.bytes(), signature);
        engines.add(engine);
        runs.add(PreparedRun.of(engine, inputs));
      }
      return Timing.measure(runs).stream()
          .map(samples -> Measurement.Spread.of(samples, PreparedRun.Sample::device).median())
          .collect(ImmutableList.toImmutableList());
    } finally {
      runs.forEach(PreparedRun::close);
      engines.forEach(Engine::close);
    }
  }
}
