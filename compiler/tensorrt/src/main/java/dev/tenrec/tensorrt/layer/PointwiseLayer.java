package dev.tenrec.tensorrt.layer;

import dev.tenrec.ir.tensor.ElementType;

/** Layers that compute each element on its own. Operands of equal rank are broadcast. */
public sealed interface PointwiseLayer extends Layer {

  /** TensorRT's {@code UnaryOperation}. */
  enum UnaryOperation {
    EXP,
    LOG,
    SQRT,
    RECIP,
    ABS,
    NEG,
    SIN,
    COS,
    TAN,
    SINH,
    COSH,
    ASIN,
    ACOS,
    ATAN,
    ASINH,
    ACOSH,
    ATANH,
    CEIL,
    FLOOR,
    ERF,
    NOT,
    SIGN,
    ROUND,
    ISINF,
    ISNAN
  }

  /** TensorRT's {@code ElementWiseOperation}. */
  enum ElementWiseOperation {
    SUM,
    PROD,
    MAX,
    MIN,
    SUB,
    DIV,
    POW,
    FLOOR_DIV,
    AND,
    OR,
    XOR,
    EQUAL,
    GREATER,
    LESS
  }

  /** TensorRT's {@code ActivationType}, with the meaning of alpha and beta. */
  enum ActivationType {
    RELU,
    SIGMOID,
    TANH,
    /** x for x >= 0, else alpha x. */
    LEAKY_RELU,
    /** x for x >= 0, else alpha (exp(x) - 1). */
    ELU,
    /** beta x for x > 0, else beta (alpha exp(x) - alpha). */
    SELU,
    /** x / (1 + |x|). */
    SOFTSIGN,
    /** alpha log(exp(beta x) + 1). */
    SOFTPLUS,
    /** max(alpha, min(beta, x)). */
    CLIP,
    /** max(0, min(1, alpha x + beta)). */
    HARD_SIGMOID,
    /** x for x > alpha, else 0. */
    THRESHOLDED_RELU,
    GELU_ERF,
    GELU_TANH
  }

  /** One function of one operand. */
  record Unary(NetworkTensor x, UnaryOperation operation) implements PointwiseLayer {}

  /** One function of two operands. */
  record ElementWise(NetworkTensor a, NetworkTensor b, ElementWiseOperation operation)
      implements PointwiseLayer {}

  /** An activation function; parameters that it does not have are 0. */
  record Activation(NetworkTensor x, ActivationType type, double alpha, double beta)
      implements PointwiseLayer {}

  /** x for x >= 0, else slope x. */
  record ParametricRelu(NetworkTensor x, NetworkTensor slope) implements PointwiseLayer {}

  /** {@code condition ? a : b}. */
  record Select(NetworkTensor condition, NetworkTensor a, NetworkTensor b)
      implements PointwiseLayer {}

  /** The same numbers in another element type. */
  record Cast(NetworkTensor x, ElementType to) implements PointwiseLayer {}

  /** The same tensor under another name. */
  record Identity(NetworkTensor x) implements PointwiseLayer {}
}
