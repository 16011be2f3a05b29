package dev.tenrec.compiler.calibration;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tenrec.compiler.Backend;
import dev.tenrec.ir.Executable;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.passes.Pipeline;
import dev.tenrec.passes.calibration.Calibration;
import dev.tenrec.passes.calibration.CalibrationTable;
import dev.tenrec.passes.calibration.Calibrator;
import dev.tenrec.passes.calibration.Observation;
import dev.tenrec.passes.calibration.SampleBatches;
import dev.tenrec.passes.check.GeneratedInputs;
import dev.tenrec.passes.quantize.weights.Samples;
import dev.tenrec.tensorrt.ShapeProfile;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * How ranges of a model's values are found.
 *
 * @param calibrator chooses the bounds
 * @param type what the bounds are for
 * @param backend runs the model on samples
 * @param notes takes a line about each value that is not finite
 */
public record CalibrationRequest(
    Calibrator calibrator, ElementType type, Backend backend, Consumer<String> notes) {
  private static final int SYNTHETIC = 8;

  /** The ranges on samples. */
  public CalibrationTable table(Graph imported, Iterable<? extends Map<String, Tensor>> samples) {
    Graph graph = Pipeline.standard().run(imported);
    Calibration calibration =
        Calibration.of(graph, Calibration.floating(graph), samples, opener(graph, samples));
    calibration.notes().forEach(notes);
    return calibration.table(calibrator, type);
  }

  /** Shows values of graphs with the inputs of the model on samples. */
  public Samples observed(Iterable<? extends Map<String, Tensor>> samples) {
    return (graph, observers) ->
        Observation.observe(
            graph, observers, new SampleBatches(graph, samples), opener(graph, samples));
  }

  /** Opens graphs for all sizes that samples have. */
  private Function<Graph, Executable> opener(
      Graph graph, Iterable<? extends Map<String, Tensor>> samples) {
    return tapped ->
        backend.openQuickly(
            tapped,
            backend == Backend.TENSORRT
                ? ShapeProfile.covering(Signature.of(graph), new SampleBatches(graph, samples))
                : ShapeProfile.NONE);
  }

  /** The ranges on inputs that are made up: something to try, but nothing to rely on. */
  public CalibrationTable synthetic(Graph imported) {
    return table(imported, made(imported, SYNTHETIC));
  }

  /** Inputs that are made up. */
  public ImmutableList<ImmutableMap<String, Tensor>> made(Graph imported, int count) {
    return IntStream.range(0, count)
        .mapToObj(seed -> GeneratedInputs.of(imported, seed).inputs())
        .collect(ImmutableList.toImmutableList());
  }
}
