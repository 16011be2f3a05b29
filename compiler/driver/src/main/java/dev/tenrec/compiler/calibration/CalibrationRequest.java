package dev.tenrec.compiler.calibration;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.ImmutableDoubleArray;
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
import dev.tenrec.passes.quantize.ChannelFactors;
import dev.tenrec.passes.quantize.ChannelStatistics;
import dev.tenrec.passes.quantize.Remedy;
import dev.tenrec.passes.quantize.ScaleChannels;
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
 * @param remedies what is done against errors of rounding
 */
public record CalibrationRequest(
    Calibrator calibrator,
    ElementType type,
    Backend backend,
    Consumer<String> notes,
    ImmutableSet<Remedy> remedies) {
  private static final int SYNTHETIC = 8;

  /** Without remedies. */
  public CalibrationRequest(
      Calibrator calibrator, ElementType type, Backend backend, Consumer<String> notes) {
    this(calibrator, type, backend, notes, ImmutableSet.of());
  }

  /**
   * The ranges on samples, and what remedies need.
   *
   * @param samples read once, or twice if remedies have to see them first
   */
  public CalibrationTable table(Graph imported, Iterable<? extends Map<String, Tensor>> samples) {
    Graph standard = Pipeline.standard().run(imported);
    CalibrationTable prepared = prepared(standard, samples);
    Graph graph = Pipeline.of(new ScaleChannels(prepared.factors())).run(standard);
    Calibration calibration =
        Calibration.of(graph, Calibration.floating(graph), samples, opener(graph, samples));
    calibration.notes().forEach(notes);
    return prepared.withRanges(calibration.ranges(calibrator, type));
  }

  /** What remedies need; no ranges yet. */
  private CalibrationTable prepared(
      Graph standard, Iterable<? extends Map<String, Tensor>> samples) {
    if (remedies.isEmpty()) {
      return CalibrationTable.EMPTY;
    }
    ImmutableMap<String, ChannelStatistics> statistics =
        ChannelStatistics.observe(
            standard, new SampleBatches(standard, samples), opener(standard, samples));
    ImmutableMap<String, ImmutableDoubleArray> factors =
        new ChannelFactors(calibrator, type, remedies).of(standard, statistics);
    return new CalibrationTable(
        ImmutableMap.of(),
        factors,
        remedies.contains(Remedy.CORRECT_BIASES) || remedies.contains(Remedy.EQUALIZE)
            ? ChannelStatistics.means(standard, statistics, factors)
            : ImmutableMap.of());
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
