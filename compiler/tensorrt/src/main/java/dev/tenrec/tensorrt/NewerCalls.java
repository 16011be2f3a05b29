package dev.tenrec.tensorrt;

import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.runtime.bindings.DataTypes;
import dev.tenrec.runtime.bindings.NativeObjects;
import dev.tenrec.tensorrt.layer.AttentionLayer;
import org.bytedeco.tensorrt.global.nvinfer.AttentionNormalizationOp;
import org.bytedeco.tensorrt.global.nvinfer.CausalMaskKind;
import org.bytedeco.tensorrt.global.nvinfer.CumulativeOperation;
import org.bytedeco.tensorrt.global.nvinfer.TopKOperation;
import org.bytedeco.tensorrt.nvinfer.IAttention;
import org.bytedeco.tensorrt.nvinfer.ILayer;
import org.bytedeco.tensorrt.nvinfer.INetworkDefinition;
import org.bytedeco.tensorrt.nvinfer.ITensor;
import org.bytedeco.tensorrt.nvinfer.ITopKLayer;
import org.jspecify.annotations.Nullable;

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

  /** The only result; needs {@link Capabilities#attentionLayers}. Null if it is refused. */
  static @Nullable ITensor attention(
      INetworkDefinition network, AttentionLayer.Attention layer, String name, String metadata) {
    CausalMaskKind causal =
        switch (layer.causal()) {
          case NONE -> CausalMaskKind.kNONE;
          case UPPER_LEFT -> CausalMaskKind.kUPPER_LEFT;
          case LOWER_RIGHT -> CausalMaskKind.kLOWER_RIGHT;
        };
    IAttention attention =
        network.addAttentionV2(
            NativeTensor.handle(layer.queries()),
            NativeTensor.handle(layer.keys()),
            NativeTensor.handle(layer.values()),
            AttentionNormalizationOp.kSOFTMAX,
            causal);
    boolean taken = attention != null && NativeObjects.exists(attention);
    if (taken && layer.mask().isPresent()) {
      taken = attention.setMask(NativeTensor.handle(layer.mask().get()));
    }
    if (!taken) {
      return null;
    }
    boolean configured =
        attention.setDecomposable(true)
            && attention.setName(name)
            && attention.setMetadata(metadata);
    return configured ? attention.getOutput(0) : null;
  }

  /** Rotary embedding; needs {@link Capabilities#attentionLayers}. */
  static ILayer rotary(INetworkDefinition network, AttentionLayer.RotaryEmbedding layer) {
    return network.addRotaryEmbedding(
        NativeTensor.handle(layer.x()),
        NativeTensor.handle(layer.cos()),
        NativeTensor.handle(layer.sin()),
        layer.interleaved(),
        layer.rotated());
  }

  /** A running sum; needs {@link Capabilities#cumulativeLayer}. */
  static ILayer cumulativeSum(
      INetworkDefinition network, ITensor x, ITensor axis, boolean exclusive, boolean reverse) {
    return network.addCumulative(x, axis, CumulativeOperation.kSUM, exclusive, reverse);
  }
}
