package dev.tenrec.passes.quantize;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.text.ValueNames;
import dev.tenrec.passes.Pass;
import dev.tenrec.passes.PassContext;
import dev.tenrec.passes.calibration.CalibrationTable;
import dev.tenrec.passes.precision.PrecisionOverrides;

/**
 * Lets the operations that gain read their operands in 8 bits: what they compute from, as multiples
 * of a scale that calibration gives, and weights, as multiples of a scale for each channel. What a
 * model has quantized itself stays as it is. Where the table knows means, biases of convolutions
 * take up what rounding adds to sums on average.
 *
 * @param type int8 or float8e4m3fn
 * @param table ranges of the values of the graph that the pass is given
 * @param exceptions other types, by the names of {@link Region}s; float32, float16 and bfloat16
 *     leave a region as it is
 * @param overrides of the user: all that match leave a region in float
 */
public record QuantizeGraph(
    ElementType type,
    CalibrationTable table,
    ImmutableMap<String, ElementType> exceptions,
    PrecisionOverrides overrides)
    implements Pass {
  private static final ImmutableSet<ElementType> KEPT =
      ImmutableSet.of(ElementType.FLOAT32, ElementType.FLOAT16, ElementType.BFLOAT16);

  public QuantizeGraph {
    QuantizedType.largest(type);
    exceptions.values().stream().filter(QuantizeGraph::quantizes).forEach(QuantizedType::largest);
  }

  public QuantizeGraph(ElementType type, CalibrationTable table) {
    this(type, table, ImmutableMap.of());
  }

  /** Without overrides. */
  public QuantizeGraph(
      ElementType type, CalibrationTable table, ImmutableMap<String, ElementType> exceptions) {
    this(type, table, exceptions, PrecisionOverrides.NONE);
  }

  @Override
  public String name() {
    return "quantize";
  }

  @Override
  public boolean runsInBodies() {
    return false;
  }

  ElementType type(Region region, ValueNames names) {
    return overrides.find(region.node(), names).isPresent()
        ? ElementType.FLOAT32
        : exceptions.getOrDefault(region.name(), type);
  }

  /** Whether a region with this type is quantized. */
  public static boolean quantizes(ElementType type) {
    return !KEPT.contains(type);
  }

  /** The decisions alone, for the graph as it is. */
  public QuantizationPlan plan(Graph graph) {
    return new PlanQuantization(graph, this).plan();
  }

  @Override
  public Graph run(Graph graph, PassContext context) {
    return new ApplyQuantization(graph, plan(graph), table.means()).run();
  }
}
