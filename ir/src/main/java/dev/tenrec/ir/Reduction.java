package dev.tenrec.ir;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.dim.Fixed;
import dev.tenrec.ir.dim.Symbol;
import dev.tenrec.ir.tensor.ElementType;
import java.util.ArrayList;
import java.util.List;

/** Operations that combine elements along axes. */
public sealed interface Reduction extends Op {

  /** How elements are combined. */
  enum ReduceKind {
    SUM,
    MEAN,
    MAX,
    MIN,
    PROD,
    /** Sum of magnitudes. */
    L1,
    /** Square root of the sum of squares. */
    L2,
    SUM_SQUARE,
    LOG_SUM,
    LOG_SUM_EXP
  }

  /**
   * {@code kind} over the given axes.
   *
   * @param axes not negative, ascending
   * @param keepDims whether reduced axes stay with size 1
   */
  record Reduce(ReduceKind kind, Value x, ImmutableList<Integer> axes, boolean keepDims)
      implements Reduction {
    @Override
    public ImmutableList<Value> operands() {
      return ImmutableList.of(x);
    }

    @Override
    public Reduce withOperands(ImmutableList<Value> operands) {
      return new Reduce(kind, operands.getFirst(), axes, keepDims);
    }

    @Override
    public ImmutableList<TensorType> inferTypes() {
      axes.forEach(axis -> Typing.axis(axis, x.rank()));
      Typing.check(
          axes.equals(ImmutableSet.copyOf(axes).stream().sorted().toList()),
          "axes %s are not ascending",
          axes);
      Typing.numeric(x);
      return ImmutableList.of(x.type().with(reduced(x.shape(), axes, keepDims)));
    }
  }

  /**
   * The position of the largest or smallest element along an axis.
   *
   * @param last whether the last one counts where several are equal
   */
  record ArgReduce(boolean largest, Value x, int axis, boolean keepDims, boolean last)
      implements Reduction {
    @Override
    public ImmutableList<Value> operands() {
      return ImmutableList.of(x);
    }

    @Override
    public ArgReduce withOperands(ImmutableList<Value> operands) {
      return new ArgReduce(largest, operands.getFirst(), axis, keepDims, last);
    }

    @Override
    public ImmutableList<TensorType> inferTypes() {
      Typing.axis(axis, x.rank());
      Shape shape = reduced(x.shape(), List.of(axis), keepDims);
      return ImmutableList.of(new TensorType(ElementType.INT64, shape));
    }
  }

  /**
   * The k largest or smallest elements along an axis, in order, and their positions (int64). Of
   * equal elements the one with the lower position comes first.
   *
   * @param k one element, int64
   */
  record TopK(Value x, Value k, int axis, boolean largest) implements Reduction {
    @Override
    public ImmutableList<Value> operands() {
      return ImmutableList.of(x, k);
    }

    @Override
    public TopK withOperands(ImmutableList<Value> operands) {
      return new TopK(operands.get(0), operands.get(1), axis, largest);
    }

    @Override
    public ImmutableList<TensorType> inferTypes() {
      Typing.axis(axis, x.rank());
      Typing.index(k);
      Typing.single(k);
      Dim size = k.content().map(ImmutableList::getFirst).orElseGet(Symbol::fresh);
      boolean known = size.value().isPresent() && x.dim(axis).value().isPresent();
      Typing.check(
          !known || x.dim(axis).isAtLeast(size),
          "%s elements of axis %d of %s",
          size,
          axis,
          x.type());
      TensorType values = x.type().with(x.shape().with(axis, size));
      return ImmutableList.of(values, values.with(ElementType.INT64));
    }
  }

  /**
   * Running sum along an axis.
   *
   * @param exclusive whether an element's own value is left out of its sum
   * @param reverse whether the sum runs from the end
   */
  record CumulativeSum(Value x, int axis, boolean exclusive, boolean reverse) implements Reduction {
    @Override
    public ImmutableList<Value> operands() {
      return ImmutableList.of(x);
    }

    @Override
    public CumulativeSum withOperands(ImmutableList<Value> operands) {
      return new CumulativeSum(operands.getFirst(), axis, exclusive, reverse);
    }

    @Override
    public ImmutableList<TensorType> inferTypes() {
      Typing.numeric(x);
      Typing.axis(axis, x.rank());
      return ImmutableList.of(x.type());
    }
  }

  private static Shape reduced(Shape shape, List<Integer> axes, boolean keepDims) {
    List<Dim> dims = new ArrayList<>();
    for (int axis = 0; axis < shape.rank(); axis++) {
      if (!axes.contains(axis)) {
        dims.add(shape.dim(axis));
      } else if (keepDims) {
        dims.add(Fixed.ONE);
      }
    }
    return new Shape(ImmutableList.copyOf(dims));
  }
}
