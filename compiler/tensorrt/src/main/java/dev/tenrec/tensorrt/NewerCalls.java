package dev.tenrec.tensorrt;

import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.runtime.bindings.DataTypes;
import org.bytedeco.tensorrt.global.nvinfer.CumulativeOperation;
import org.bytedeco.tensorrt.global.nvinfer.TopKOperation;
import org.bytedeco.tensorrt.nvinfer.ILayer;
import org.bytedeco.tensorrt.nvinfer.INetworkDefinition;
import org.bytedeco.tensorrt.nvinfer.ITensor;
import org.bytedeco.tensorrt.nvinfer.ITopKLayer;

/**
 * The only class that may name parts of the bindings which the oldest supported version lacks.
 * Every call in it stands behind one of {@link Capabilities}.
 */
final class NewerCalls {
  private NewerCalls() {}

  /** Top-k with positions of a chosen type; needs {@link Capabilities#longIndices}. */
  static ITopKLayer topK(
      INetworkDefinition network,
      ITensor x,
      TopKOperation operation,
      int k,
      int axes,
      ElementType indices) {
    return network.addTopK(x, operation, k, axes, DataTypes.of(indices));
  }

  /** A running sum; needs {@link Capabilities#cumulativeLayer}. */
  static ILayer cumulativeSum(
      INetworkDefinition network, ITensor x, ITensor axis, boolean exclusive, boolean reverse) {
    return network.addCumulative(x, axis, CumulativeOperation.kSUM, exclusive, reverse);
  }
}
