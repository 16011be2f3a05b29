package dev.tenrec.passes.simplify;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Contraction.MatMul;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Shuffle.Transpose;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.passes.rewrite.MatchContext;
import dev.tenrec.passes.rewrite.Rule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Transposes of the last two axes around a matrix product → its flags:
 *
 * <pre>
 * matmul(transpose(a), b)     → matmul(a, b) that transposes a; for b likewise
 * transpose(matmul(a, b))     → matmul(b, a) that transposes both, if nothing else reads the product
 * matmul(a scalar, b scalar2) → matmul(a (scalar scalar2), b), if nothing else reads the products
 * </pre>
 *
 * <p>A transpose of b that moves other axes too is left with those, so that keys and values of an
 * attention are alike.
 */
public record SimplifyMatMuls() implements Rule {
  @Override
  public String name() {
    return "simplify-matmuls";
  }

  @Override
  public Optional<Value> rewrite(Op op, MatchContext context) {
    return switch (op) {
      case MatMul matMul -> withFlags(matMul).or(() -> withOneScale(matMul, context));
      case Transpose transpose when swapsLastAxes(transpose) ->
          transpose
              .x()
              .producedBy(MatMul.class)
              .filter(_ -> context.hasOneUse(transpose.x()))
              .map(product ->
                  new MatMul(product.b(), product.a(), !product.transposeB(), !product.transposeA())
                      .value());
      default -> Optional.empty();
    };
  }

  private static Optional<Value> withFlags(MatMul op) {
    Optional<Value> a =
        op.a().producedBy(Transpose.class).filter(SimplifyMatMuls::swapsLastAxes).map(Transpose::x);
    Optional<Value> b = transposed(op.b());
    if (a.isEmpty() && b.isEmpty()) {
      return Optional.empty();
    }
    MatMul simpler =
        new MatMul(
            a.orElse(op.a()),
            b.orElse(op.b()),
            op.transposeA() != a.isPresent(),
            op.transposeB() != b.isPresent());
    return Optional.of(simpler.value());
  }

  /** What a value is the transpose of, if the last axis comes before the last in it. */
  private static Optional<Value> transposed(Value value) {
    return value
        .producedBy(Transpose.class)
        .filter(op -> op.permutation().indexOf(value.rank() - 1) == value.rank() - 2)
        .map(op -> swapsLastAxes(op) ? op.x() : new Transpose(op.x(), swapped(op)).value());
  }

  private static ImmutableList<Integer> swapped(Transpose op) {
    List<Integer> permutation = new ArrayList<>(op.permutation());
    Collections.swap(permutation, permutation.size() - 1, permutation.size() - 2);
    return ImmutableList.copyOf(permutation);
  }

  private static Optional<Value> withOneScale(MatMul op, MatchContext context) {
    Optional<Binary> a = scaled(op.a(), context);
    Optional<Binary> b = scaled(op.b(), context);
    if (a.isEmpty() || b.isEmpty()) {
      return Optional.empty();
    }
    Value scale = Terms.mul(a.get().b(), b.get().b());
    Value left = Terms.mul(a.get().a(), scale);
    return Optional.of(new MatMul(left, b.get().a(), op.transposeA(), op.transposeB()).value());
  }

  private static Optional<Binary> scaled(Value value, MatchContext context) {
    return value
        .producedBy(Binary.class)
        .filter(op -> op.kind() == BinaryKind.MUL && op.b().scalarConstant().isPresent())
        .filter(op -> op.a().type().equals(value.type()) && context.hasOneUse(value));
  }

  private static boolean swapsLastAxes(Transpose op) {
    ImmutableList<Integer> permutation = op.permutation();
    int rank = permutation.size();
    return rank >= 2
        && permutation.get(rank - 1) == rank - 2
        && permutation.get(rank - 2) == rank - 1
        && IntStream.range(0, rank - 2).allMatch(axis -> permutation.get(axis) == axis);
  }
}
