package dev.tenrec.tensorrt.layer;

/** Layers that sum products. */
public sealed interface ContractionLayer extends Layer {

  /** TensorRT's {@code MatrixOperation}. */
  enum MatrixOperation {
    NONE,
    TRANSPOSE
  }

  /** Matrix product over the last two dimensions; those before them are broadcast. */
  record MatrixMultiply(
      NetworkTensor a, MatrixOperation operationA, NetworkTensor b, MatrixOperation operationB)
      implements ContractionLayer {}
}
