package dev.tenrec.compiler;

import dev.tenrec.passes.Pipeline;

/** The precision that floating-point values are computed in where that is safe. */
public enum Precision {
  /** As the model says. */
  FP32;

  /** The passes that optimize a model for this precision. */
  public Pipeline pipeline() {
    return switch (this) {
      case FP32 -> Pipeline.standard();
    };
  }
}
