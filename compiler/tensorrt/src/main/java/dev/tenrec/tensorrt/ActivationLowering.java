package dev.tenrec.tensorrt;

import dev.tenrec.ir.Elementwise;
import dev.tenrec.tensorrt.layer.NetworkTensor;
import dev.tenrec.tensorrt.layer.PointwiseLayer;
import dev.tenrec.tensorrt.layer.PointwiseLayer.ActivationType;
import dev.tenrec.tensorrt.layer.PointwiseLayer.ElementWiseOperation;

/** Lowers {@link Elementwise.Activation}. */
final class ActivationLowering {
  private ActivationLowering() {}

  static NetworkTensor lower(Elementwise.Activation op, Scope in) {
    NetworkTensor x = in.of(op.x());
    return switch (op.kind()) {
      case RELU -> in.activation(ActivationType.RELU, x);
      case SIGMOID -> in.activation(ActivationType.SIGMOID, x);
      case TANH -> in.activation(ActivationType.TANH, x);
      case SOFTSIGN -> in.activation(ActivationType.SOFTSIGN, x);
      case GELU_ERF -> in.activation(ActivationType.GELU_ERF, x);
      case GELU_TANH -> in.activation(ActivationType.GELU_TANH, x);
      case LEAKY_RELU -> with(ActivationType.LEAKY_RELU, x, op.alpha(), 0, in);
      case ELU -> with(ActivationType.ELU, x, op.alpha(), 0, in);
      case SELU -> with(ActivationType.SELU, x, op.alpha(), op.beta(), in);
      case SOFTPLUS -> with(ActivationType.SOFTPLUS, x, 1, 1, in);
      case HARD_SIGMOID -> with(ActivationType.HARD_SIGMOID, x, op.alpha(), op.beta(), in);
      case THRESHOLDED_RELU -> with(ActivationType.THRESHOLDED_RELU, x, op.alpha(), 0, in);
      case CLIP -> clip(x, op.alpha(), op.beta(), in);
      case CELU -> celu(x, op.alpha(), in);
      case HARD_SWISH -> in.product(x, with(ActivationType.HARD_SIGMOID, x, 1 / 6.0, 0.5, in));
      case MISH ->
          in.product(
              x, in.activation(ActivationType.TANH, with(ActivationType.SOFTPLUS, x, 1, 1, in)));
      case SWISH -> swish(x, op.alpha(), in);
    };
  }

  private static NetworkTensor with(
      ActivationType type, NetworkTensor x, double alpha, double beta, Scope in) {
    return in.add(new PointwiseLayer.Activation(x, type, alpha, beta));
  }

  /** Open ends and integers have no activation. */
  private static NetworkTensor clip(NetworkTensor x, double low, double high, Scope in) {
    boolean open = Double.isInfinite(low) || Double.isInfinite(high);
    if (!open && x.elementType().isFloating()) {
      return with(ActivationType.CLIP, x, low, high, in);
    }
    NetworkTensor result = x;
    if (low != Double.NEGATIVE_INFINITY) {
      result = in.binary(ElementWiseOperation.MAX, result, in.like(x, low));
    }
    if (high != Double.POSITIVE_INFINITY) {
      result = in.binary(ElementWiseOperation.MIN, result, in.like(x, high));
    }
    return result;
  }

  /** celu(x) = alpha elu(x / alpha). */
  private static NetworkTensor celu(NetworkTensor x, double alpha, Scope in) {
    NetworkTensor scaled = in.product(x, in.like(x, 1 / alpha));
    return in.product(with(ActivationType.ELU, scaled, 1, 0, in), in.like(x, alpha));
  }

  /** TensorRT fuses exactly x sigmoid(x). */
  private static NetworkTensor swish(NetworkTensor x, double alpha, Scope in) {
    NetworkTensor scaled = alpha == 1 ? x : in.product(x, in.like(x, alpha));
    return in.product(x, in.activation(ActivationType.SIGMOID, scaled));
  }
}
