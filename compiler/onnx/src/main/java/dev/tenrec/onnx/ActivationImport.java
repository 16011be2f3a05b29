package dev.tenrec.onnx;

import static dev.tenrec.ir.Terms.add;
import static dev.tenrec.ir.Terms.binary;
import static dev.tenrec.ir.Terms.less;
import static dev.tenrec.ir.Terms.max;
import static dev.tenrec.ir.Terms.number;
import static dev.tenrec.ir.Terms.select;
import static dev.tenrec.ir.Terms.sub;
import static dev.tenrec.onnx.OperatorTable.since;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Elementwise.Activation;
import dev.tenrec.ir.Elementwise.ActivationKind;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Elementwise.ParametricRelu;
import dev.tenrec.ir.Elementwise.Select;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Shuffle.Unsqueeze;
import dev.tenrec.ir.Value;
import dev.tenrec.onnx.OperatorTable.Result;
import java.util.Optional;
import java.util.stream.IntStream;

/** Activation functions with ONNX's defaults for their parameters. */
final class ActivationImport {
  private static final double SELU_ALPHA = 1.6732632f;
  private static final double SELU_GAMMA = 1.050701f;

  private ActivationImport() {}

  static void register(OperatorTable on) {
    on.op("Relu", n -> activation(ActivationKind.RELU, n));
    on.op("Sigmoid", n -> activation(ActivationKind.SIGMOID, n));
    on.op("Tanh", n -> activation(ActivationKind.TANH, n));
    on.op("Softsign", n -> activation(ActivationKind.SOFTSIGN, n));
    on.op("Softplus", n -> activation(ActivationKind.SOFTPLUS, n));
    on.op("HardSwish", n -> activation(ActivationKind.HARD_SWISH, n));
    on.op("LeakyRelu", n -> activation(ActivationKind.LEAKY_RELU, n, 0.01f));
    on.op("Elu", n -> activation(ActivationKind.ELU, n, 1));
    on.op("Celu", n -> activation(ActivationKind.CELU, n, 1));
    on.op("ThresholdedRelu", n -> activation(ActivationKind.THRESHOLDED_RELU, n, 1));
    on.op("Swish", n -> activation(ActivationKind.SWISH, n, 1));
    on.op("HardSigmoid", n -> activation(ActivationKind.HARD_SIGMOID, n, 0.2f, "beta", 0.5));
    on.op("Selu", n -> activation(ActivationKind.SELU, n, SELU_ALPHA, "gamma", SELU_GAMMA));
    on.op("Gelu", ActivationImport::gelu);
    on.op("Mish", n -> activation(ActivationKind.MISH, n));
    on.op("Shrink", ActivationImport::shrink);
    on.op("PRelu", ActivationImport::channelPrelu);
    on.op("PRelu", since(7), n -> new ParametricRelu(n.input(0), n.input(1)));
    on.result("Clip", ActivationImport::clipAttributes);
    on.result("Clip", since(11), ActivationImport::clip);
  }

  private static Op activation(ActivationKind kind, NodeContext n) {
    return new Activation(kind, n.input(0));
  }

  private static Op activation(ActivationKind kind, NodeContext n, double alpha) {
    return new Activation(kind, n.input(0), n.floatAttribute("alpha", alpha), 0);
  }

  private static Op activation(
      ActivationKind kind, NodeContext n, double alpha, String betaName, double beta) {
    return new Activation(
        kind, n.input(0), n.floatAttribute("alpha", alpha), n.floatAttribute(betaName, beta));
  }

  private static Op gelu(NodeContext n) {
    String approximation = n.textAttribute("approximate", "none");
    return switch (approximation) {
      case "none" -> activation(ActivationKind.GELU_ERF, n);
      case "tanh" -> activation(ActivationKind.GELU_TANH, n);
      default -> throw n.invalid("approximate is '%s', not none or tanh".formatted(approximation));
    };
  }

  /** x + bias below -lambda, x - bias above lambda, 0 between them. */
  private static Op shrink(NodeContext n) {
    Value x = n.input(0);
    double limit = n.floatAttribute("lambd", 0.5);
    Value bias = number(x, n.floatAttribute("bias", 0));
    Value low = number(x, -limit);
    Value high = number(x, limit);
    Value below = less(x, low);
    Value above = binary(BinaryKind.GREATER, x, high);
    Value lowered = sub(x, bias);
    Value raised = add(x, bias);
    Value rest = select(above, lowered, number(x, 0));
    return new Select(below, raised, rest);
  }

  /** Before opset 7, a vector of slopes has one for each channel. */
  private static Op channelPrelu(NodeContext n) {
    Value x = n.input(0);
    Value slope = n.input(1);
    if (slope.rank() != 1 || x.rank() <= 2) {
      return new ParametricRelu(x, slope);
    }
    ImmutableList<Integer> spatial =
        IntStream.range(1, x.rank() - 1).boxed().collect(ImmutableList.toImmutableList());
    return new ParametricRelu(x, new Unsqueeze(slope, spatial).value());
  }

  private static Result clipAttributes(NodeContext n) {
    return Result.of(
        new Activation(
            ActivationKind.CLIP,
            n.input(0),
            n.floatAttribute("min", -Float.MAX_VALUE),
            n.floatAttribute("max", Float.MAX_VALUE)));
  }

  /** Limits that are constants of a floating type become parameters, others stay operands. */
  private static Result clip(NodeContext n) {
    Value x = n.input(0);
    Optional<Value> low = n.optionalInput(1);
    Optional<Value> high = n.optionalInput(2);
    boolean known =
        low.map(value -> value.scalarConstant().isPresent()).orElse(true)
            && high.map(value -> value.scalarConstant().isPresent()).orElse(true);
    if (low.isEmpty() && high.isEmpty()) {
      return Result.of(x);
    }
    if (known && x.elementType().isFloating()) {
      double alpha = low.flatMap(Value::scalarConstant).orElse(Double.NEGATIVE_INFINITY);
      double beta = high.flatMap(Value::scalarConstant).orElse(Double.POSITIVE_INFINITY);
      return Result.of(new Activation(ActivationKind.CLIP, x, alpha, beta));
    }
    if (high.isEmpty()) {
      return Result.of(new Binary(BinaryKind.MAX, x, low.get()));
    }
    Value raised = low.map(value -> max(x, value)).orElse(x);
    return Result.of(new Binary(BinaryKind.MIN, raised, high.get()));
  }
}
