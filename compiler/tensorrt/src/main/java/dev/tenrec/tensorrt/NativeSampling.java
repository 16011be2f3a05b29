package dev.tenrec.tensorrt;

import com.google.common.primitives.ImmutableDoubleArray;
import dev.tenrec.runtime.bindings.Dimensions;
import dev.tenrec.tensorrt.layer.SamplingLayer;
import dev.tenrec.tensorrt.layer.Vector;
import org.bytedeco.tensorrt.global.nvinfer.InterpolationMode;
import org.bytedeco.tensorrt.global.nvinfer.ResizeCoordinateTransformation;
import org.bytedeco.tensorrt.global.nvinfer.ResizeRoundMode;
import org.bytedeco.tensorrt.global.nvinfer.ResizeSelector;
import org.bytedeco.tensorrt.nvinfer.IGridSampleLayer;
import org.bytedeco.tensorrt.nvinfer.ILayer;
import org.bytedeco.tensorrt.nvinfer.INetworkDefinition;
import org.bytedeco.tensorrt.nvinfer.IResizeLayer;
import org.jspecify.annotations.Nullable;

/** Hands {@link SamplingLayer}s to TensorRT. */
record NativeSampling(INetworkDefinition network) {

  @Nullable ILayer add(SamplingLayer layer) {
    return switch (layer) {
      case SamplingLayer.Resize resize -> resize(resize);
      case SamplingLayer.GridSample(
              var x,
              var grid,
              var interpolation,
              boolean alignCorners,
              var mode) -> {
        IGridSampleLayer sample =
            network.addGridSample(NativeTensor.handle(x), NativeTensor.handle(grid));
        sample.setInterpolationMode(interpolation(interpolation));
        sample.setAlignCorners(alignCorners);
        yield sample.setSampleMode(NativeMovement.mode(mode)) ? sample : null;
      }
    };
  }

  private ILayer resize(SamplingLayer.Resize layer) {
    IResizeLayer resize = network.addResize(NativeTensor.handle(layer.x()));
    SamplingLayer.ResizeMode mode = layer.mode();
    resize.setResizeMode(interpolation(mode.interpolation()));
    resize.setCoordinateTransformation(coordinates(mode.coordinates()));
    resize.setSelectorForSinglePixel(selector(mode.selector()));
    resize.setNearestRounding(rounding(mode.rounding()));
    resize.setCubicCoeff((float) mode.cubicCoefficient());
    resize.setExcludeOutside(mode.excludeOutside());
    layer.scales().ifPresent(scales -> resize.setScales(floats(scales), scales.length()));
    layer.size().ifPresent(size -> setSize(resize, size));
    return resize;
  }

  private static void setSize(IResizeLayer resize, Vector size) {
    switch (size) {
      case Vector.Fixed(var sizes) -> resize.setOutputDimensions(Dimensions.of(sizes));
      case Vector.Computed(var tensor) -> resize.setInput(1, NativeTensor.handle(tensor));
    }
  }

  private static float[] floats(ImmutableDoubleArray numbers) {
    float[] floats = new float[numbers.length()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) numbers.get(i);
    }
    return floats;
  }

  private static InterpolationMode interpolation(SamplingLayer.InterpolationMode mode) {
    return switch (mode) {
      case NEAREST -> InterpolationMode.kNEAREST;
      case LINEAR -> InterpolationMode.kLINEAR;
      case CUBIC -> InterpolationMode.kCUBIC;
    };
  }

  private static ResizeCoordinateTransformation coordinates(
      SamplingLayer.CoordinateTransformation coordinates) {
    return switch (coordinates) {
      case ALIGN_CORNERS -> ResizeCoordinateTransformation.kALIGN_CORNERS;
      case ASYMMETRIC -> ResizeCoordinateTransformation.kASYMMETRIC;
      case HALF_PIXEL -> ResizeCoordinateTransformation.kHALF_PIXEL;
    };
  }

  private static ResizeSelector selector(SamplingLayer.Selector selector) {
    return switch (selector) {
      case FORMULA -> ResizeSelector.kFORMULA;
      case UPPER -> ResizeSelector.kUPPER;
    };
  }

  private static ResizeRoundMode rounding(SamplingLayer.RoundMode mode) {
    return switch (mode) {
      case HALF_UP -> ResizeRoundMode.kHALF_UP;
      case HALF_DOWN -> ResizeRoundMode.kHALF_DOWN;
      case FLOOR -> ResizeRoundMode.kFLOOR;
      case CEIL -> ResizeRoundMode.kCEIL;
    };
  }
}
