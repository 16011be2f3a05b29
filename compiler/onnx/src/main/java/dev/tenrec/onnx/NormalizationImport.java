package dev.tenrec.onnx;

import static dev.tenrec.ir.Terms.add;
import static dev.tenrec.ir.Terms.cast;
import static dev.tenrec.ir.Terms.div;
import static dev.tenrec.ir.Terms.equal;
import static dev.tenrec.ir.Terms.expand;
import static dev.tenrec.ir.Terms.mul;
import static dev.tenrec.ir.Terms.number;
import static dev.tenrec.ir.Terms.reshape;
import static dev.tenrec.ir.Terms.shapeOf;
import static dev.tenrec.ir.Terms.sub;
import static dev.tenrec.ir.Terms.unary;
import static dev.tenrec.ir.Terms.unsqueeze;
import static dev.tenrec.onnx.OperatorTable.since;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Elementwise.Select;
import dev.tenrec.ir.Elementwise.Unary;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Normalization.BatchNorm;
import dev.tenrec.ir.Normalization.GroupNorm;
import dev.tenrec.ir.Normalization.LayerNorm;
import dev.tenrec.ir.Normalization.RmsNorm;
import dev.tenrec.ir.Normalization.Softmax;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Reduction.Reduce;
import dev.tenrec.ir.Reduction.ReduceKind;
import dev.tenrec.ir.Shuffle.Reshape;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.onnx.OperatorTable.Result;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Operators that bring elements to a common scale. */
final class NormalizationImport {
  private static final double EPSILON = 1e-5f;

  private NormalizationImport() {}

  static void register(OperatorTable on) {
    on.op("Softmax", n -> flatSoftmax(n, false));
    on.op("Softmax", since(13), n -> softmax(n, false));
    on.op("LogSoftmax", n -> flatSoftmax(n, true));
    on.op("LogSoftmax", since(13), n -> softmax(n, true));
    on.op("BatchNormalization", n -> batchNorm(n, !n.flag("is_test", false)));
    on.op("BatchNormalization", since(7), n -> batchNorm(n, false));
    on.results("BatchNormalization", since(14), BatchStatisticsImport::batchNorm);
    on.op("InstanceNormalization", NormalizationImport::instanceNorm);
    on.op("GroupNormalization", NormalizationImport::groupNormPerGroup);
    on.op("GroupNormalization", since(21), NormalizationImport::groupNorm);
    on.results("LayerNormalization", NormalizationImport::layerNorm);
    on.op("RMSNormalization", NormalizationImport::rmsNorm);
    on.op("LpNormalization", NormalizationImport::lpNorm);
    on.op("MeanVarianceNormalization", NormalizationImport::meanVarianceNorm);
    on.limit("BatchNormalization", "statistics per channel (`spatial` is 1)");
  }

  private static Op softmax(NodeContext n, boolean logarithm) {
    Value x = n.input(0);
    return new Softmax(x, n.axisAttribute("axis", -1, x.rank()), logarithm);
  }

  /** Before opset 13, all dimensions from the axis on are one. */
  private static Op flatSoftmax(NodeContext n, boolean logarithm) {
    Value x = n.input(0);
    int axis = n.axisAttribute("axis", 1, x.rank());
    if (axis == x.rank() - 1) {
      return new Softmax(x, axis, logarithm);
    }
    Value matrix = ShapingImport.flatten(n, x, axis).value();
    Value softmax = new Softmax(matrix, 1, logarithm).value();
    return new Reshape(softmax, shapeOf(x), false);
  }

  static Op batchNorm(NodeContext n, boolean training) {
    n.attributes().ignore("momentum");
    if (training || n.hasOutput(1)) {
      throw n.unsupported("training mode is not supported")
          .advise("export the model for inference, in PyTorch after model.eval()");
    }
    if (!n.flag("spatial", true)) {
      throw n.unsupported("statistics per position (spatial = 0) are not supported")
          .advise("convert the model to opset 9 or newer");
    }
    Value x = n.input(0);
    ElementType type = x.elementType();
    return new BatchNorm(
        x,
        cast(n.input(1), type),
        cast(n.input(2), type),
        cast(n.input(3), type),
        cast(n.input(4), type),
        n.floatAttribute("epsilon", EPSILON));
  }

  private static Op instanceNorm(NodeContext n) {
    return new GroupNorm(
        n.input(0), n.input(1), n.input(2), 0, n.floatAttribute("epsilon", EPSILON));
  }

  private static Op groupNorm(NodeContext n) {
    return groupNorm(n, n.input(1), n.input(2));
  }

  /** Before opset 21 there is one scale and bias for each group, not for each channel. */
  private static Op groupNormPerGroup(NodeContext n) {
    return groupNorm(n, perChannel(n, n.input(1)), perChannel(n, n.input(2)));
  }

  private static Value perChannel(NodeContext n, Value perGroup) {
    Size channels = n.sizeOf(n.input(0), 1);
    long groups = groups(n);
    Value column = unsqueeze(perGroup, 1);
    Value shape = n.sizes(Size.of(groups), channels.dividedBy(groups));
    Value repeated = expand(column, shape);
    return reshape(repeated, -1);
  }

  private static Op groupNorm(NodeContext n, Value scale, Value bias) {
    n.attributes().ignore("stash_type");
    return new GroupNorm(n.input(0), scale, bias, groups(n), n.floatAttribute("epsilon", EPSILON));
  }

  private static long groups(NodeContext n) {
    long groups = n.required(n.attributes().integer("num_groups"), "num_groups");
    if (groups < 1) {
      throw n.invalid("num_groups is " + groups);
    }
    return groups;
  }

  /**
   * PyTorch's older exporter writes half-precision models in which x is float and the scale is not,
   * and goes on with what x is.
   */
  private static List<Result> layerNorm(NodeContext n) {
    n.attributes().ignore("stash_type");
    Value x = n.input(0);
    int axis = n.axisAttribute("axis", -1, x.rank());
    double epsilon = n.floatAttribute("epsilon", EPSILON);
    Value scale = cast(n.input(1), x.elementType());
    Optional<Value> bias = n.optionalInput(2).map(b -> cast(b, x.elementType()));
    LayerNorm norm = new LayerNorm(x, scale, bias, axis, epsilon);
    if (!n.hasOutput(1) && !n.hasOutput(2)) {
      return List.of(Result.of(norm));
    }
    Reduce mean = mean(x, IntStream.range(axis, x.rank()).boxed().toList());
    Value deviation = sub(x, mean.value());
    Value variance = mean(mul(deviation, deviation), mean.axes()).value();
    Value stable = add(variance, number(x, epsilon));
    Value root = unary(UnaryKind.SQRT, stable);
    return List.of(
        Result.of(norm), Result.of(mean), Result.of(new Unary(UnaryKind.RECIPROCAL, root)));
  }

  private static Reduce mean(Value x, List<Integer> axes) {
    return new Reduce(ReduceKind.MEAN, x, ImmutableList.copyOf(axes), true);
  }

  private static Op rmsNorm(NodeContext n) {
    n.attributes().ignore("stash_type");
    Value x = n.input(0);
    int axis = n.axisAttribute("axis", -1, x.rank());
    return new RmsNorm(x, n.input(1), axis, n.floatAttribute("epsilon", EPSILON));
  }

  /** x / norm(x), and 0 where the norm is 0. */
  private static Op lpNorm(NodeContext n) {
    Value x = n.input(0);
    long p = n.intAttribute("p", 2);
    if (p != 1 && p != 2) {
      throw n.invalid("p is %d, not 1 or 2".formatted(p));
    }
    ImmutableList<Integer> axes = ImmutableList.of(n.axisAttribute("axis", -1, x.rank()));
    Value norm = new Reduce(p == 1 ? ReduceKind.L1 : ReduceKind.L2, x, axes, true).value();
    Value zero = number(x, 0);
    Value nothing = equal(norm, zero);
    return new Select(nothing, zero, div(x, norm));
  }

  /** (x - mean) / (sqrt(variance) + 1e-9). */
  private static Op meanVarianceNorm(NodeContext n) {
    Value x = n.input(0);
    List<Long> given =
        n.attributes().integers("axes").map(axes -> axes.asList()).orElse(List.of(0L, 2L, 3L));
    List<Integer> axes = n.axes(given, x.rank()).stream().sorted().toList();
    Value deviation = sub(x, mean(x, axes).value());
    Value variance = mean(mul(deviation, deviation), axes).value();
    Value root = unary(UnaryKind.SQRT, variance);
    Value divisor = add(root, number(x, 1e-9));
    return new Binary(BinaryKind.DIV, deviation, divisor);
  }
}
