package dev.tenrec.compiler.accuracy;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.compiler.bench.StepTimes;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.runtime.Engine;
import dev.tenrec.tensorrt.ShapeProfile;
import java.util.Map;

/**
 * What an engine does, step by step.
 *
 * @param layers what the steps compute; none unless the engine was built with details
 * @param milliseconds what they take on the device, by name, as far as TensorRT tells it
 */
public record EngineProfile(EngineLayers layers, ImmutableMap<String, Double> milliseconds) {

  /** Runs an engine. */
  public static EngineProfile of(Engine engine, Map<String, Tensor> inputs) {
    return new EngineProfile(
        EngineLayers.parse(engine.stepDetails()), StepTimes.of(engine, inputs));
  }

  /** Runs an engine with inputs that are made up, at the sizes that it is tuned for. */
  public static EngineProfile of(Engine engine, Graph model, ShapeProfile shapes) {
    return new EngineProfile(
        EngineLayers.parse(engine.stepDetails()), StepTimes.of(engine, model, shapes));
  }
}
