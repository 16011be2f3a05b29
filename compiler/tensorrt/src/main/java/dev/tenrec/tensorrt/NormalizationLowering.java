package dev.tenrec.tensorrt;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Normalization;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.dim.Symbol;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.tensorrt.layer.NetworkTensor;
import dev.tenrec.tensorrt.layer.PointwiseLayer.ElementWiseOperation;
import dev.tenrec.tensorrt.layer.PointwiseLayer.UnaryOperation;
import dev.tenrec.tensorrt.layer.ReductionLayer;
import dev.tenrec.tensorrt.layer.ReductionLayer.ReduceOperation;
import dev.tenrec.tensorrt.layer.Vector;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Lowers {@link Normalization}. */
final class NormalizationLowering {
  private NormalizationLowering() {}

  static NetworkTensor lower(Normalization op, Scope in) {
    return switch (op) {
      case Normalization.Softmax softmax -> softmax(softmax, in);
      case Normalization.LayerNorm norm -> layerNorm(norm, in);
      case Normalization.RmsNorm norm -> rmsNorm(norm, in);
      case Normalization.GroupNorm norm -> groupNorm(norm, in);
      case Normalization.ChannelNorm norm -> channelNorm(norm, in);
      case Normalization.BatchNorm norm -> batchNorm(norm, in);
    };
  }

  private static NetworkTensor softmax(Normalization.Softmax op, Scope in) {
    NetworkTensor x = in.of(op.x());
    if (op.logarithm()) {
      return logSoftmax(x, op.axis(), in);
    }
    if (x.rank() >= 2) {
      return in.add(new ReductionLayer.SoftMax(x, op.axis()));
    }
    NetworkTensor row = in.unsqueeze(x, List.of(0));
    return in.squeeze(in.add(new ReductionLayer.SoftMax(row, 1)), List.of(0));
  }

  /** x - max - log(sum(exp(x - max))): the logarithm of a softmax would be infinite too early. */
  private static NetworkTensor logSoftmax(NetworkTensor x, int axis, Scope in) {
    List<Integer> axes = List.of(axis);
    NetworkTensor shifted = in.difference(x, in.reduce(ReduceOperation.MAX, x, axes, true));
    NetworkTensor sum =
        in.reduce(ReduceOperation.SUM, in.unary(UnaryOperation.EXP, shifted), axes, true);
    return in.difference(shifted, in.unary(UnaryOperation.LOG, sum));
  }

  private static List<Integer> axesFrom(int axis, int rank) {
    return IntStream.range(axis, rank).boxed().toList();
  }

  private static NetworkTensor layerNorm(Normalization.LayerNorm op, Scope in) {
    Value x = op.x();
    List<Integer> axes = axesFrom(op.axis(), x.rank());
    boolean fits =
        covers(op.scale().shape(), x.shape(), op.axis())
            && op.bias().map(b -> covers(b.shape(), x.shape(), op.axis())).orElse(true);
    NetworkTensor scale = in.aligned(op.scale(), x.rank());
    Optional<NetworkTensor> bias =
        op.bias().map(b -> in.aligned(b, x.rank())).or(() -> zeros(op.scale(), x.rank(), in));
    if (fits && bias.isPresent()) {
      return normalize(in.of(x), scale, bias.get(), axes, op.epsilon(), in);
    }
    NetworkTensor scaled = in.product(standardize(in.of(x), axes, op.epsilon(), in), scale);
    return bias.map(b -> in.sum(scaled, b)).orElse(scaled);
  }

  /** Whether a parameter has the sizes of x along the normalized axes and 1 along the others. */
  private static boolean covers(Shape parameter, Shape x, int axis) {
    List<Dim> padded = parameter.padTo(x.rank()).dims();
    return padded.subList(axis, x.rank()).equals(x.dims().subList(axis, x.rank()))
        && padded.subList(0, axis).stream().allMatch(dim -> dim.is(1));
  }

  /** Zeros in the shape of a value with the given rank, if that shape is known. */
  private static Optional<NetworkTensor> zeros(Value like, int rank, Scope in) {
    return like.shape()
        .padTo(rank)
        .sizes()
        .map(sizes -> in.constant(Tensor.ofDoubles(like.elementType(), sizes, _ -> 0)));
  }

  /**
   * (x - mean) / sqrt(variance + epsilon) in float, for parameters that the layer does not take.
   */
  private static NetworkTensor standardize(
      NetworkTensor operand, List<Integer> axes, double epsilon, Scope in) {
    NetworkTensor x = in.cast(operand, ElementType.FLOAT32);
    NetworkTensor centred = in.difference(x, in.reduce(ReduceOperation.AVG, x, axes, true));
    NetworkTensor variance =
        in.reduce(ReduceOperation.AVG, in.product(centred, centred), axes, true);
    NetworkTensor deviation =
        in.unary(UnaryOperation.SQRT, in.sum(variance, in.like(variance, epsilon)));
    NetworkTensor result = in.binary(ElementWiseOperation.DIV, centred, deviation);
    return in.cast(result, operand.elementType());
  }

  private static NetworkTensor normalize(
      NetworkTensor x,
      NetworkTensor scale,
      NetworkTensor bias,
      List<Integer> axes,
      double epsilon,
      Scope in) {
    return in.add(
        new ReductionLayer.Normalization(x, scale, bias, ImmutableList.copyOf(axes), epsilon));
  }

  /** x / sqrt(mean(x^2) + epsilon) * scale in float, because squares of half floats overflow. */
  private static NetworkTensor rmsNorm(Normalization.RmsNorm op, Scope in) {
    NetworkTensor x = in.cast(in.of(op.x()), ElementType.FLOAT32);
    NetworkTensor scale = in.cast(in.aligned(op.scale(), x.rank()), ElementType.FLOAT32);
    List<Integer> axes = axesFrom(op.axis(), x.rank());
    NetworkTensor mean = in.reduce(ReduceOperation.AVG, in.product(x, x), axes, true);
    NetworkTensor root = in.unary(UnaryOperation.SQRT, in.sum(mean, in.like(mean, op.epsilon())));
    NetworkTensor normal = in.product(x, in.unary(UnaryOperation.RECIP, root));
    return in.cast(in.product(normal, scale), op.x().elementType());
  }

  private static NetworkTensor groupNorm(Normalization.GroupNorm op, Scope in) {
    Value x = op.x();
    int rank = x.rank();
    boolean single = op.groups() == 0 || x.dim(1).is(op.groups());
    NetworkTensor scale = in.perChannel(op.scale(), rank);
    NetworkTensor bias = in.perChannel(op.bias(), rank);
    if (single && rank > 2) {
      return normalize(in.of(x), scale, bias, axesFrom(2, rank), op.epsilon(), in);
    }
    // The layer's own groups changed their meaning between versions; a reshape means the same to
    // all.
    long groups = single ? x.dim(1).value().orElseThrow() : op.groups();
    NetworkTensor grouped = in.reshape(in.of(x), Vector.of(0, groups, -1), true, 3);
    NetworkTensor ones = in.constant(perGroup(x.elementType(), groups, 1));
    NetworkTensor zeros = in.constant(perGroup(x.elementType(), groups, 0));
    NetworkTensor normal = normalize(grouped, ones, zeros, List.of(2), op.epsilon(), in);
    Shape groupedShape = Shape.of(x.dim(0), Dim.of(groups), Symbol.fresh());
    NetworkTensor back = in.reshape(normal, groupedShape, x.shape());
    return in.sum(in.product(back, scale), bias);
  }

  /** Over the last axis, to which the channels are brought: the layer's common form. */
  private static NetworkTensor channelNorm(Normalization.ChannelNorm op, Scope in) {
    int last = op.x().rank() - 1;
    List<Integer> channelsLast =
        IntStream.rangeClosed(0, last).mapToObj(i -> i == 0 ? 0 : i == last ? 1 : i + 1).toList();
    List<Integer> channelsFirst =
        IntStream.rangeClosed(0, last).mapToObj(i -> i == 0 ? 0 : i == 1 ? last : i - 1).toList();
    NetworkTensor x = in.transpose(in.of(op.x()), channelsLast);
    NetworkTensor scale = in.aligned(op.scale(), last + 1);
    NetworkTensor bias = in.aligned(op.bias(), last + 1);
    NetworkTensor normal = normalize(x, scale, bias, List.of(last), op.epsilon(), in);
    return in.transpose(normal, channelsFirst);
  }

  private static Tensor perGroup(ElementType type, long groups, double number) {
    return Tensor.ofDoubles(type, ImmutableLongArray.of(1, groups, 1), _ -> number);
  }

  private static NetworkTensor batchNorm(Normalization.BatchNorm op, Scope in) {
    boolean constant =
        List.of(op.scale(), op.bias(), op.mean(), op.variance()).stream()
            .allMatch(parameter -> parameter.constant().isPresent());
    return constant ? foldedBatchNorm(op, in) : openBatchNorm(op, in);
  }

  /** x * (scale / sqrt(variance + epsilon)) + (bias - mean * that). */
  private static NetworkTensor foldedBatchNorm(Normalization.BatchNorm op, Scope in) {
    int rank = op.x().rank();
    double[] scale = op.scale().constant().orElseThrow().toDoubles();
    double[] bias = op.bias().constant().orElseThrow().toDoubles();
    double[] mean = op.mean().constant().orElseThrow().toDoubles();
    double[] variance = op.variance().constant().orElseThrow().toDoubles();
    for (int i = 0; i < scale.length; i++) {
      scale[i] /= Math.sqrt(variance[i] + op.epsilon());
      bias[i] -= mean[i] * scale[i];
    }
    NetworkTensor factor = in.constant(channels(op, scale, rank));
    NetworkTensor shift = in.constant(channels(op, bias, rank));
    return in.sum(in.product(in.of(op.x()), factor), shift);
  }

  private static Tensor channels(Normalization.BatchNorm op, double[] numbers, int rank) {
    Tensor parameter = op.scale().constant().orElseThrow();
    return Scope.alongChannels(
        Tensor.ofDoubles(parameter.elementType(), parameter.sizes(), i -> numbers[i]), rank);
  }

  private static NetworkTensor openBatchNorm(Normalization.BatchNorm op, Scope in) {
    int rank = op.x().rank();
    NetworkTensor variance = in.perChannel(op.variance(), rank);
    NetworkTensor deviation =
        in.unary(UnaryOperation.SQRT, in.sum(variance, in.like(variance, op.epsilon())));
    NetworkTensor factor =
        in.binary(ElementWiseOperation.DIV, in.perChannel(op.scale(), rank), deviation);
    NetworkTensor centred = in.difference(in.of(op.x()), in.perChannel(op.mean(), rank));
    return in.sum(in.product(centred, factor), in.perChannel(op.bias(), rank));
  }
}
