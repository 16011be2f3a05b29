package dev.tenrec.passes.simplify;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Contraction.MatMul;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Shuffle.Transpose;
import dev.tenrec.ir.Value;
import dev.tenrec.passes.rewrite.MatchContext;
import dev.tenrec.passes.rewrite.Rule;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Transposes of the last two axes around a matrix product → its flags:
 *
 * <pre>
 * matmul(transpose(a), b) → matmul(a, b) that transposes a; for b likewise
 * transpose(matmul(a, b)) → matmul(b, a) that transposes both, if nothing else reads the product
 * </pre>
 */
public record SimplifyMatMuls() implements Rule {
  @Override
  public String name() {
    return "simplify-matmuls";
  }

  @Override
  public Optional<Value> rewrite(Op op, MatchContext context) {
    return switch (op) {
      case MatMul matMul -> withFlags(matMul);
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
    Optional<Value> a = transposed(op.a());
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

  /** What a value is the transpose of. */
  private static Optional<Value> transposed(Value value) {
    return value
        .producedBy(Transpose.class)
        .filter(SimplifyMatMuls::swapsLastAxes)
        .map(Transpose::x);
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
