package dev.tenrec.passes.quantize.weights;

import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Value;
import dev.tenrec.passes.calibration.Observation;
import dev.tenrec.passes.calibration.Observer;
import java.util.Map;

/** Shows what values of a graph hold on samples; as often as it is asked to. */
@FunctionalInterface
public interface Samples {
  /** See {@link Observation#observe}. */
  void observe(Graph graph, Map<Value, ? extends Observer> observers);
}
