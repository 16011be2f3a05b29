package dev.tenrec.ir.interpret;

import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Indexing.ScatterKind;
import dev.tenrec.ir.tensor.Tensor;
import java.util.function.DoubleBinaryOperator;
import java.util.function.LongBinaryOperator;

/** Writes updates into a copy of a tensor, one after the other. */
final class Scatterer {
  private Scatterer() {}

  static Tensor scatter(ScatterKind kind, Tensor x, long[] positions, Tensor updates) {
    return switch (kind) {
      case REPLACE -> replace(x, positions, updates);
      case ADD -> combine(BinaryKind.ADD, x, positions, updates);
      case MUL -> combine(BinaryKind.MUL, x, positions, updates);
      case MIN -> combine(BinaryKind.MIN, x, positions, updates);
      case MAX -> combine(BinaryKind.MAX, x, positions, updates);
    };
  }

  private static Tensor replace(Tensor x, long[] positions, Tensor updates) {
    long[] patterns = new long[Positions.count(x.sizes())];
    for (int i = 0; i < patterns.length; i++) {
      patterns[i] = x.getBits(i);
    }
    for (int i = 0; i < positions.length; i++) {
      patterns[(int) positions[i]] = updates.getBits(i);
    }
    return Tensor.ofBits(x.elementType(), x.sizes(), i -> patterns[i]);
  }

  private static Tensor combine(BinaryKind kind, Tensor x, long[] positions, Tensor updates) {
    if (x.elementType().isFloating()) {
      DoubleBinaryOperator function = BinaryFunctions.of(kind);
      double[] result = x.toDoubles();
      for (int i = 0; i < positions.length; i++) {
        int at = (int) positions[i];
        result[at] = function.applyAsDouble(result[at], updates.getDouble(i));
      }
      return Tensor.ofDoubles(x.elementType(), x.sizes(), i -> result[i]);
    }
    LongBinaryOperator function = BinaryFunctions.ofIntegers(kind, x.elementType());
    long[] result = x.toLongs();
    for (int i = 0; i < positions.length; i++) {
      int at = (int) positions[i];
      result[at] = function.applyAsLong(result[at], updates.getLong(i));
    }
    return Tensor.ofLongs(x.elementType(), x.sizes(), i -> result[i]);
  }
}
