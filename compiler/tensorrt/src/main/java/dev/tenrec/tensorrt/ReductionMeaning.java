package dev.tenrec.tensorrt;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Normalization;
import dev.tenrec.ir.Reduction;
import dev.tenrec.ir.Reduction.ReduceKind;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.tensorrt.layer.ReductionLayer;
import dev.tenrec.tensorrt.layer.ReductionLayer.ReduceOperation;

/** What {@link ReductionLayer}s compute. */
final class ReductionMeaning {
  private ReductionMeaning() {}

  static ImmutableList<Value> of(ReductionLayer layer, Meaning in) {
    return switch (layer) {
      case ReductionLayer.Reduce(var x, var operation, var axes, boolean keepDims) ->
          ImmutableList.of(
              new Reduction.Reduce(kind(operation), in.value(x), axes, keepDims).value());
      case ReductionLayer.SoftMax(var x, int axis) ->
          ImmutableList.of(new Normalization.Softmax(in.value(x), axis, false).value());
      case ReductionLayer.TopK topK -> topK(topK, in);
      case ReductionLayer.Normalization normalization ->
          ImmutableList.of(normalization(normalization, in));
      case ReductionLayer.CumulativeSum(var x, int axis, boolean exclusive, boolean reverse) ->
          ImmutableList.of(
              new Reduction.CumulativeSum(in.value(x), axis, exclusive, reverse).value());
    };
  }

  private static ReduceKind kind(ReduceOperation operation) {
    return switch (operation) {
      case SUM -> ReduceKind.SUM;
      case PROD -> ReduceKind.PROD;
      case MAX -> ReduceKind.MAX;
      case MIN -> ReduceKind.MIN;
      case AVG -> ReduceKind.MEAN;
    };
  }

  private static ImmutableList<Value> topK(ReductionLayer.TopK layer, Meaning in) {
    boolean largest = layer.operation() == ReductionLayer.TopKOperation.MAX;
    ImmutableList<Value> results =
        Node.of(new Reduction.TopK(in.value(layer.x()), in.value(layer.k()), layer.axis(), largest))
            .results();
    return ImmutableList.of(results.get(0), Terms.cast(results.get(1), layer.indicesType()));
  }

  /** In float whatever the type of x is, as TensorRT does unless told otherwise. */
  private static Value normalization(ReductionLayer.Normalization layer, Meaning in) {
    Value x = Terms.cast(in.value(layer.x()), ElementType.FLOAT32);
    Value scale = Terms.cast(in.value(layer.scale()), ElementType.FLOAT32);
    Value bias = Terms.cast(in.value(layer.bias()), ElementType.FLOAT32);
    Value centred = Terms.sub(x, mean(x, layer.axes()));
    Value variance = mean(Terms.mul(centred, centred), layer.axes());
    Value epsilon = Terms.scalar(ElementType.FLOAT32, layer.epsilon());
    Value deviation = Terms.unary(UnaryKind.SQRT, Terms.add(variance, epsilon));
    Value normal = Terms.div(centred, deviation);
    Value result = Terms.add(Terms.mul(normal, scale), bias);
    return Terms.cast(result, layer.x().elementType());
  }

  private static Value mean(Value x, ImmutableList<Integer> axes) {
    return Terms.reduce(ReduceKind.MEAN, x, true, axes.stream().sorted().toArray(Integer[]::new));
  }
}
