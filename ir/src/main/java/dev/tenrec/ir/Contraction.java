package dev.tenrec.ir;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.dim.Dim;
import java.util.ArrayList;
import java.util.List;

/** Sums of products. */
public sealed interface Contraction extends Op {

  /**
   * Matrix product over the last two dimensions, each operand transposed on request; the dimensions
   * before them are broadcast. Both operands have at least rank 2.
   */
  record MatMul(Value a, Value b, boolean transposeA, boolean transposeB) implements Contraction {
    public MatMul(Value a, Value b) {
      this(a, b, false, false);
    }

    @Override
    public ImmutableList<Value> operands() {
      return ImmutableList.of(a, b);
    }

    @Override
    public MatMul withOperands(ImmutableList<Value> operands) {
      return new MatMul(operands.get(0), operands.get(1), transposeA, transposeB);
    }

    @Override
    public ImmutableList<TensorType> inferTypes() {
      Typing.rankAtLeast(a, 2);
      Typing.rankAtLeast(b, 2);
      Typing.sameElementType(a, b);
      Typing.numeric(a);
      Dim inner = a.dim(a.rank() - (transposeA ? 2 : 1));
      Dim other = b.dim(b.rank() - (transposeB ? 1 : 2));
      Typing.check(
          inner.value().isEmpty() || other.value().isEmpty() || inner.equals(other),
          "%s and %s do not multiply",
          a.type(),
          b.type());
      List<Dim> dims = new ArrayList<>(Shape.broadcast(List.of(batch(a), batch(b))).dims());
      dims.add(a.dim(a.rank() - (transposeA ? 1 : 2)));
      dims.add(b.dim(b.rank() - (transposeB ? 2 : 1)));
      return ImmutableList.of(a.type().with(new Shape(ImmutableList.copyOf(dims))));
    }

    private static Shape batch(Value x) {
      return new Shape(x.shape().dims().subList(0, x.rank() - 2));
    }
  }
}
