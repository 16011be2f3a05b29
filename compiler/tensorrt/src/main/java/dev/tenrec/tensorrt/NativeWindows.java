package dev.tenrec.tensorrt;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.runtime.bindings.Dimensions;
import dev.tenrec.tensorrt.layer.Coefficients;
import dev.tenrec.tensorrt.layer.WindowLayer;
import java.util.Optional;
import org.bytedeco.tensorrt.global.nvinfer.PaddingMode;
import org.bytedeco.tensorrt.global.nvinfer.PoolingType;
import org.bytedeco.tensorrt.nvinfer.Dims64;
import org.bytedeco.tensorrt.nvinfer.IConvolutionLayer;
import org.bytedeco.tensorrt.nvinfer.IDeconvolutionLayer;
import org.bytedeco.tensorrt.nvinfer.ILayer;
import org.bytedeco.tensorrt.nvinfer.INetworkDefinition;
import org.bytedeco.tensorrt.nvinfer.IPoolingLayer;
import org.bytedeco.tensorrt.nvinfer.Weights;
import org.jspecify.annotations.Nullable;

/** Hands {@link WindowLayer}s to TensorRT. */
record NativeWindows(INetworkDefinition network, NativeWeights weights) {

  @Nullable ILayer add(WindowLayer layer) {
    return switch (layer) {
      case WindowLayer.Convolution convolution -> convolution(convolution);
      case WindowLayer.Deconvolution deconvolution -> deconvolution(deconvolution);
      case WindowLayer.Pooling pooling -> pooling(pooling);
    };
  }

  private @Nullable ILayer convolution(WindowLayer.Convolution layer) {
    Coefficients kernel = layer.kernel();
    IConvolutionLayer convolution =
        network.addConvolutionNd(
            NativeTensor.handle(layer.x()),
            kernel.dims().get(0),
            spatial(kernel),
            weights(kernel),
            bias(layer.bias(), kernel));
    if (convolution != null) {
      convolution.setStrideNd(Dimensions.of(layer.stride()));
      convolution.setDilationNd(Dimensions.of(layer.dilation()));
      convolution.setPaddingMode(mode(layer.padding().mode()));
      convolution.setPrePadding(Dimensions.of(layer.padding().before()));
      convolution.setPostPadding(Dimensions.of(layer.padding().after()));
      convolution.setNbGroups(layer.groups());
      connect(convolution, kernel, layer.bias());
    }
    return convolution;
  }

  private @Nullable ILayer deconvolution(WindowLayer.Deconvolution layer) {
    Coefficients kernel = layer.kernel();
    IDeconvolutionLayer deconvolution =
        network.addDeconvolutionNd(
            NativeTensor.handle(layer.x()),
            kernel.dims().get(1) * layer.groups(),
            spatial(kernel),
            weights(kernel),
            bias(layer.bias(), kernel));
    if (deconvolution != null) {
      deconvolution.setStrideNd(Dimensions.of(layer.stride()));
      deconvolution.setDilationNd(Dimensions.of(layer.dilation()));
      deconvolution.setPaddingMode(mode(layer.padding().mode()));
      deconvolution.setPrePadding(Dimensions.of(layer.padding().before()));
      deconvolution.setPostPadding(Dimensions.of(layer.padding().after()));
      deconvolution.setNbGroups(layer.groups());
      connect(deconvolution, kernel, layer.bias());
    }
    return deconvolution;
  }

  private @Nullable ILayer pooling(WindowLayer.Pooling layer) {
    PoolingType type =
        switch (layer.type()) {
          case MAX -> PoolingType.kMAX;
          case AVERAGE -> PoolingType.kAVERAGE;
        };
    IPoolingLayer pooling =
        network.addPoolingNd(NativeTensor.handle(layer.x()), type, Dimensions.of(layer.window()));
    if (pooling != null) {
      pooling.setStrideNd(Dimensions.of(layer.stride()));
      pooling.setPaddingMode(mode(layer.padding().mode()));
      pooling.setPrePadding(Dimensions.of(layer.padding().before()));
      pooling.setPostPadding(Dimensions.of(layer.padding().after()));
      pooling.setAverageCountExcludesPadding(layer.excludePadding());
    }
    return pooling;
  }

  private static Dims64 spatial(Coefficients kernel) {
    ImmutableLongArray dims = kernel.dims();
    return Dimensions.of(dims.subArray(2, dims.length()));
  }

  private Weights weights(Coefficients coefficients) {
    return switch (coefficients) {
      case Coefficients.Fixed(var tensor) -> weights.of(tensor);
      case Coefficients.Computed(var tensor) -> NativeWeights.empty(tensor.elementType());
    };
  }

  private Weights bias(Optional<Coefficients> bias, Coefficients kernel) {
    return bias.map(this::weights).orElseGet(() -> NativeWeights.empty(kernel.elementType()));
  }

  private static void connect(ILayer layer, Coefficients kernel, Optional<Coefficients> bias) {
    if (kernel instanceof Coefficients.Computed(var tensor)) {
      layer.setInput(1, NativeTensor.handle(tensor));
    }
    if (bias.isPresent() && bias.get() instanceof Coefficients.Computed(var tensor)) {
      layer.setInput(2, NativeTensor.handle(tensor));
    }
  }

  private static PaddingMode mode(WindowLayer.PaddingMode mode) {
    return switch (mode) {
      case EXPLICIT_ROUND_DOWN -> PaddingMode.kEXPLICIT_ROUND_DOWN;
      case EXPLICIT_ROUND_UP -> PaddingMode.kEXPLICIT_ROUND_UP;
      case SAME_UPPER -> PaddingMode.kSAME_UPPER;
      case SAME_LOWER -> PaddingMode.kSAME_LOWER;
    };
  }
}
