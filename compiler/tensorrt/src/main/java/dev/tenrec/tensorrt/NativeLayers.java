package dev.tenrec.tensorrt;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.runtime.bindings.DataTypes;
import dev.tenrec.runtime.bindings.Dimensions;
import dev.tenrec.tensorrt.layer.AttentionLayer;
import dev.tenrec.tensorrt.layer.ContractionLayer;
import dev.tenrec.tensorrt.layer.IndexLayer;
import dev.tenrec.tensorrt.layer.Layer;
import dev.tenrec.tensorrt.layer.MovementLayer;
import dev.tenrec.tensorrt.layer.NetworkTensor;
import dev.tenrec.tensorrt.layer.PointwiseLayer;
import dev.tenrec.tensorrt.layer.QuantizationLayer;
import dev.tenrec.tensorrt.layer.ReductionLayer;
import dev.tenrec.tensorrt.layer.SamplingLayer;
import dev.tenrec.tensorrt.layer.SourceLayer;
import dev.tenrec.tensorrt.layer.Vector;
import dev.tenrec.tensorrt.layer.WindowLayer;
import java.util.List;
import org.bytedeco.tensorrt.global.nvinfer.FillOperation;
import org.bytedeco.tensorrt.global.nvinfer.MatrixOperation;
import org.bytedeco.tensorrt.global.nvinfer.ReduceOperation;
import org.bytedeco.tensorrt.global.nvinfer.TopKOperation;
import org.bytedeco.tensorrt.nvinfer.IFillLayer;
import org.bytedeco.tensorrt.nvinfer.ILayer;
import org.bytedeco.tensorrt.nvinfer.INetworkDefinition;
import org.bytedeco.tensorrt.nvinfer.INormalizationLayer;
import org.bytedeco.tensorrt.nvinfer.ISoftMaxLayer;
import org.bytedeco.tensorrt.nvinfer.ITensor;
import org.bytedeco.tensorrt.nvinfer.ITopKLayer;
import org.jspecify.annotations.Nullable;

/**
 * Hands layers to TensorRT. What it refuses at once comes back as null; the rest shows when the
 * sizes of a result are asked for.
 */
@SuppressWarnings("deprecation") // Some of the calls that all supported versions have.
record NativeLayers(INetworkDefinition network, NativeWeights weights) {

  @Nullable ILayer add(Layer layer) {
    return switch (layer) {
      case AttentionLayer.RotaryEmbedding rotary -> NewerCalls.rotary(network, rotary);
      case AttentionLayer.Attention attention ->
          throw new IllegalArgumentException(attention + " is no ILayer");
      case SourceLayer source -> source(source);
      case PointwiseLayer pointwise -> new NativePointwise(network).add(pointwise);
      case WindowLayer window -> new NativeWindows(network, weights).add(window);
      case ContractionLayer contraction -> contraction(contraction);
      case QuantizationLayer quantization -> new NativeQuantization(network).add(quantization);
      case ReductionLayer reduction -> reduction(reduction);
      case MovementLayer movement -> new NativeMovement(network).add(movement);
      case IndexLayer index -> new NativeIndexing(network).add(index);
      case SamplingLayer sampling -> new NativeSampling(network).add(sampling);
    };
  }

  private static ITensor handle(NetworkTensor tensor) {
    return NativeTensor.handle(tensor);
  }

  private @Nullable ILayer source(SourceLayer layer) {
    return switch (layer) {
      case SourceLayer.Constant(var tensor) -> constant(tensor);
      case SourceLayer.Shape(var x) -> network.addShape(handle(x));
      case SourceLayer.FillLinspace(var dims, var start, var step, var type) -> {
        IFillLayer fill =
            network.addFill(
                Dimensions.of(NativeMovement.fixed(dims, step.dims().get(0))),
                FillOperation.kLINSPACE,
                DataTypes.of(type));
        if (dims instanceof Vector.Computed(var tensor)) {
          fill.setInput(0, handle(tensor));
        }
        fill.setInput(1, handle(start));
        fill.setInput(2, handle(step));
        yield fill;
      }
    };
  }

  private @Nullable ILayer constant(Tensor tensor) {
    return network.addConstant(Dimensions.of(tensor.sizes()), weights.of(tensor));
  }

  private @Nullable ILayer contraction(ContractionLayer layer) {
    return switch (layer) {
      case ContractionLayer.MatrixMultiply(var a, var operationA, var b, var operationB) ->
          network.addMatrixMultiply(
              handle(a), operation(operationA), handle(b), operation(operationB));
    };
  }

  private static MatrixOperation operation(ContractionLayer.MatrixOperation operation) {
    return switch (operation) {
      case NONE -> MatrixOperation.kNONE;
      case TRANSPOSE -> MatrixOperation.kTRANSPOSE;
    };
  }

  private @Nullable ILayer reduction(ReductionLayer layer) {
    return switch (layer) {
      case ReductionLayer.Reduce(var x, var operation, var axes, boolean keepDims) ->
          network.addReduce(handle(x), operation(operation), mask(axes), keepDims);
      case ReductionLayer.SoftMax(var x, int axis) -> {
        ISoftMaxLayer softMax = network.addSoftMax(handle(x));
        softMax.setAxes(1 << axis);
        yield softMax;
      }
      case ReductionLayer.TopK topK -> topK(topK);
      case ReductionLayer.Normalization(var x, var scale, var bias, var axes, double epsilon) -> {
        INormalizationLayer normalization =
            network.addNormalization(handle(x), handle(scale), handle(bias), mask(axes));
        if (normalization != null) {
          normalization.setEpsilon((float) epsilon);
          normalization.setNbGroups(1);
        }
        yield normalization;
      }
      case ReductionLayer.CumulativeSum(var x, int axis, boolean exclusive, boolean reverse) -> {
        Tensor position = Tensor.scalar(ElementType.INT64, axis);
        ILayer constant =
            network.addConstant(Dimensions.of(position.sizes()), weights.of(position));
        yield NewerCalls.cumulativeSum(
            network, handle(x), constant.getOutput(0), exclusive, reverse);
      }
    };
  }

  private @Nullable ILayer topK(ReductionLayer.TopK layer) {
    ITensor x = handle(layer.x());
    TopKOperation operation =
        switch (layer.operation()) {
          case MAX -> TopKOperation.kMAX;
          case MIN -> TopKOperation.kMIN;
        };
    int k = layer.k() instanceof Vector.Fixed(ImmutableLongArray fixed) ? (int) fixed.get(0) : 1;
    int axes = 1 << layer.axis();
    ITopKLayer topK =
        layer.indicesType() == ElementType.INT32
            ? network.addTopK(x, operation, k, axes)
            : NewerCalls.topK(network, x, operation, k, axes, layer.indicesType());
    if (topK != null && layer.k() instanceof Vector.Computed(var tensor)) {
      topK.setInput(1, handle(tensor));
    }
    return topK;
  }

  private static ReduceOperation operation(ReductionLayer.ReduceOperation operation) {
    return switch (operation) {
      case SUM -> ReduceOperation.kSUM;
      case PROD -> ReduceOperation.kPROD;
      case MAX -> ReduceOperation.kMAX;
      case MIN -> ReduceOperation.kMIN;
      case AVG -> ReduceOperation.kAVG;
    };
  }

  private static int mask(List<Integer> axes) {
    return axes.stream().mapToInt(axis -> 1 << axis).sum();
  }
}
