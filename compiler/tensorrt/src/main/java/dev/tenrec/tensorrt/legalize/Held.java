package dev.tenrec.tensorrt.legalize;

import dev.tenrec.ir.Value;

/**
 * A value in TensorRT's type that stands for one in a type of the model's.
 *
 * @param value of the type that TensorRT computes in
 */
record Held(Value value, Fidelity fidelity) {
  /** What the numbers are to those of the model. */
  enum Fidelity {
    /** The same. */
    EXACT,
    /** Cast to the model's type they are the same: integers share their low bits. */
    BEFORE_CAST,
    /** The model's, of type float64, rounded to float32. */
    ROUNDED
  }

  boolean isExact() {
    return fidelity == Fidelity.EXACT;
  }
}
