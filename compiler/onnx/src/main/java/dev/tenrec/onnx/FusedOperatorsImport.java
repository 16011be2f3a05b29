package dev.tenrec.onnx;

import dev.tenrec.ir.Contraction.MatMul;
import dev.tenrec.ir.Elementwise.Activation;
import dev.tenrec.ir.Elementwise.ActivationKind;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Normalization.LayerNorm;
import dev.tenrec.ir.Normalization.RmsNorm;
import dev.tenrec.ir.Reduction.ReduceKind;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.onnx.OperatorTable.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** What ONNX Runtime's optimizer fuses, taken apart again: TensorRT fuses in its own way. */
final class FusedOperatorsImport {
  private static final double EPSILON = 1e-12f;

  private FusedOperatorsImport() {}

  static void register(OperatorTable on) {
    on.op("Gelu", n -> new Activation(ActivationKind.GELU_ERF, n.input(0)));
    on.op("BiasGelu", n -> new Activation(ActivationKind.GELU_ERF, biased(n)));
    on.op("FastGelu", n -> new Activation(ActivationKind.GELU_TANH, biased(n)));
    on.op("QuickGelu", FusedOperatorsImport::quickGelu);
    on.result("FusedMatMul", n -> Result.of(matMul(n)));
    on.result("FusedMatMulActivation", n -> Result.of(activated(n, matMul(n))));
    on.op("TransposeMatMul", n -> new MatMul(operand(n, 0), operand(n, 1), flag(n, 0), flag(n, 1)));
    on.result("FusedGemm", n -> Result.of(activated(n, ContractionImport.gemm(n).value())));
    on.result("FusedConv", FusedOperatorsImport::conv);
    on.results("SkipLayerNormalization", n -> skipNorm(n, true));
    on.results("SkipSimplifiedLayerNormalization", n -> skipNorm(n, false));
    on.result("BiasAdd", n -> Result.of(Terms.add(Terms.add(n.input(0), n.input(1)), n.input(2))));
    on.limit("FusedMatMul", "no vectors with exchanged batches");
  }

  /** In ONNX's own domain, where ONNX Runtime put it before ONNX had RMS normalization. */
  static void registerStandard(OperatorTable on) {
    on.results("SimplifiedLayerNormalization", FusedOperatorsImport::simplifiedNorm);
  }

  private static Value biased(NodeContext n) {
    Value x = n.input(0);
    return n.optionalInput(1).map(bias -> Terms.add(x, bias)).orElse(x);
  }

  private static Activation quickGelu(NodeContext n) {
    return new Activation(ActivationKind.SWISH, n.input(0), n.floatAttribute("alpha", 1.702f), 0);
  }

  private static boolean flag(NodeContext n, int operand) {
    return n.flag(operand == 0 ? "transA" : "transB", false);
  }

  /** alpha a b. */
  private static Value matMul(NodeContext n) {
    double alpha = n.floatAttribute("alpha", 1);
    Value product = new MatMul(operand(n, 0), operand(n, 1), flag(n, 0), flag(n, 1)).value();
    return Terms.mul(product, alpha);
  }

  /** With its first dimension behind those of the batch, if that is where it belongs. */
  private static Value operand(NodeContext n, int i) {
    Value x = n.input(i);
    if (x.rank() < 2) {
      throw n.unsupported("a product with the vector %s is not supported".formatted(x.type()))
          .advise("export the model with matrices, or without optimization by ONNX Runtime");
    }
    if (!n.flag(i == 0 ? "transBatchA" : "transBatchB", false)) {
      return x;
    }
    List<Integer> order = new ArrayList<>(IntStream.range(1, x.rank() - 1).boxed().toList());
    order.add(0);
    order.add(x.rank() - 1);
    return Terms.transpose(x, order);
  }

  /** act(conv(x) + z), the parameters of the function in a list. */
  private static Result conv(NodeContext n) {
    Value sums = ConvolutionImport.conv(n).value();
    Value joined = n.optionalInput(3).map(z -> Terms.add(sums, z)).orElse(sums);
    List<Float> parameters = n.attributes().numbers("activation_params").orElse(List.of());
    Optional<String> function = n.attributes().text("activation");
    return Result.of(function.map(name -> apply(n, name, joined, parameters)).orElse(joined));
  }

  private static Value activated(NodeContext n, Value x) {
    List<Float> parameters = new ArrayList<>();
    for (String name : List.of("activation_alpha", "activation_beta", "activation_gamma")) {
      n.attributes().number(name).ifPresent(p -> parameters.add(p.floatValue()));
    }
    String function = n.textAttribute("activation", "");
    return function.isEmpty() ? x : apply(n, function, x, parameters);
  }

  private static Value apply(NodeContext n, String function, Value x, List<Float> given) {
    double first = given.isEmpty() ? Double.NaN : given.getFirst();
    double second = given.size() < 2 ? Double.NaN : given.get(1);
    Activation activation =
        switch (function) {
          case "Relu" -> new Activation(ActivationKind.RELU, x);
          case "Sigmoid" -> new Activation(ActivationKind.SIGMOID, x);
          case "Tanh" -> new Activation(ActivationKind.TANH, x);
          case "LeakyRelu" -> new Activation(ActivationKind.LEAKY_RELU, x, first, 0);
          case "Clip" -> new Activation(ActivationKind.CLIP, x, first, second);
          case "HardSigmoid" -> new Activation(ActivationKind.HARD_SIGMOID, x, first, second);
          default ->
              throw n.unsupported("the fused function '%s' is not supported".formatted(function))
                  .advise("give the model to Tenrec as it was before ONNX Runtime optimized it");
        };
    int needed = activation.kind().parameters();
    if (given.size() < needed) {
      throw n.invalid("%s has %d parameters, not %d".formatted(function, needed, given.size()));
    }
    return activation.value();
  }

  /** The sum of input, skip and bias, normalized; and, on request, the sum itself. */
  private static List<Result> skipNorm(NodeContext n, boolean centred) {
    Value joined = Terms.add(n.input(0), n.input(1));
    Value sum =
        n.optionalInput(centred ? 4 : 3).map(bias -> Terms.add(joined, bias)).orElse(joined);
    if (n.hasOutput(1) || n.hasOutput(2)) {
      throw n.unsupported("the statistics of the normalization are not supported")
          .advise("leave these outputs away; they are for training");
    }
    int axis = sum.rank() - 1;
    double epsilon = n.floatAttribute("epsilon", EPSILON);
    Result normal =
        centred
            ? Result.of(new LayerNorm(sum, n.input(2), n.optionalInput(3), axis, epsilon))
            : Result.of(new RmsNorm(sum, n.input(2), axis, epsilon));
    return n.hasOutput(3) ? List.of(normal, normal, normal, Result.of(sum)) : List.of(normal);
  }

  private static List<Result> simplifiedNorm(NodeContext n) {
    n.attributes().ignore("stash_type");
    Value x = n.input(0);
    int axis = n.axisAttribute("axis", -1, x.rank());
    double epsilon = n.floatAttribute("epsilon", 1e-5f);
    Result normal = Result.of(new RmsNorm(x, n.input(1), axis, epsilon));
    if (!n.hasOutput(1)) {
      return List.of(normal);
    }
    Integer[] axes = IntStream.range(axis, x.rank()).boxed().toArray(Integer[]::new);
    Value squares = Terms.reduce(ReduceKind.MEAN, Terms.mul(x, x), true, axes);
    Value root = Terms.unary(UnaryKind.SQRT, Terms.add(squares, epsilon));
    return List.of(normal, Result.of(Terms.unary(UnaryKind.RECIPROCAL, root)));
  }
}
