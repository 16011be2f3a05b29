package dev.tenrec.ir;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.dim.Symbol;
import dev.tenrec.ir.tensor.ElementType;
import java.util.Optional;

/**
 * Operations that read or write elements at computed positions, where negative ones count from the
 * end, or that find positions: as many as the elements say.
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

  /**
   * The positions of the elements that are not zero: int64 [rank, count], one column for each of
   * them in row-major order. NaN is not zero.
   */
  record NonZero(Value x) implements Indexing {
    @Override
    public ImmutableList<Value> operands() {
      return ImmutableList.of(x);
    }

    @Override
    public NonZero withOperands(ImmutableList<Value> operands) {
      return new NonZero(operands.getFirst());
    }

    @Override
    public ImmutableList<TensorType> inferTypes() {
      Shape shape = Shape.of(Dim.of(x.rank()), Symbol.fresh());
      return ImmutableList.of(new TensorType(ElementType.INT64, shape));
    }
  }

  /**
   * The best boxes of each class that do not overlap a better one of it: int64 [count, 3] of batch,
   * class and box, in the order of batches, then classes, then falling scores; of equal scores the
   * first box is better. As ONNX defines it.
   *
   * @param boxes [batches, boxes, 4]: two opposite corners, or the center and the sizes
   * @param scores [batches, classes, boxes]
   * @param perClass how many boxes to select at most in each batch and class, one int64
   * @param overlap a box is dropped whose intersection with a better one is a larger part of their
   *     union; one number from 0 to 1
   * @param leastScore boxes must have a higher score, one number; none for all boxes
   * @param centered whether boxes are given by centers
   */
  record NonMaxSuppression(
      Value boxes,
      Value scores,
      Value perClass,
      Value overlap,
      Optional<Value> leastScore,
      boolean centered)
      implements Indexing {
    @Override
    public ImmutableList<Value> operands() {
      ImmutableList.Builder<Value> all = ImmutableList.builder();
      all.add(boxes, scores, perClass, overlap);
      leastScore.ifPresent(all::add);
      return all.build();
    }

    @Override
    public NonMaxSuppression withOperands(ImmutableList<Value> operands) {
      return new NonMaxSuppression(
          operands.get(0),
          operands.get(1),
          operands.get(2),
          operands.get(3),
          leastScore.map(_ -> operands.get(4)),
          centered);
    }

    @Override
    public ImmutableList<TensorType> inferTypes() {
      Typing.floating(boxes);
      operands()
          .forEach(operand -> {
            if (operand != perClass) {
              Typing.sameElementType(boxes, operand);
            }
          });
      Typing.rank(boxes, 3);
      Typing.rank(scores, 3);
      Typing.check(
          Typing.agree(boxes.dim(0), scores.dim(0))
              && Typing.agree(boxes.dim(1), scores.dim(2))
              && Typing.agree(boxes.dim(2), Dim.of(4)),
          "boxes %s do not fit scores %s",
          boxes.type(),
          scores.type());
      Typing.index(perClass);
      operands().subList(2, operands().size()).forEach(Typing::single);
      Shape shape = Shape.of(Symbol.fresh(), Dim.of(3));
      return ImmutableList.of(new TensorType(ElementType.INT64, shape));
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
