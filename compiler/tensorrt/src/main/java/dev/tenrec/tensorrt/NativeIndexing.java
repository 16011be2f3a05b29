package dev.tenrec.tensorrt;

import dev.tenrec.tensorrt.layer.IndexLayer;
import dev.tenrec.tensorrt.layer.NetworkTensor;
import org.bytedeco.tensorrt.global.nvinfer.BoundingBoxFormat;
import org.bytedeco.tensorrt.global.nvinfer.GatherMode;
import org.bytedeco.tensorrt.global.nvinfer.ScatterMode;
import org.bytedeco.tensorrt.nvinfer.IGatherLayer;
import org.bytedeco.tensorrt.nvinfer.ILayer;
import org.bytedeco.tensorrt.nvinfer.INMSLayer;
import org.bytedeco.tensorrt.nvinfer.INetworkDefinition;
import org.bytedeco.tensorrt.nvinfer.IScatterLayer;
import org.bytedeco.tensorrt.nvinfer.ITensor;
import org.jspecify.annotations.Nullable;

/** Hands {@link IndexLayer}s to TensorRT. */
@SuppressWarnings("deprecation") // Some of the calls that all supported versions have.
record NativeIndexing(INetworkDefinition network) {

  @Nullable ILayer add(IndexLayer layer) {
    return switch (layer) {
      case IndexLayer.Gather(var data, var indices, int axis) ->
          gather(data, indices, GatherMode.kDEFAULT, axis, 0);
      case IndexLayer.GatherElement(var data, var indices, int axis) ->
          gather(data, indices, GatherMode.kELEMENT, axis, 0);
      case IndexLayer.GatherNd(var data, var indices, int elementWiseDims) ->
          gather(data, indices, GatherMode.kND, 0, elementWiseDims);
      case IndexLayer.ScatterElement(var data, var indices, var updates, int axis) -> {
        IScatterLayer scatter =
            network.addScatter(
                handle(data), handle(indices), handle(updates), ScatterMode.kELEMENT);
        scatter.setAxis(axis);
        yield scatter;
      }
      case IndexLayer.ScatterNd(var data, var indices, var updates) ->
          network.addScatter(handle(data), handle(indices), handle(updates), ScatterMode.kND);
      case IndexLayer.NonZero(var x) -> network.addNonZero(handle(x));
      case IndexLayer.NonMaxSuppression suppression -> suppression(suppression);
    };
  }

  private @Nullable ILayer gather(
      NetworkTensor data, NetworkTensor indices, GatherMode mode, int axis, int elementWiseDims) {
    IGatherLayer gather = network.addGatherV2(handle(data), handle(indices), mode);
    if (mode != GatherMode.kND) {
      gather.setGatherAxis(axis);
    } else {
      gather.setNbElementWiseDims(elementWiseDims);
    }
    return gather;
  }

  private @Nullable ILayer suppression(IndexLayer.NonMaxSuppression layer) {
    INMSLayer suppression =
        network.addNMS(handle(layer.boxes()), handle(layer.scores()), handle(layer.perClass()));
    if (suppression != null) {
      suppression.setInput(3, handle(layer.overlap()));
      suppression.setInput(4, handle(layer.leastScore()));
      suppression.setBoundingBoxFormat(
          layer.centered() ? BoundingBoxFormat.kCENTER_SIZES : BoundingBoxFormat.kCORNER_PAIRS);
      suppression.setTopKBoxLimit(layer.limit());
    }
    return suppression;
  }

  private static ITensor handle(NetworkTensor tensor) {
    return NativeTensor.handle(tensor);
  }
}
