package dev.tenrec.ir;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.tensor.ElementType;
import java.util.ArrayList;
import java.util.List;

/** Reductions over a moving window; layout N, C, then spatial. */
public sealed interface Pooling extends Op {

  /** What is taken from each window. */
  enum PoolKind {
    MAX,
    /** The mean of the elements that are not padding. */
    AVERAGE,
    /** The mean where padding counts as zeros. */
    AVERAGE_WITH_PADDING
  }

  /** {@code kind} over each window of x, [N, C, spatial...]. */
  record Pool(PoolKind kind, Value x, Window window) implements Pooling {
    @Override
    public ImmutableList<Value> operands() {
      return ImmutableList.of(x);
    }

    @Override
    public Pool withOperands(ImmutableList<Value> operands) {
      return new Pool(kind, operands.getFirst(), window);
    }

    @Override
    public ImmutableList<TensorType> inferTypes() {
      Typing.rank(x, window.rank() + 2);
      ElementType type = x.elementType();
      Typing.check(
          type.isFloating() || (kind == PoolKind.MAX && type.isInteger() && type.bits() < 64),
          "%s does not take %s",
          kind,
          x.type());
      List<Dim> dims = new ArrayList<>(List.of(x.dim(0), x.dim(1)));
      for (int i = 0; i < window.rank(); i++) {
        dims.add(window.outputSize(i, x.dim(i + 2)));
      }
      return ImmutableList.of(x.type().with(new Shape(ImmutableList.copyOf(dims))));
    }
  }
}
