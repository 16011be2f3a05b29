package dev.tenrec.ir.interpret;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Normalization;
import dev.tenrec.ir.tensor.Tensor;
import java.util.List;
import java.util.function.IntToDoubleFunction;

final class NormalizationInterpreter {
  private NormalizationInterpreter() {}

  static Tensor evaluate(Normalization op, List<Tensor> in) {
    Tensor x = in.getFirst();
    return switch (op) {
      case Normalization.Softmax(_, int axis, boolean logarithm) -> softmax(x, axis, logarithm);
      case Normalization.LayerNorm(_, _, _, int axis, double epsilon) ->
          layerNorm(in, axis, epsilon);
      case Normalization.RmsNorm(_, _, int axis, double epsilon) -> rmsNorm(in, axis, epsilon);
      case Normalization.ChannelNorm(_, _, _, double epsilon) -> channelNorm(in, epsilon);
      case Normalization.GroupNorm(_, _, _, long groups, double epsilon) ->
          groupNorm(in, groups, epsilon);
      case Normalization.BatchNorm(_, _, _, _, _, double epsilon) -> batchNorm(in, epsilon);
    };
  }

  /** Relative to the largest element, so that nothing overflows. */
  private static Tensor softmax(Tensor x, int axis, boolean logarithm) {
    Axis rows = Axis.of(x.sizes(), axis);
    double[] elements = x.toDoubles();
    for (int row = 0; row < rows.rows(); row++) {
      double largest = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < rows.size(); i++) {
        largest = Math.max(largest, elements[rows.position(row, i)]);
      }
      double sum = 0;
      for (int i = 0; i < rows.size(); i++) {
        elements[rows.position(row, i)] -= largest;
        sum += Math.exp(elements[rows.position(row, i)]);
      }
      for (int i = 0; i < rows.size(); i++) {
        int at = rows.position(row, i);
        elements[at] = logarithm ? elements[at] - Math.log(sum) : Math.exp(elements[at]) / sum;
      }
    }
    return Tensor.ofDoubles(x.elementType(), x.sizes(), i -> elements[i]);
  }

  private static Tensor layerNorm(List<Tensor> in, int axis, double epsilon) {
    Tensor x = in.getFirst();
    double[] elements = x.toDoubles();
    int size = Positions.count(x.sizes().subArray(axis, x.rank()));
    standardize(elements, size, epsilon);
    return affine(x, elements, in.subList(1, in.size()));
  }

  private static Tensor rmsNorm(List<Tensor> in, int axis, double epsilon) {
    Tensor x = in.getFirst();
    double[] elements = x.toDoubles();
    int size = Positions.count(x.sizes().subArray(axis, x.rank()));
    for (int start = 0; start < elements.length; start += size) {
      double squares = 0;
      for (int i = start; i < start + size; i++) {
        squares += elements[i] * elements[i];
      }
      double root = Math.sqrt(squares / size + epsilon);
      for (int i = start; i < start + size; i++) {
        elements[i] /= root;
      }
    }
    return affine(x, elements, in.subList(1, in.size()));
  }

  /** Elements times the first parameter plus the second, both broadcast to x. */
  private static Tensor affine(Tensor x, double[] elements, List<Tensor> parameters) {
    IntToDoubleFunction scale = broadcast(parameters.getFirst(), x);
    IntToDoubleFunction bias = parameters.size() > 1 ? broadcast(parameters.get(1), x) : _ -> 0;
    return Tensor.ofDoubles(
        x.elementType(),
        x.sizes(),
        i -> elements[i] * scale.applyAsDouble(i) + bias.applyAsDouble(i));
  }

  private static IntToDoubleFunction broadcast(Tensor parameter, Tensor x) {
    ImmutableLongArray sizes = Positions.broadcast("Normalization", List.of(x, parameter));
    Checks.sizes("Normalization: x", x, sizes);
    var positions = Positions.broadcast(parameter.sizes(), sizes);
    return i -> parameter.getDouble(positions.applyAsLong(i));
  }

  /** Brings each run of {@code size} elements to mean 0 and variance 1. */
  private static void standardize(double[] elements, int size, double epsilon) {
    for (int start = 0; start < elements.length; start += size) {
      double sum = 0;
      for (int i = start; i < start + size; i++) {
        sum += elements[i];
      }
      double mean = sum / size;
      double squares = 0;
      for (int i = start; i < start + size; i++) {
        elements[i] -= mean;
        squares += elements[i] * elements[i];
      }
      double deviation = Math.sqrt(squares / size + epsilon);
      for (int i = start; i < start + size; i++) {
        elements[i] /= deviation;
      }
    }
  }

  private static Tensor groupNorm(List<Tensor> in, long groups, double epsilon) {
    Tensor x = in.getFirst();
    long channels = x.size(1);
    long count = groups == 0 ? channels : groups;
    Checks.check(
        channels == 0 || (count > 0 && channels % count == 0),
        "GroupNorm: the channels of %s do not make %d groups",
        x,
        groups);
    double[] elements = x.toDoubles();
    if (elements.length > 0) {
      standardize(elements, Math.toIntExact(elements.length / (x.size(0) * count)), epsilon);
    }
    return perChannel(x, elements, in.get(1), in.get(2));
  }

  private static Tensor channelNorm(List<Tensor> in, double epsilon) {
    Tensor x = in.getFirst();
    Axis rows = Axis.of(x.sizes(), 1);
    double[] elements = x.toDoubles();
    double[] row = new double[rows.size()];
    for (int i = 0; i < rows.rows(); i++) {
      for (int channel = 0; channel < row.length; channel++) {
        row[channel] = elements[rows.position(i, channel)];
      }
      standardize(row, row.length, epsilon);
      for (int channel = 0; channel < row.length; channel++) {
        elements[rows.position(i, channel)] = row[channel];
      }
    }
    return perChannel(x, elements, in.get(1), in.get(2));
  }

  private static Tensor perChannel(Tensor x, double[] elements, Tensor scale, Tensor bias) {
    Axis channels = Axis.of(x.sizes(), 1);
    ImmutableLongArray sizes = ImmutableLongArray.of(channels.size());
    Checks.sizes("Normalization: scale", scale, sizes);
    Checks.sizes("Normalization: bias", bias, sizes);
    return Tensor.ofDoubles(
        x.elementType(),
        x.sizes(),
        i -> {
          int channel = i / channels.inner() % channels.size();
          return elements[i] * scale.getDouble(channel) + bias.getDouble(channel);
        });
  }

  private static Tensor batchNorm(List<Tensor> in, double epsilon) {
    Tensor x = in.getFirst();
    Tensor mean = in.get(3);
    Tensor variance = in.get(4);
    Axis channels = Axis.of(x.sizes(), 1);
    Checks.sizes("BatchNorm: mean", mean, ImmutableLongArray.of(channels.size()));
    Checks.sizes("BatchNorm: variance", variance, ImmutableLongArray.of(channels.size()));
    double[] elements = x.toDoubles();
    for (int i = 0; i < elements.length; i++) {
      int channel = i / channels.inner() % channels.size();
      elements[i] =
          (elements[i] - mean.getDouble(channel))
              / Math.sqrt(variance.getDouble(channel) + epsilon);
    }
    return perChannel(x, elements, in.get(1), in.get(2));
  }
}
