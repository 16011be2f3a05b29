package dev.tenrec.passes.calibration;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.Executable;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.GraphBuilder;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.passes.simplify.EliminateDeadCode;
import java.util.Map;
import java.util.function.Function;

/** Runs a graph on samples and shows observers what its values hold. */
public final class Observation {
  private static final String TAP = "tap";

  private Observation() {}

  /**
   * Runs a graph once for each sample.
   *
   * @param observers for values of the graph, each value's for itself: they work at the same time;
   *     inputs may be among them
   * @param samples for each run a tensor for each input of the graph; read one after the other, and
   *     none is kept
   * @param backend makes a graph ready to run
   * @throws TenrecException if there are no samples
   */
  public static void observe(
      Graph graph,
      Map<Value, ? extends Observer> observers,
      Iterable<? extends Map<String, Tensor>> samples,
      Function<Graph, Executable> backend) {
    ImmutableMap.Builder<String, Observer> taps = ImmutableMap.builder();
    GraphBuilder tapped = new GraphBuilder(graph.name());
    graph.inputs().forEach(tapped::addInput);
    graph.nodes().forEach(tapped::add);
    int count = 0;
    for (Map.Entry<Value, ? extends Observer> entry : observers.entrySet()) {
      if (entry.getKey().producer().isPresent()) {
        String name = TAP + count++;
        tapped.output(name, entry.getKey());
        taps.put(name, entry.getValue());
      }
    }
    ImmutableMap<String, Observer> observed = taps.buildOrThrow();
    if (observed.isEmpty()) {
      // Backends need something to compute.
      tapped.output(TAP, graph.outputs().getFirst().value());
    }
    try (Executable executable = backend.apply(EliminateDeadCode.in(tapped.build()))) {
      int runs = 0;
      for (Map<String, Tensor> sample : samples) {
        runs++;
        executable.show(
            sample,
            results ->
                observed.entrySet().parallelStream()
                    .forEach(tap -> tap.getValue().observe(found(results, tap.getKey()))));
        observers.forEach((value, observer) -> {
          if (value.producer().isEmpty()) {
            observer.observe(found(sample, value.name()));
          }
        });
      }
      if (runs == 0) {
        throw new TenrecException(ErrorCode.INVALID_INPUT, "there are no samples");
      }
    }
  }

  private static Tensor found(Map<String, Tensor> tensors, String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new TenrecException(ErrorCode.INTERNAL, "'%s' was not computed".formatted(name));
    }
    return tensor;
  }
}
