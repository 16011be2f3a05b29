package dev.tenrec.passes.simplify;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Contraction.MatMul;
import dev.tenrec.ir.Elementwise.Activation;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.Cast;
import dev.tenrec.ir.Elementwise.Unary;
import dev.tenrec.ir.Normalization.LayerNorm;
import dev.tenrec.ir.Normalization.RmsNorm;
import dev.tenrec.ir.Normalization.Softmax;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Value;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An operation that does the same at each position of the leading axes, and sees the last axis
 * only: whoever rearranges the positions may do so before or behind it.
 *
 * @param x what it is done to
 * @param perElement whether it does the same to each element, so that the last axis may move, too
 */
record Tokenwise(Op op, Value x, boolean perElement) {
  static Optional<Tokenwise> of(Op op) {
    return switch (op) {
      case Unary(_, Value x) -> Optional.of(new Tokenwise(op, x, true));
      case Activation activation -> Optional.of(new Tokenwise(op, activation.x(), true));
      case Cast(Value x, _) -> Optional.of(new Tokenwise(op, x, true));
      case Binary(_, Value a, Value b) ->
          isParameter(b)
              ? Optional.of(new Tokenwise(op, a, isSingle(b))).filter(Tokenwise::keepsShape)
              : Optional.of(new Tokenwise(op, b, isSingle(a)))
                  .filter(it -> isParameter(a) && it.keepsShape());
      case MatMul(Value a, Value b, boolean transposed, _) ->
          Optional.of(new Tokenwise(op, a, false))
              .filter(_ -> !transposed && b.rank() == 2 && b.constant().isPresent());
      case LayerNorm(Value x, Value scale, Optional<Value> bias, int axis, _) ->
          Stream.concat(Stream.of(scale), bias.stream()).allMatch(Tokenwise::isParameter)
              ? last(op, x, axis)
              : Optional.empty();
      case RmsNorm(Value x, Value scale, int axis, _) ->
          isParameter(scale) ? last(op, x, axis) : Optional.empty();
      case Softmax(Value x, int axis, _) -> last(op, x, axis);
      default -> Optional.empty();
    };
  }

  private static Optional<Tokenwise> last(Op op, Value x, int axis) {
    return axis == x.rank() - 1 ? Optional.of(new Tokenwise(op, x, false)) : Optional.empty();
  }

  /** A constant for all positions. */
  private static boolean isParameter(Value value) {
    return value.rank() <= 1 && value.constant().isPresent();
  }

  private static boolean isSingle(Value value) {
    return value.rank() == 0 || value.dim(0).is(1);
  }

  private boolean keepsShape() {
    return op.inferTypes().getFirst().shape().equals(x.shape()) && x.rank() > 0;
  }

  /** The same operation at other positions. */
  Op on(Value other) {
    int axis = other.rank() - 1;
    return switch (op) {
      case LayerNorm(_, Value scale, Optional<Value> bias, _, double epsilon) ->
          new LayerNorm(other, scale, bias, axis, epsilon);
      case RmsNorm(_, Value scale, _, double epsilon) -> new RmsNorm(other, scale, axis, epsilon);
      case Softmax(_, _, boolean logarithm) -> new Softmax(other, axis, logarithm);
      default ->
          op.withOperands(
              op.operands().stream()
                  .map(operand -> operand == x ? other : operand)
                  .collect(ImmutableList.toImmutableList()));
    };
  }
}
