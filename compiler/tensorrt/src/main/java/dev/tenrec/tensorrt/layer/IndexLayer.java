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
}
