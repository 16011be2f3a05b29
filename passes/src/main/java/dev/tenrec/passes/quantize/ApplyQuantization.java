package dev.tenrec.passes.quantize;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableDoubleArray;
import dev.tenrec.ir.Convolution.Conv;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Quantization.Dequantize;
import dev.tenrec.ir.Quantization.Granularity.PerTensor;
import dev.tenrec.ir.Quantization.Quantize;
import dev.tenrec.ir.Source.Constant;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.Location;
import dev.tenrec.ir.interpret.Interpreter;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.text.ValueNames;
import dev.tenrec.passes.quantize.QuantizationPlan.Decision;
import dev.tenrec.passes.quantize.QuantizationPlan.Row;
import dev.tenrec.passes.rewrite.GraphRebuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Builds the graph that a plan describes. A value is quantized once in the same way. What is new is
 * named after what it stands for.
 */
final class ApplyQuantization {
  private final Graph old;
  private final ImmutableMap<String, ImmutableDoubleArray> means;
  private final ValueNames names;
  private final GraphRebuilder builder;
  private final Map<Reading, Row> rows = new HashMap<>();
  private final Map<Row, Value> quantized = new HashMap<>();

  /**
   * Of a graph.
   *
   * @param means of the channels that convolutions read, where biases are to be corrected
   */
  ApplyQuantization(
      Graph old, QuantizationPlan plan, ImmutableMap<String, ImmutableDoubleArray> means) {
    this.old = old;
    this.means = means;
    this.names = ValueNames.of(old);
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
      builder.replace(node, op instanceof Conv conv ? corrected(node, conv) : op);
    }
  }

  private Value read(Reading reading) {
    Row row = rows.get(reading);
    return row == null
        ? builder.get(reading.value())
        : quantized.computeIfAbsent(row, r -> quantize(r, reading));
  }

  private Value quantize(Row row, Reading reading) {
    Value now = builder.get(row.value());
    Location place =
        row.value().producer().map(Node::location).orElse(new Location.Synthetic("quantize"));
    return switch (row.decision()) {
      case Decision.Activation(ElementType type, double scale) -> {
        String name = row.name() + "." + type.text();
        Value step =
            add(name + ".scale", new Constant(Tensor.scalar(ElementType.FLOAT32, scale)), place);
        Value few = add(name, new Quantize(now, step, type, new PerTensor()), place);
        Op back = new Dequantize(few, step, now.elementType(), new PerTensor());
        yield add(name + ".dequantized", back, place);
      }
      case Decision.Weights(ElementType type, int axis) -> {
        String name = names.of(reading.reader().result()) + ".weights";
        SymmetricWeights weights = new SymmetricWeights(now.constant().orElseThrow(), axis);
        Value few = add(name, new Constant(weights.numbers(type)), place);
        Value scales = add(name + ".scales", new Constant(weights.scales(type)), place);
        yield add(name + ".dequantized", weights.dequantize(few, scales), place);
      }
      case Decision.Floating() -> now;
    };
  }

  private Value add(String name, Op op, Location place) {
    return builder.add(Node.of(op, place, List.of(name)), place).result();
  }

  /** A convolution with the bias that makes up for its rounded weights, if that is wanted. */
  private Conv corrected(Node node, Conv conv) {
    Conv before = (Conv) node.op();
    ImmutableDoubleArray seen = means.get(names.of(before.x()));
    Optional<Dequantize> rounding =
        conv.weights().producedBy(Dequantize.class).filter(_ -> before.weights() != conv.weights());
    if (seen == null || rounding.isEmpty() || !BiasCorrection.isLegal(before)) {
      return conv;
    }
    Tensor bias = BiasCorrection.bias(before, constant(rounding.get()), seen);
    Value added = add(names.of(node.result()) + ".bias", new Constant(bias), node.location());
    return new Conv(
        conv.x(),
        conv.weights(),
        Optional.of(added),
        conv.window(),
        conv.groups(),
        conv.activation());
  }

  private static Tensor constant(Dequantize op) {
    ImmutableList<Tensor> operands =
        op.operands().stream()
            .map(value -> value.constant().orElseThrow())
            .collect(ImmutableList.toImmutableList());
    return Interpreter.evaluate(op, operands, _ -> 0).getFirst();
  }
}
