package dev.tenrec.passes.precision;

import com.google.common.collect.HashBasedTable;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.Table;
import dev.tenrec.ir.Elementwise.Cast;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.GraphBuilder;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Quantization;
import dev.tenrec.ir.Quantization.Dequantize;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.Location;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.passes.simplify.EliminateDeadCode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Builds the graph that a plan describes. Each value exists in the type in which it is computed,
 * and in the other one where something reads it so; there is at most one cast per value.
 */
final class ApplyPrecision {
  private final Graph old;
  private final PrecisionPlan plan;
  private final GraphBuilder builder;
  private final Map<Value, Value> computed = new HashMap<>();
  private final Table<Value, ElementType, Value> converted = HashBasedTable.create();

  ApplyPrecision(Graph old, PrecisionPlan plan) {
    this.old = old;
    this.plan = plan;
    this.builder = new GraphBuilder(old.name());
  }

  Graph run() {
    for (Value input : old.inputs()) {
      builder.addInput(input);
      computed.put(input, input);
    }
    for (Node node : old.nodes()) {
      PrecisionPlan.Row row = plan.rows().get(node.results().getFirst());
      if (row == null) {
        add(node, node.op(), operands(node.op(), ElementType.FLOAT32));
      } else if (node.op() instanceof Cast(Value x, ElementType to)) {
        cast(node, x, to);
      } else if (node.op() instanceof Quantization op) {
        quantization(node, op, row);
      } else {
        add(node, node.op(), operands(node.op(), row.computed()));
      }
    }
    old.outputs()
        .forEach(output ->
            builder.output(output.name(), as(output.value(), output.value().elementType())));
    return EliminateDeadCode.in(builder.build());
  }

  private void add(Node node, Op op, ImmutableList<Value> operands) {
    add(node, operands.equals(op.operands()) ? op : op.withOperands(operands));
  }

  private void add(Node node, Op now) {
    Node copy = now.equals(node.op()) ? node : Node.of(now, node.location(), node.names());
    builder.add(copy);
    for (int i = 0; i < node.results().size(); i++) {
      computed.put(node.results().get(i), copy.results().get(i));
    }
  }

  /**
   * Data in whichever type it is computed. Scales keep theirs, and say how exact it gets; but those
   * of weights that lose nothing follow what is dequantized, as TensorRT likes it best.
   */
  private void quantization(Node node, Quantization op, PrecisionPlan.Row row) {
    boolean rounded = op instanceof Dequantize && op.to() == ElementType.FLOAT32;
    boolean follows = rounded && op.x().constant().isPresent() && isExact(op.scale(), row.seen());
    Value scale = as(op.scale(), follows ? row.seen() : op.scale().elementType());
    Quantization now = op.withOperands(ImmutableList.of(computed(op.x()), scale));
    add(node, rounded ? new Dequantize(now.x(), scale, row.seen(), now.granularity()) : now);
  }

  /** Whether a type has all elements of a constant. */
  private static boolean isExact(Value value, ElementType type) {
    return value
        .constant()
        .filter(tensor -> {
          Tensor rounded = Tensor.ofDoubles(type, tensor.sizes(), tensor::getDouble);
          return LongStream.range(0, tensor.count())
              .allMatch(i -> rounded.getDouble(i) == tensor.getDouble(i));
        })
        .isPresent();
  }

  /** A cast of the model reads its operand in whichever type it is computed. */
  private void cast(Node node, Value x, ElementType to) {
    Value now = computed(x);
    if (now.elementType() == to) {
      computed.put(node.result(), now);
    } else {
      add(node, node.op(), ImmutableList.of(now));
    }
  }

  private ImmutableList<Value> operands(Op op, ElementType type) {
    int computed = PrecisionPreference.computed(op).size();
    ImmutableList.Builder<Value> operands = ImmutableList.builder();
    for (Value operand : op.operands()) {
      boolean follows = computed-- > 0 && operand.elementType() == ElementType.FLOAT32;
      operands.add(follows ? as(operand, type) : computed(operand));
    }
    return operands.build();
  }

  private Value computed(Value value) {
    return computed.getOrDefault(value, value);
  }

  /** A float32 value of the old graph in the given type. */
  private Value as(Value value, ElementType type) {
    Value now = computed(value);
    if (now.elementType() == type) {
      return now;
    }
    Value known = converted.get(now, type);
    if (known == null) {
      known = convert(value, now, type);
      converted.put(now, type, known);
    }
    return known;
  }

  private Value convert(Value value, Value now, ElementType type) {
    Location location = value.producer().map(Node::location).orElse(new Location.Synthetic("cast"));
    Op op =
        now.constant()
            .<Op>map(
                tensor -> new Source.Constant(new LowConstants(LowType.of(type)).converted(tensor)))
            .orElseGet(() -> new Cast(origin(now), type));
    return builder.add(Node.of(op, location, List.of()), location).result();
  }

  /** What a cast from integers or booleans reads, so that no second cast follows it. */
  private static Value origin(Value value) {
    return value
        .producedBy(Cast.class)
        .map(Cast::x)
        .filter(x -> !x.elementType().isFloating())
        .orElse(value);
  }
}
