package dev.tenrec.tensorrt.layer;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.tensor.ElementType;

/** Layers that combine elements along axes. */
public sealed interface ReductionLayer extends Layer {

  /** TensorRT's {@code ReduceOperation}. */
  enum ReduceOperation {
    SUM,
    PROD,
    MAX,
    MIN,
    AVG
  }

  /** The elements along some axes combined to one. */
  record Reduce(
      NetworkTensor x, ReduceOperation operation, ImmutableList<Integer> axes, boolean keepDims)
      implements ReductionLayer {}

  /** exp(x) / sum(exp(x)) along one axis. */
  record SoftMax(NetworkTensor x, int axis) implements ReductionLayer {}

  /** TensorRT's {@code TopKOperation}. */
  enum TopKOperation {
    MAX,
    MIN
  }

  /**
   * The k largest or smallest elements along an axis, in order, and their positions.
   *
   * @param k a fixed vector of length 1, or a scalar tensor
   * @param indicesType int32; int64 where TensorRT has it
   */
  record TopK(NetworkTensor x, TopKOperation operation, Vector k, int axis, ElementType indicesType)
      implements ReductionLayer {}

  /**
   * (x - mean) / sqrt(variance + epsilon) * scale + bias, with mean and variance over some axes.
   *
   * @param scale of the rank of x, with size 1 or that of x
   * @param bias of the rank of x, with size 1 or that of x
   */
  record Normalization(
      NetworkTensor x,
      NetworkTensor scale,
      NetworkTensor bias,
      ImmutableList<Integer> axes,
      double epsilon)
      implements ReductionLayer {}

  /** Running sum along an axis. Not in TensorRT 10.6. */
  record CumulativeSum(NetworkTensor x, int axis, boolean exclusive, boolean reverse)
      implements ReductionLayer {}
}
