package dev.tenrec.onnx;

import dev.tenrec.ir.Elementwise.Activation;
import dev.tenrec.ir.tensor.ElementType;

/** Activation functions. */
final class ActivationExport {
  private ActivationExport() {}

  static void write(Activation op, NodeExport e) {
    float alpha = (float) op.alpha();
    float beta = (float) op.beta();
    switch (op.kind()) {
      case RELU -> e.same("Relu");
      case SIGMOID -> e.same("Sigmoid");
      case TANH -> e.same("Tanh");
      case SOFTSIGN -> e.same("Softsign");
      case SOFTPLUS -> e.same("Softplus");
      case HARD_SWISH -> e.same("HardSwish");
      case LEAKY_RELU -> e.op("LeakyRelu").in(op.x()).attribute("alpha", alpha).result();
      case ELU -> e.op("Elu").in(op.x()).attribute("alpha", alpha).result();
      case CELU -> e.op("Celu").in(op.x()).attribute("alpha", alpha).result();
      case THRESHOLDED_RELU ->
          e.op("ThresholdedRelu").in(op.x()).attribute("alpha", alpha).result();
      case SELU ->
          e.op("Selu").in(op.x()).attribute("alpha", alpha).attribute("gamma", beta).result();
      case HARD_SIGMOID ->
          e.op("HardSigmoid").in(op.x()).attribute("alpha", alpha).attribute("beta", beta).result();
      case GELU_ERF -> e.same("Gelu");
      case GELU_TANH -> e.op("Gelu").in(op.x()).attribute("approximate", "tanh").result();
      case MISH -> e.same("Mish");
      case SWISH -> swish(op, e);
      case CLIP -> clip(op, e);
    }
  }

  /** x sigmoid(alpha x). */
  private static void swish(Activation op, NodeExport e) {
    String argument = e.name(op.x());
    if (op.alpha() != 1) {
      String alpha = e.scalar(op.x().elementType(), op.alpha());
      argument = e.op("Mul").in(argument).in(alpha).value();
    }
    String gate = e.op("Sigmoid").in(argument).value();
    e.op("Mul").in(op.x()).in(gate).result();
  }

  private static void clip(Activation op, NodeExport e) {
    ElementType type = op.x().elementType();
    String low = op.alpha() == Double.NEGATIVE_INFINITY ? "" : e.scalar(type, op.alpha());
    String high = op.beta() == Double.POSITIVE_INFINITY ? "" : e.scalar(type, op.beta());
    e.op("Clip").in(op.x()).in(low).in(high).result();
  }
}
