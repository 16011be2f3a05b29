package dev.tenrec.compiler;

import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.passes.Pipeline;
import dev.tenrec.passes.precision.AssignPrecision;

/** The precision that floating-point values are computed in where that is safe. */
public enum Precision {
  /** As the model says. */
  FP32,
  /** Half precision; what needs range or accumulates stays in single precision. */
  FP16;

  /** The passes that optimize a model for this precision. */
  public Pipeline pipeline() {
    return switch (this) {
      case FP32 -> Pipeline.standard();
      case FP16 -> Pipeline.standard().then(new AssignPrecision(ElementType.FLOAT16));
    };
  }
}
