package dev.tenrec.tensorrt.layer;

/** Layers that read or write at computed positions. */
public sealed interface IndexLayer extends Layer {

  /** Slices of data along an axis: the axis is replaced by the shape of the indices. */
  record Gather(NetworkTensor data, NetworkTensor indices, int axis) implements IndexLayer {}

  /** For each index the element of data there but for the given axis. */
  record GatherElement(NetworkTensor data, NetworkTensor indices, int axis) implements IndexLayer {}

  /**
   * Slices of data at the tuples that the last dimension of indices holds.
   *
   * @param elementWiseDims leading dimensions that both operands share
   */
  record GatherNd(NetworkTensor data, NetworkTensor indices, int elementWiseDims)
      implements IndexLayer {}

  /** Data with each update written at its index along the axis. */
  record ScatterElement(NetworkTensor data, NetworkTensor indices, NetworkTensor updates, int axis)
      implements IndexLayer {}

  /** Data with slices of updates written at the tuples that indices holds. */
  record ScatterNd(NetworkTensor data, NetworkTensor indices, NetworkTensor updates)
      implements IndexLayer {}

  /** The positions of the elements that are not zero: int32 [rank, count]. */
  record NonZero(NetworkTensor x) implements IndexLayer {}

  /**
   * The best boxes that do not overlap better ones, int32 [count, 3] of batch, class and box; and
   * their number, a scalar of int32.
   *
   * @param boxes [batches, boxes, 4]
   * @param scores [batches, boxes, classes]
   * @param perClass the largest number in each batch and class, a scalar of int32
   * @param overlap the largest part of the union that an intersection may be, a scalar
   * @param leastScore boxes have a higher score, a scalar
   * @param centered whether boxes are given by center and sizes instead of two corners
   * @param limit how many boxes are looked at in each batch and class, the best ones
   */
  record NonMaxSuppression(
      NetworkTensor boxes,
      NetworkTensor scores,
      NetworkTensor perClass,
      NetworkTensor overlap,
      NetworkTensor leastScore,
      boolean centered,
      int limit)
      implements IndexLayer {}
}
