package dev.tenrec.compiler.bench;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.runtime.Engine;
import dev.tenrec.tensorrt.ShapeProfile;
import java.util.Map;

/** How long each step of an engine takes. */
public final class StepTimes {
  private static final int RUNS = 20;

  private StepTimes() {}

  /** Milliseconds on the device by the names of steps, as far as TensorRT tells them. */
  public static ImmutableMap<String, Double> of(Engine engine, Map<String, Tensor> inputs) {
    return engine.stepMilliseconds(inputs, RUNS);
  }

  /** The same with inputs that are made up, at the sizes that the engine is tuned for. */
  public static ImmutableMap<String, Double> of(Engine engine, Graph model, ShapeProfile shapes) {
    return of(engine, BenchmarkInputs.of(model, shapes));
  }
}
