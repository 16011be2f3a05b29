package dev.tenrec.passes.fuse;

import dev.tenrec.ir.Normalization.LayerNorm;
import dev.tenrec.ir.Normalization.RmsNorm;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Value;
import java.util.Optional;

/** A layer or RMS normalization. */
record Norm(Op op, Value x, Value scale, Optional<Value> bias, int axis) {
  /** The normalization that computes a value. */
  static Norm of(Value value) {
    return switch (value.producer().orElseThrow().op()) {
      case LayerNorm op -> new Norm(op, op.x(), op.scale(), op.bias(), op.axis());
      case RmsNorm op -> new Norm(op, op.x(), op.scale(), Optional.empty(), op.axis());
      case Op other -> throw new IllegalArgumentException(other + " is not a normalization");
    };
  }

  /** The same normalization with other parameters; a bias only where there was one. */
  Op with(Value newScale, Optional<Value> newBias) {
    return switch (op) {
      case LayerNorm norm -> new LayerNorm(x, newScale, newBias, axis, norm.epsilon());
      case RmsNorm norm -> new RmsNorm(x, newScale, axis, norm.epsilon());
      default -> throw new IllegalStateException(op + " is not a normalization");
    };
  }
}
