package dev.tenrec.passes.simplify;

import dev.tenrec.ir.Op;
import dev.tenrec.ir.Shuffle.Reshape;
import dev.tenrec.ir.Shuffle.Squeeze;
import dev.tenrec.ir.Shuffle.Unsqueeze;
import dev.tenrec.ir.Value;
import dev.tenrec.passes.rewrite.MatchContext;
import dev.tenrec.passes.rewrite.Rule;
import java.util.Optional;

/**
 * Reshapes, squeezes and unsqueezes that keep the shape → nothing; in a row → one reshape; to a
 * shape that needs no arithmetic → to a constant.
 *
 * <p>Legal because all of them keep the order of elements. A shape that depends on data stays.
 */
public record SimplifyReshapes() implements Rule {
  @Override
  public String name() {
    return "simplify-reshapes";
  }

  @Override
  public Optional<Value> rewrite(Op op, MatchContext context) {
    Optional<Value> operand = reshaped(op);
    if (operand.isEmpty()) {
      return Optional.empty();
    }
    Value x = operand.get();
    Value result = context.result();
    Value source = source(x);
    if (source.shape().equals(result.shape())) {
      return Optional.of(source);
    }
    if (x.shape().equals(result.shape())) {
      return Optional.of(x);
    }
    Optional<Op> merged =
        source == x
            ? Optional.empty()
            : ShapeOperands.reshape(source, result.shape(), context.boundSymbols());
    return merged.isPresent() ? merged.map(Op::value) : withConstantShape(op, result);
  }

  private static Optional<Value> withConstantShape(Op op, Value result) {
    return op instanceof Reshape(Value x, Value shape, _) && shape.constant().isEmpty()
        ? ShapeOperands.withoutArithmetic(x, result.shape()).map(Op::value)
        : Optional.empty();
  }

  /** What a value is in another shape, however often reshaped. */
  private static Value source(Value value) {
    Value source = value;
    Optional<Value> next = Optional.of(value);
    while (next.isPresent()) {
      source = next.get();
      next = source.producer().flatMap(node -> reshaped(node.op()));
    }
    return source;
  }

  private static Optional<Value> reshaped(Op op) {
    return switch (op) {
      case Reshape(Value x, _, _) -> Optional.of(x);
      case Squeeze(Value x, _) -> Optional.of(x);
      case Unsqueeze(Value x, _) -> Optional.of(x);
      default -> Optional.empty();
    };
  }
}
