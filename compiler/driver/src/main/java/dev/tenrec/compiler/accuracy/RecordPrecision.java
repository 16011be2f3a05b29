package dev.tenrec.compiler.accuracy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Iterables;
import dev.tenrec.compiler.accuracy.PrecisionReport.Row;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Quantization.Dequantize;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.Location;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.text.ValueNames;
import dev.tenrec.passes.Pass;
import dev.tenrec.passes.PipelineListener;
import dev.tenrec.passes.precision.AssignPrecision;
import dev.tenrec.passes.precision.PrecisionPlan;
import dev.tenrec.passes.quantize.QuantizationPlan;
import dev.tenrec.passes.quantize.QuantizeGraph;
import dev.tenrec.passes.quantize.Region;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Keeps the decisions about precision while passes run. For one run, not several threads. */
public final class RecordPrecision implements PipelineListener {
  /** An operation, before and after others are quantized. */
  private record Operation(String name, Location place) {}

  /** Why products are quantized, or are not. */
  private final Map<Operation, String> quantization = new HashMap<>();

  private Optional<PrecisionReport> decided = Optional.empty();

  @Override
  public void before(Pass pass, Graph graph) {
    if (pass instanceof QuantizeGraph quantize) {
      record(quantize.plan(graph));
    } else if (pass instanceof AssignPrecision assign) {
      decided = Optional.of(report(graph, assign));
    }
  }

  private void record(QuantizationPlan plan) {
    for (Region region : plan.quantized()) {
      quantization.put(
          new Operation(region.name(), region.node().location()), "products gain most");
    }
    for (QuantizationPlan.Row row : plan.left()) {
      Location place = row.value().producer().orElseThrow().location();
      quantization.put(new Operation(row.name(), place), row.reason());
    }
  }

  private PrecisionReport report(Graph graph, AssignPrecision assign) {
    ValueNames names = ValueNames.of(graph);
    ImmutableList.Builder<Row> rows = ImmutableList.builder();
    for (Map.Entry<Value, PrecisionPlan.Row> entry : assign.plan(graph).rows().entrySet()) {
      String name = names.of(entry.getKey());
      Node node = entry.getKey().producer().orElseThrow();
      PrecisionPlan.Row decision = entry.getValue();
      ElementType requested = requested(node, decision);
      // Why it is not rounded at all, or as asked for, is not for quantization to say.
      boolean own =
          (requested == ElementType.FLOAT32 && assign.low() != ElementType.FLOAT32)
              || assign.overrides().find(node, names).isPresent();
      String reason =
          own
              ? decision.reason()
              : quantization.getOrDefault(new Operation(name, node.location()), decision.reason());
      rows.add(new Row(name, node, requested.name().toLowerCase(Locale.ROOT), reason));
    }
    return new PrecisionReport(rows.build());
  }

  /** The type that an operation reads: of 8 bits or fewer if all that it multiplies has that. */
  private static ElementType requested(Node node, PrecisionPlan.Row row) {
    boolean quantized =
        AssignPrecision.gains(node.op())
            && Iterables.all(
                node.op().operands().subList(0, 2),
                operand -> operand.producedBy(Dequantize.class).isPresent());
    return quantized
        ? node.op()
            .operands()
            .getFirst()
            .producedBy(Dequantize.class)
            .orElseThrow()
            .x()
            .elementType()
        : row.computed();
  }

  /**
   * What was decided.
   *
   * @param optimized the graph behind the passes, which stays in single precision where none of
   *     them decides on floating point
   */
  public PrecisionReport report(Graph optimized) {
    return decided.orElseGet(() -> report(optimized, new AssignPrecision(ElementType.FLOAT32)));
  }
}
