package dev.tenrec.onnx;

import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Elementwise.BitCast;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;

/**
 * Operations on the bits of integers. ONNX shifts unsigned integers only, ONNX Runtime only those
 * of 8, 32 and 64 bits.
 */
final class BitExport {
  private BitExport() {}

  /** Integers of one width are cast to each other bit by bit. */
  static void cast(BitCast op, NodeExport e) {
    e.op(needsOperator(op) ? "BitCast" : "Cast")
        .in(op.x())
        .attribute("to", ElementTypes.number(op.to()))
        .result();
  }

  static void shift(Binary op, NodeExport e) {
    ElementType type = op.a().elementType();
    boolean signed = type.kind() == ElementType.Kind.SIGNED;
    if (signed && op.kind() == BinaryKind.SHIFT_RIGHT) {
      signedShift(op, e);
    } else if (!signed && type.bits() != 16 && type.bits() >= 8) {
      plainShift(op.kind(), e.name(op.a()), e.name(op.b()), e).result();
    } else {
      String a = e.cast(e.name(op.a()), ElementType.UINT64);
      String b = e.cast(e.name(op.b()), ElementType.UINT64);
      String shifted = plainShift(op.kind(), a, b, e).value();
      e.op("Cast").in(shifted).attribute("to", ElementTypes.number(type)).result();
    }
  }

  private static void signedShift(Binary op, NodeExport e) {
    ElementType type = op.a().elementType();
    String x = as(e.name(op.a()), type, ElementType.INT64, e);
    String sign = sign(x, e);
    String flipped = e.op("BitwiseXor").in(x).in(sign).value();
    String amount = e.cast(e.name(op.b()), ElementType.UINT64);
    String bits = e.cast(flipped, ElementType.UINT64);
    String shifted = plainShift(op.kind(), bits, amount, e).value();
    NodeExport.Builder result = e.op("BitwiseXor").in(e.cast(shifted, ElementType.INT64)).in(sign);
    if (type == ElementType.INT64) {
      result.result();
    } else {
      e.op("Cast").in(result.value()).attribute("to", ElementTypes.number(type)).result();
    }
  }

  private static String as(String x, ElementType from, ElementType to, NodeExport e) {
    return from == to ? x : e.cast(x, to);
  }

  /**
   * -1 of negative numbers, else 0: flipped by it, zeros follow where copies of the sign should.
   */
  private static String sign(String x, NodeExport e) {
    String negative = e.op("Min").in(x).in(e.scalar(ElementType.INT64, 0)).value();
    return e.op("Max").in(negative).in(e.scalar(ElementType.INT64, -1)).value();
  }

  private static NodeExport.Builder plainShift(BinaryKind kind, String a, String b, NodeExport e) {
    return e.op("BitShift")
        .in(a)
        .in(b)
        .attribute("direction", kind == BinaryKind.SHIFT_LEFT ? "LEFT" : "RIGHT");
  }

  /** Whether a cast of bits needs ONNX's own operator for it. */
  static boolean needsOperator(BitCast op) {
    Value x = op.x();
    return !(x.elementType().isInteger() && op.to().isInteger());
  }
}
