package dev.tenrec.passes.calibration;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Maps;
import dev.tenrec.ir.Executable;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.text.ValueNames;
import java.util.Map;
import java.util.function.Function;

/**
 * What values of a graph held on samples.
 *
 * @param distributions of values of the graph; constants have none
 */
public record Calibration(Graph graph, ImmutableMap<Value, Distribution> distributions) {

  /**
   * Runs a graph on samples.
   *
   * @param graph optimized, before any precision is assigned
   * @param values those to know more about
   * @param samples inputs of the graph with any number of samples each; in which batches they come
   *     makes no difference
   * @param backend makes a graph ready to run
   * @throws TenrecException with {@code INVALID_INPUT} if an input holds no finite number
   */
  public static Calibration of(
      Graph graph,
      ImmutableSet<Value> values,
      Iterable<? extends Map<String, Tensor>> samples,
      Function<Graph, Executable> backend) {
    ImmutableMap<Value, Distribution> distributions =
        ImmutableMap.copyOf(Maps.asMap(values, _ -> new Distribution()));
    Observation.observe(graph, distributions, new SampleBatches(graph, samples), backend);
    for (Value input : graph.inputs()) {
      Distribution distribution = distributions.get(input);
      if (distribution != null && distribution.isBroken()) {
        throw new TenrecException(
                ErrorCode.INVALID_INPUT,
                "no sample of input '%s' holds a finite number".formatted(input.name()))
            .advise("look at how the samples were made");
      }
    }
    return new Calibration(graph, distributions);
  }

  /** All floating-point values that depend on inputs. */
  public static ImmutableSet<Value> floating(Graph graph) {
    ImmutableSet.Builder<Value> values = ImmutableSet.builder();
    values.addAll(graph.inputs());
    graph.nodes().stream()
        .filter(node -> !(node.op() instanceof Source.Constant))
        .map(Node::results)
        .forEach(values::addAll);
    return values.build().stream()
        .filter(value -> value.elementType().isFloating())
        .collect(ImmutableSet.toImmutableSet());
  }

  /** The ranges of what was ever finite, with bounds for a type to quantize to. */
  public CalibrationTable table(Calibrator calibrator, ElementType type) {
    return new CalibrationTable(ranges(calibrator, type));
  }

  /** The ranges alone, by the names of the values. */
  public ImmutableMap<String, Range> ranges(Calibrator calibrator, ElementType type) {
    ValueNames names = ValueNames.of(graph);
    return distributions.entrySet().parallelStream()
        .filter(entry -> !entry.getValue().isBroken())
        .collect(
            ImmutableMap.toImmutableMap(
                entry -> names.of(entry.getKey()),
                entry -> calibrator.range(entry.getValue(), type)));
  }

  /** A line about each value that held something else than finite numbers. */
  public ImmutableList<String> notes() {
    ValueNames names = ValueNames.of(graph);
    return distributions.entrySet().stream()
        .filter(entry -> entry.getValue().infinite() + entry.getValue().notNumbers() > 0)
        .map(entry ->
            "'%s' holds %d infinities and %d that are not a number"
                .formatted(
                    names.of(entry.getKey()),
                    entry.getValue().infinite(),
                    entry.getValue().notNumbers()))
        .collect(ImmutableList.toImmutableList());
  }
}
