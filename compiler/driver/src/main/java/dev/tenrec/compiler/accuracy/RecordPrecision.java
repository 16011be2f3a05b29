package dev.tenrec.compiler.accuracy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Iterables;
import dev.tenrec.compiler.accuracy.PrecisionReport.Row;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Quantization.Dequantize;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.text.ValueNames;
import dev.tenrec.passes.Pass;
import dev.tenrec.passes.PipelineListener;
import dev.tenrec.passes.precision.AssignPrecision;
import dev.tenrec.passes.precision.PrecisionPlan;
import java.util.Locale;
import java.util.Map;

/** Keeps the decisions about precision while passes run. For one run, not several threads. */
public final class RecordPrecision implements PipelineListener {
  private PrecisionReport report = new PrecisionReport(ImmutableList.of());

  @Override
  public void before(Pass pass, Graph graph) {
    if (pass instanceof AssignPrecision assign) {
      report = report(graph, assign.plan(graph));
    }
  }

  private static PrecisionReport report(Graph graph, PrecisionPlan plan) {
    ValueNames names = ValueNames.of(graph);
    ImmutableList.Builder<Row> rows = ImmutableList.builder();
    for (Map.Entry<Value, PrecisionPlan.Row> entry : plan.rows().entrySet()) {
      Value value = entry.getKey();
      Node node = value.producer().orElseThrow();
      rows.add(
          new Row(
              names.of(value),
              node.location().label(),
              PrecisionPlan.label(node.op()),
              AssignPrecision.gains(node.op()),
              requested(node, entry.getValue()).name().toLowerCase(Locale.ROOT),
              entry.getValue().reason(),
              null,
              null));
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

  /** What was decided; nothing if no pass decides on precision. */
  public PrecisionReport report() {
    return report;
  }
}
