package dev.tenrec.tensorrt.legalize;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Contraction.MatMul;
import dev.tenrec.ir.Elementwise.ParametricRelu;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Reduction.ReduceKind;
import dev.tenrec.ir.Shuffle.Transpose;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.passes.rewrite.MatchContext;
import dev.tenrec.passes.rewrite.Rule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Operations that TensorRT has for floating-point numbers only, on integers.
 *
 * <pre>
 * matmul(a, b)           → sum over k (a[..., m, k, 1] b[..., 1, k, n])
 * parametric_relu(x, s)  → x < 0 ? s x : x
 * </pre>
 *
 * <p>Exact, which a product of floats would not be, where the number of terms is known. The
 * products take memory for each term of each sum.
 */
public record DecomposeIntegers() implements Rule {
  @Override
  public String name() {
    return "decompose-integers";
  }

  @Override
  public Optional<Value> rewrite(Op op, MatchContext context) {
    return switch (op) {
      case MatMul product when product.a().elementType().isInteger() ->
          Optional.of(sumOfProducts(product));
      case ParametricRelu(Value x, Value slope) when x.elementType().isInteger() ->
          Optional.of(steps(x, slope));
      default -> Optional.empty();
    };
  }

  private static Value sumOfProducts(MatMul op) {
    Value a = op.transposeA() ? transposed(op.a()) : op.a();
    Value b = op.transposeB() ? transposed(op.b()) : op.b();
    Value left = Terms.unsqueeze(a, a.rank());
    Value right = Terms.unsqueeze(b, b.rank() - 2);
    return sum(Terms.mul(left, right), a.rank() - 1);
  }

  /** Halves are added until one term is left: TensorRT may compute a sum along an axis in float. */
  private static Value sum(Value terms, int axis) {
    OptionalLong size = terms.dim(axis).value();
    if (size.isEmpty() || size.getAsLong() == 0) {
      return Terms.reduce(ReduceKind.SUM, terms, false, axis);
    }
    Value rest = terms;
    for (long count = size.getAsLong(); count > 1; count = (count + 1) / 2) {
      Value low = Terms.slice(rest, axis, 0, count / 2);
      Value high = Terms.slice(rest, axis, count / 2, count / 2 * 2);
      Value halves = Terms.add(low, high);
      rest =
          count % 2 == 0
              ? halves
              : Terms.concat(axis, halves, Terms.slice(rest, axis, count - 1, count));
    }
    return Terms.squeeze(rest, axis);
  }

  private static Value transposed(Value matrices) {
    List<Integer> order = new ArrayList<>(Places.without(matrices.rank()));
    Collections.swap(order, matrices.rank() - 2, matrices.rank() - 1);
    return new Transpose(matrices, ImmutableList.copyOf(order)).value();
  }

  private static Value steps(Value x, Value slope) {
    Value negative = Terms.less(x, Terms.number(x, 0));
    return Terms.select(negative, Terms.mul(x, slope), x);
  }
}
