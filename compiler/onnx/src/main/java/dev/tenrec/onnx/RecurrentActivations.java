package dev.tenrec.onnx;

import dev.tenrec.ir.Elementwise.Activation;
import dev.tenrec.ir.Elementwise.ActivationKind;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The functions that recurrent operators name; their parameters come in lists of their own. */
final class RecurrentActivations {
  private final NodeContext n;
  private final List<Float> alphas;
  private final List<Float> betas;
  private final Optional<Double> clip;
  private int nextAlpha;
  private int nextBeta;

  private RecurrentActivations(NodeContext n) {
    this.n = n;
    this.alphas = n.attributes().numbers("activation_alpha").orElse(List.of());
    this.betas = n.attributes().numbers("activation_beta").orElse(List.of());
    this.clip = n.attributes().number("clip");
  }

  /** The functions of all directions, one direction after the other. */
  static List<UnaryOperator<Value>> of(NodeContext n, List<String> defaults, int directions) {
    RecurrentActivations activations = new RecurrentActivations(n);
    List<String> given = n.attributes().texts("activations").orElse(List.of());
    int count = defaults.size() * directions;
    if (!given.isEmpty() && given.size() != count) {
      throw n.invalid("there are %d activations, not %d".formatted(given.size(), count));
    }
    List<UnaryOperator<Value>> functions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String name = given.isEmpty() ? defaults.get(i % defaults.size()) : given.get(i);
      functions.add(activations.clipped(activations.function(name)));
    }
    return functions;
  }

  private UnaryOperator<Value> clipped(UnaryOperator<Value> function) {
    return clip.<UnaryOperator<Value>>map(limit ->
            x -> function.apply(new Activation(ActivationKind.CLIP, x, -limit, limit).value()))
        .orElse(function);
  }

  private UnaryOperator<Value> function(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "sigmoid" -> activation(ActivationKind.SIGMOID, 0, 0);
      case "tanh" -> activation(ActivationKind.TANH, 0, 0);
      case "relu" -> activation(ActivationKind.RELU, 0, 0);
      case "softsign" -> activation(ActivationKind.SOFTSIGN, 0, 0);
      case "softplus" -> activation(ActivationKind.SOFTPLUS, 0, 0);
      case "leakyrelu" -> activation(ActivationKind.LEAKY_RELU, alpha(0.01), 0);
      case "thresholdedrelu" -> activation(ActivationKind.THRESHOLDED_RELU, alpha(1), 0);
      case "elu" -> activation(ActivationKind.ELU, alpha(1), 0);
      case "hardsigmoid" -> activation(ActivationKind.HARD_SIGMOID, alpha(0.2), beta(0.5));
      case "affine" -> affine(alpha(1), beta(0));
      case "scaledtanh" -> scaledTanh(alpha(1), beta(1));
      default ->
          throw n.unsupported("activation '%s' is not supported".formatted(name))
              .advise("use Sigmoid, Tanh or Relu");
    };
  }

  private double alpha(double absent) {
    return nextAlpha < alphas.size() ? alphas.get(nextAlpha++) : absent;
  }

  private double beta(double absent) {
    return nextBeta < betas.size() ? betas.get(nextBeta++) : absent;
  }

  private static UnaryOperator<Value> activation(ActivationKind kind, double alpha, double beta) {
    return x -> new Activation(kind, x, alpha, beta).value();
  }

  /** alpha x + beta. */
  private static UnaryOperator<Value> affine(double alpha, double beta) {
    return x -> Terms.add(Terms.mul(x, alpha), beta);
  }

  /** alpha tanh(beta x). */
  private static UnaryOperator<Value> scaledTanh(double alpha, double beta) {
    UnaryOperator<Value> tanh = activation(ActivationKind.TANH, 0, 0);
    return x -> Terms.mul(tanh.apply(Terms.mul(x, beta)), alpha);
  }
}
