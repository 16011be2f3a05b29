package dev.tenrec.passes.simplify;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Contraction.MatMul;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.Shuffle.Reshape;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.passes.rewrite.MatchContext;
import dev.tenrec.passes.rewrite.Rule;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Operations between a reshape of leading axes and the reshape back → on the axes as they were:
 *
 * <pre>
 * reshape(f(reshape(x), y))              → f(x, y')
 * reshape(matmul(reshape(a), reshape(b))) → matmul(a, b)
 * </pre>
 *
 * <p>f stands for functions of two operands, one in another, and y' for y with the leading axes of
 * x, repeated where y has some of the axes only. Legal where the result has the shape of x, where
 * nothing else reads what lies between, and where the graph's inputs tell all sizes. Applied where
 * y is smaller than x: else it would just be reshaped instead, and what it is part of torn apart.
 */
public record SimplifyReshapedOperations() implements Rule {
  @Override
  public String name() {
    return "simplify-reshaped-operations";
  }

  @Override
  public Optional<Value> rewrite(Op op, MatchContext context) {
    return op instanceof Reshape(Value x, _, _) && isOperation(x)
        ? new Axes(x.shape(), context.result().shape(), context).back(x)
        : Optional.empty();
  }

  private static boolean isOperation(Value value) {
    return value.producedBy(Binary.class).isPresent() || value.producedBy(MatMul.class).isPresent();
  }

  /** A shape between two reshapes, and the shape on both sides of them. */
  private record Axes(Shape inner, Shape outer, MatchContext context) {

    /** A value of the inner shape in the outer one, without a reshape of what leads to it. */
    Optional<Value> back(Value value) {
      Optional<Value> undone = undone(value, outer);
      if (undone.isPresent() || !context.hasOneUse(value) || !value.shape().equals(inner)) {
        return undone;
      }
      Optional<Value> sum = value.producedBy(Binary.class).flatMap(this::elements);
      return sum.or(() -> value.producedBy(MatMul.class).flatMap(this::product));
    }

    private static Optional<Value> undone(Value value, Shape shape) {
      return value
          .producedBy(Reshape.class)
          .map(Reshape::x)
          .filter(source -> source.shape().equals(shape));
    }

    private Optional<Value> elements(Binary op) {
      Optional<Value> a = back(op.a());
      Optional<Value> b = back(op.b());
      if (a.isEmpty() && b.isEmpty()) {
        return Optional.empty();
      }
      Optional<Value> left = a.or(() -> moved(op.a()));
      Optional<Value> right = b.or(() -> moved(op.b()));
      return left.flatMap(x -> right.map(y -> new Binary(op.kind(), x, y).value()))
          .filter(result -> result.shape().equals(outer));
    }

    private Optional<Value> product(MatMul op) {
      if (same() < 2) {
        return Optional.empty();
      }
      Optional<Value> a = undone(op.a(), withMatrix(op.a()));
      Optional<Value> b = undone(op.b(), withMatrix(op.b()));
      return a.flatMap(x -> b.map(y -> new MatMul(x, y, op.transposeA(), op.transposeB()).value()))
          .filter(result -> result.shape().equals(outer));
    }

    private Shape withMatrix(Value x) {
      List<Dim> leading = outer.dims().subList(0, outer.rank() - 2);
      return shape(leading, x.shape().dims().subList(Math.max(0, x.rank() - 2), x.rank()));
    }

    /** How many of the last axes both shapes share. */
    private int same() {
      int same = 0;
      while (same < Math.min(inner.rank(), outer.rank())
          && inner.dim(inner.rank() - 1 - same).equals(outer.dim(outer.rank() - 1 - same))) {
        same++;
      }
      return same;
    }

    /** An operand with the leading axes of the outer shape. */
    private Optional<Value> moved(Value y) {
      int same = same();
      if (y.shape().equals(inner)) {
        return Optional.empty();
      }
      if (y.rank() <= same) {
        return Optional.of(y);
      }
      List<Dim> own = y.shape().padTo(inner.rank()).dims();
      List<Dim> leading = own.subList(0, inner.rank() - same);
      List<Dim> rest = own.subList(inner.rank() - same, inner.rank());
      List<Dim> from = inner.dims().subList(0, inner.rank() - same);
      List<Dim> to = outer.dims().subList(0, outer.rank() - same);
      if (leading.stream().allMatch(dim -> dim.is(1))) {
        return reshaped(y, shape(Collections.nCopies(to.size(), Dim.of(1)), rest));
      }
      return leading.equals(from)
          ? reshaped(y, shape(to, rest))
          : ShapeOperands.expand(y, shape(from, rest), context.boundSymbols())
              .flatMap(all -> reshaped(all, shape(to, rest)));
    }

    private Optional<Value> reshaped(Value y, Shape shape) {
      return y.shape().equals(shape)
          ? Optional.of(y)
          : ShapeOperands.reshape(y, shape, context.boundSymbols()).map(Op::value);
    }

    private static Shape shape(List<Dim> leading, List<Dim> rest) {
      return new Shape(
          Stream.concat(leading.stream(), rest.stream()).collect(ImmutableList.toImmutableList()));
    }
  }
}
