package dev.tenrec.ir;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.dim.Fixed;
import dev.tenrec.ir.dim.Symbol;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;

/** Operations that make tensors out of nothing but sizes and scalars. */
public sealed interface Source extends Op {

  /** A tensor that is part of the model. */
  record Constant(Tensor tensor) implements Source {
    @Override
    public ImmutableList<Value> operands() {
      return ImmutableList.of();
    }

    @Override
    public Constant withOperands(ImmutableList<Value> operands) {
      return this;
    }

    @Override
    public ImmutableList<TensorType> inferTypes() {
      return ImmutableList.of(TensorType.of(tensor));
    }
  }

  /**
   * Expressions over the sizes of the graph's inputs, as int64: a vector, or a scalar.
   *
   * <p>This is what shape arithmetic folds to. The symbols are those that the graph's inputs bind.
   */
  record Sizes(ImmutableList<Dim> dims, boolean scalar) implements Source {
    @Override
    public ImmutableList<Value> operands() {
      return ImmutableList.of();
    }

    @Override
    public Sizes withOperands(ImmutableList<Value> operands) {
      return this;
    }

    @Override
    public ImmutableList<TensorType> inferTypes() {
      Typing.check(!scalar || dims.size() == 1, "%d elements in a scalar", dims.size());
      Shape shape = scalar ? Shape.SCALAR : Shape.of(dims.size());
      return ImmutableList.of(new TensorType(ElementType.INT64, shape));
    }
  }

  /** The sizes of x, int64 [rank]. */
  record ShapeOf(Value x) implements Source {
    @Override
    public ImmutableList<Value> operands() {
      return ImmutableList.of(x);
    }

    @Override
    public ShapeOf withOperands(ImmutableList<Value> operands) {
      return new ShapeOf(operands.getFirst());
    }

    @Override
    public ImmutableList<TensorType> inferTypes() {
      return ImmutableList.of(TensorType.of(ElementType.INT64, x.rank()));
    }
  }

  /** {@code start, start + step, ...} before {@code limit}; scalars of one element type. */
  record Range(Value start, Value limit, Value step) implements Source {
    /** Beyond it, doubles do not hold all integers. */
    private static final double MAX_COUNT = 1L << 53;

    @Override
    public ImmutableList<Value> operands() {
      return ImmutableList.of(start, limit, step);
    }

    @Override
    public Range withOperands(ImmutableList<Value> operands) {
      return new Range(operands.get(0), operands.get(1), operands.get(2));
    }

    @Override
    public ImmutableList<TensorType> inferTypes() {
      operands().forEach(operand -> Typing.rank(operand, 0));
      Typing.numeric(start);
      Typing.sameElementType(start, limit);
      Typing.sameElementType(start, step);
      return ImmutableList.of(new TensorType(start.elementType(), Shape.of(count())));
    }

    private Dim count() {
      boolean known =
          operands().stream().allMatch(operand -> operand.content().isPresent())
              && step.content().get().getFirst().value().orElse(0) != 0;
      if (known) {
        long by = step.content().get().getFirst().value().getAsLong();
        Dim distance = limit.content().get().getFirst().minus(start.content().get().getFirst());
        Dim forward = by > 0 ? distance : Fixed.ZERO.minus(distance);
        return Dim.max(Fixed.ZERO, forward.dividedUpBy(Math.abs(by)));
      }
      if (operands().stream().allMatch(operand -> operand.scalarConstant().isPresent())) {
        double from = start.scalarConstant().get();
        double by = step.scalarConstant().get();
        double count = Math.ceil((limit.scalarConstant().get() - from) / by);
        Typing.check(by != 0 && count < MAX_COUNT, "from %s by %s there is no end", from, by);
        return Dim.of((long) Math.max(0, count));
      }
      return Symbol.fresh();
    }
  }
}
