package dev.tenrec.onnx;

import static dev.tenrec.ir.Terms.constant;
import static dev.tenrec.ir.Terms.div;
import static dev.tenrec.ir.Terms.gather;
import static dev.tenrec.ir.Terms.index;
import static dev.tenrec.ir.Terms.range;
import static dev.tenrec.ir.Terms.reshape;
import static dev.tenrec.ir.Terms.size;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Quantization.Granularity;
import dev.tenrec.ir.Shuffle.Unsqueeze;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.stream.IntStream;

/**
 * How the scales and zero points of a node lie over its elements.
 *
 * @param granularity which elements share one
 * @param x the elements
 */
record Scale(Granularity granularity, Value x) {

  /**
   * By the shape of the scales and the node's attributes: one is for all, a vector is along an
   * axis, and others have a block for each.
   */
  static Scale of(NodeContext n, Value x, Value scale) {
    long block = n.intAttribute("block_size", 0);
    long axis = n.intAttribute("axis", 1);
    if (block != 0 && scale.rank() == x.rank() && x.rank() > 0) {
      return new Scale(new Granularity.Blocked(n.axis(axis, x.rank()), block), x);
    }
    return isSingle(scale)
        ? new Scale(new Granularity.PerTensor(), x)
        : new Scale(new Granularity.PerAxis(n.axis(axis, x.rank())), x);
  }

  /** One scale for all elements. */
  static boolean isSingle(Value scale) {
    return scale.shape().elementCount().is(1) && scale.rank() <= 1;
  }

  /** A scale or zero point in the form that the granularity asks for. */
  Value normalized(Value scale) {
    boolean vectorOfOne = granularity instanceof Granularity.PerTensor && scale.rank() > 0;
    return vectorOfOne ? scalar(scale) : scale;
  }

  /** The only element of a tensor as a scalar. */
  static Value scalar(Value single) {
    return single
        .constant()
        .map(tensor -> constant(tensor.withSizes(ImmutableLongArray.of())))
        .orElseGet(() -> single.rank() == 0 ? single : reshape(single));
  }

  /** A scale or zero point in a shape that is broadcast to the elements. */
  Value broadcast(Value scale) {
    return switch (granularity) {
      case Granularity.PerTensor() -> normalized(scale);
      case Granularity.PerAxis(int axis) -> alongAxis(scale, axis, x.rank());
      case Granularity.Blocked(int axis, long size) -> gather(scale, blocks(axis, size), axis);
    };
  }

  /** A vector along an axis of a tensor of some rank. */
  static Value alongAxis(Value vector, int axis, int rank) {
    ImmutableList<Integer> behind =
        IntStream.range(1, rank - axis).boxed().collect(ImmutableList.toImmutableList());
    return behind.isEmpty() ? vector : new Unsqueeze(vector, behind).value();
  }

  /** For each position along the axis the number of its block. */
  private Value blocks(int axis, long size) {
    if (x.dim(axis).value().isPresent()) {
      int length = Math.toIntExact(x.dim(axis).value().getAsLong());
      return constant(
          Tensor.ofLongs(ElementType.INT64, ImmutableLongArray.of(length), i -> i / size));
    }
    return div(range(size(x, axis)), index(size));
  }
}
