package dev.tenrec.compiler.bench;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.runtime.Engine;
import dev.tenrec.tensorrt.Plan;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;

/** One way to make an engine of a file, and how long that took each time. For one thread. */
final class Construction {
  private static final double NANOSECONDS = 1e9;

  private final String name;
  private final Supplier<Plan> build;
  private final List<Double> seconds = new ArrayList<>();

  /**
   * Nothing is built yet.
   *
   * @param name of the engine that results
   */
  Construction(String name, Supplier<Plan> build) {
    this.name = name;
    this.build = build;
  }

  String name() {
    return name;
  }

  /** Builds once, for the time alone. */
  void rehearse() {
    timed().close();
  }

  /** Builds once more, for an engine; its time is the median of all times. */
  Contender perform(Signature signature, ImmutableMap<String, Tensor> inputs) {
    try (Plan plan = timed()) {
      Collections.sort(seconds);
      Measurement.Build result =
          new Measurement.Build(seconds.get(seconds.size() / 2), plan.networkLayers());
      return new Contender(name, result, Engine.of(plan.bytes(), signature), inputs);
    }
  }

  private Plan timed() {
    long begin = System.nanoTime();
    Plan plan = build.get();
    seconds.add((System.nanoTime() - begin) / NANOSECONDS);
    return plan;
  }
}
