package dev.tenrec.passes.quantize;

import dev.tenrec.ir.Indexing.Gather;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Shuffle.Expand;
import dev.tenrec.ir.Shuffle.Reshape;
import dev.tenrec.ir.Shuffle.Slice;
import dev.tenrec.ir.Shuffle.Squeeze;
import dev.tenrec.ir.Shuffle.Tile;
import dev.tenrec.ir.Shuffle.Transpose;
import dev.tenrec.ir.Shuffle.Unsqueeze;
import dev.tenrec.ir.Value;
import java.util.Optional;

/** Operations that only move numbers. Quantization before and after them is the same. */
final class Copies {
  private Copies() {}

  /** What an operation moves, its first operand. */
  static Optional<Value> copied(Op op) {
    return switch (op) {
      case Reshape(Value x, _, _) -> Optional.of(x);
      case Squeeze(Value x, _) -> Optional.of(x);
      case Unsqueeze(Value x, _) -> Optional.of(x);
      case Transpose(Value x, _) -> Optional.of(x);
      case Slice slice -> Optional.of(slice.x());
      case Expand(Value x, _) -> Optional.of(x);
      case Tile(Value x, _) -> Optional.of(x);
      case Gather(Value x, _, _) -> Optional.of(x);
      default -> Optional.empty();
    };
  }

  /** Where the numbers of a value come from. */
  static Value origin(Value value) {
    Value origin = value;
    Optional<Value> next = Optional.of(value);
    while (next.isPresent()) {
      origin = next.get();
      next = origin.producer().flatMap(node -> copied(node.op()));
    }
    return origin;
  }
}
