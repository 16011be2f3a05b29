package dev.tenrec.passes.quantize;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Quantization.Dequantize;
import dev.tenrec.ir.Quantization.Granularity.PerTensor;
import dev.tenrec.ir.Quantization.Quantize;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.Location;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.passes.quantize.QuantizationPlan.Decision;
import dev.tenrec.passes.quantize.QuantizationPlan.Row;
import dev.tenrec.passes.rewrite.GraphRebuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Builds the graph that a plan describes. A value is quantized once in the same way. */
final class ApplyQuantization {
  private final Graph old;
  private final GraphRebuilder builder;
  private final Map<Reading, Row> rows = new HashMap<>();
  private final Map<Row, Value> quantized = new HashMap<>();

  ApplyQuantization(Graph old, QuantizationPlan plan) {
    this.old = old;
    this.builder = new GraphRebuilder(old);
    plan.rows().stream()
        .filter(row -> !(row.decision() instanceof Decision.Floating))
        .forEach(row -> row.readings().forEach(reading -> rows.put(reading, row)));
  }

  Graph run() {
    for (Node node : old.nodes()) {
      ImmutableList.Builder<Value> operands = ImmutableList.builder();
      for (int i = 0; i < node.op().operands().size(); i++) {
        operands.add(read(new Reading(node, i)));
      }
      replace(node, operands.build());
    }
    return builder.build();
  }

  private void replace(Node node, ImmutableList<Value> operands) {
    List<Value> kept = node.op().operands().stream().map(builder::get).toList();
    if (operands.equals(kept)) {
      builder.keep(node);
    } else {
      Op op = node.op().withOperands(operands);
      builder.replace(node, op);
    }
  }

  private Value read(Reading reading) {
    Row row = rows.get(reading);
    return row == null
        ? builder.get(reading.value())
        : quantized.computeIfAbsent(row, this::quantize);
  }

  private Value quantize(Row row) {
    Value now = builder.get(row.value());
    Value result =
        switch (row.decision()) {
          case Decision.Activation(ElementType type, double scale) -> activation(now, type, scale);
          case Decision.Weights(ElementType type, int axis) ->
              new SymmetricWeights(now.constant().orElseThrow(), axis).dequantized(type);
          case Decision.Floating() -> now;
        };
    Location place =
        row.value().producer().map(Node::location).orElse(new Location.Synthetic("quantize"));
    result.producer().ifPresent(node -> builder.add(node, place));
    return result;
  }

  private static Value activation(Value x, ElementType type, double scale) {
    Value step = Terms.scalar(ElementType.FLOAT32, scale);
    Value few = new Quantize(x, step, type, new PerTensor()).value();
    return new Dequantize(few, step, x.elementType(), new PerTensor()).value();
  }
}
