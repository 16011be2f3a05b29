package dev.tenrec.ir;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.dim.Dim;

/**
 * Operations that read or write elements at computed positions. Negative ones count from the end.
 */
public sealed interface Indexing extends Op {

  /** Slices of x along an axis: the axis is replaced by the shape of {@code indices}. */
  record Gather(Value x, Value indices, int axis) implements Indexing {
    @Override
    public ImmutableList<Value> operands() {
      return ImmutableList.of(x, indices);
    }

    @Override
    public Gather withOperands(ImmutableList<Value> operands) {
      return new Gather(operands.get(0), operands.get(1), axis);
    }

    @Override
    public ImmutableList<TensorType> inferTypes() {
      Typing.axis(axis, x.rank());
      Typing.index(indices);
      ImmutableList.Builder<Dim> dims = ImmutableList.builder();
      dims.addAll(x.shape().dims().subList(0, axis));
      dims.addAll(indices.shape().dims());
      dims.addAll(x.shape().dims().subList(axis + 1, x.rank()));
      return ImmutableList.of(x.type().with(new Shape(dims.build())));
    }
  }

  /** For each position of {@code indices}, the element of x there but for the given axis. */
  record GatherElements(Value x, Value indices, int axis) implements Indexing {
    @Override
    public ImmutableList<Value> operands() {
      return ImmutableList.of(x, indices);
    }

    @Override
    public GatherElements withOperands(ImmutableList<Value> operands) {
      return new GatherElements(operands.get(0), operands.get(1), axis);
    }

    @Override
    public ImmutableList<TensorType> inferTypes() {
      Typing.axis(axis, x.rank());
      Typing.index(indices);
      Typing.rank(indices, x.rank());
      return ImmutableList.of(x.type().with(indices.shape()));
    }
  }

  /**
   * Slices of x at the tuples that the last dimension of {@code indices} holds.
   *
   * @param batchDims leading dimensions that x and indices share
   */
  record GatherNd(Value x, Value indices, int batchDims) implements Indexing {
    @Override
    public ImmutableList<Value> operands() {
      return ImmutableList.of(x, indices);
    }

    @Override
    public GatherNd withOperands(ImmutableList<Value> operands) {
      return new GatherNd(operands.get(0), operands.get(1), batchDims);
    }

    @Override
    public ImmutableList<TensorType> inferTypes() {
      int tuple = tupleLength(indices);
      Typing.check(
          batchDims >= 0 && batchDims < indices.rank() && batchDims + tuple <= x.rank(),
          "tuples of %s with %d batch dimensions do not address %s",
          indices.type(),
          batchDims,
          x.type());
      ImmutableList.Builder<Dim> dims = ImmutableList.builder();
      dims.addAll(indices.shape().dims().subList(0, indices.rank() - 1));
      dims.addAll(x.shape().dims().subList(batchDims + tuple, x.rank()));
      return ImmutableList.of(x.type().with(new Shape(dims.build())));
    }
  }

  /** What becomes of an element that is written to. */
  enum ScatterKind {
    /** The update replaces it; of several for one element any may win. */
    REPLACE,
    ADD,
    MUL,
    MIN,
    MAX
  }

  /** x with each element of {@code updates} written at its index along the axis. */
  record ScatterElements(ScatterKind kind, Value x, Value indices, Value updates, int axis)
      implements Indexing {
    @Override
    public ImmutableList<Value> operands() {
      return ImmutableList.of(x, indices, updates);
    }

    @Override
    public ScatterElements withOperands(ImmutableList<Value> operands) {
      return new ScatterElements(kind, operands.get(0), operands.get(1), operands.get(2), axis);
    }

    @Override
    public ImmutableList<TensorType> inferTypes() {
      Typing.axis(axis, x.rank());
      Typing.index(indices);
      Typing.rank(indices, x.rank());
      Typing.sameElementType(x, updates);
      checkUpdates(updates, indices.shape());
      return ImmutableList.of(x.type());
    }
  }

  /** x with slices of {@code updates} written at the tuples that {@code indices} holds. */
  record ScatterNd(ScatterKind kind, Value x, Value indices, Value updates) implements Indexing {
    @Override
    public ImmutableList<Value> operands() {
      return ImmutableList.of(x, indices, updates);
    }

    @Override
    public ScatterNd withOperands(ImmutableList<Value> operands) {
      return new ScatterNd(kind, operands.get(0), operands.get(1), operands.get(2));
    }

    @Override
    public ImmutableList<TensorType> inferTypes() {
      int tuple = tupleLength(indices);
      Typing.check(tuple <= x.rank(), "%s does not address %s", indices.type(), x.type());
      Typing.sameElementType(x, updates);
      ImmutableList.Builder<Dim> dims = ImmutableList.builder();
      dims.addAll(indices.shape().dims().subList(0, indices.rank() - 1));
      dims.addAll(x.shape().dims().subList(tuple, x.rank()));
      checkUpdates(updates, new Shape(dims.build()));
      return ImmutableList.of(x.type());
    }
  }

  private static void checkUpdates(Value updates, Shape expected) {
    Typing.check(
        updates.type().isCompatibleWith(updates.type().with(expected)),
        "updates %s do not have the shape %s",
        updates.type(),
        expected);
  }

  private static int tupleLength(Value indices) {
    Typing.index(indices);
    Typing.rankAtLeast(indices, 1);
    Dim last = indices.dim(indices.rank() - 1);
    Typing.check(last.value().isPresent(), "%s has tuples of open length", indices.type());
    return Math.toIntExact(last.value().getAsLong());
  }
}
