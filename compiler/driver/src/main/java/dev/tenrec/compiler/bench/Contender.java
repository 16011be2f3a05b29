package dev.tenrec.compiler.bench;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.runtime.Engine;
import org.jspecify.annotations.Nullable;

/**
 * An engine in a comparison.
 *
 * @param name how it was made: {@code tenrec}, {@code nvonnxparser}, or {@code plan}
 * @param build what building it took, if it was built now
 * @param inputs what it is run with
 */
record Contender(
    String name,
    Measurement.@Nullable Build build,
    Engine engine,
    ImmutableMap<String, Tensor> inputs)
    implements AutoCloseable {
  /** The steps of the engine in the order of execution, and the milliseconds of each. */
  ImmutableMap<String, Double> steps() {
    ImmutableMap<String, Double> times = StepTimes.of(engine, inputs);
    return engine.steps().stream()
        .distinct()
        .collect(ImmutableMap.toImmutableMap(step -> step, step -> times.getOrDefault(step, 0.0)));
  }

  @Override
  public void close() {
    engine.close();
  }
}
