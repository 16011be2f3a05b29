package dev.tenrec.ir.tensor;

import java.util.Locale;

/** The type of a tensor's elements. Those of 2 and 4 bits are packed, the first in the low bits. */
public enum ElementType {
  FLOAT32(Kind.FLOATING, 32),
  FLOAT16(Kind.FLOATING, 16),
  BFLOAT16(Kind.FLOATING, 16),
  FLOAT64(Kind.FLOATING, 64),
  FLOAT8E4M3FN(Kind.FLOATING, 8),
  FLOAT8E4M3FNUZ(Kind.FLOATING, 8),
  FLOAT8E5M2(Kind.FLOATING, 8),
  FLOAT8E5M2FNUZ(Kind.FLOATING, 8),
  FLOAT8E8M0(Kind.FLOATING, 8),
  FLOAT4E2M1(Kind.FLOATING, 4),
  INT2(Kind.SIGNED, 2),
  INT4(Kind.SIGNED, 4),
  INT8(Kind.SIGNED, 8),
  INT16(Kind.SIGNED, 16),
  INT32(Kind.SIGNED, 32),
  INT64(Kind.SIGNED, 64),
  UINT2(Kind.UNSIGNED, 2),
  UINT4(Kind.UNSIGNED, 4),
  UINT8(Kind.UNSIGNED, 8),
  UINT16(Kind.UNSIGNED, 16),
  UINT32(Kind.UNSIGNED, 32),
  UINT64(Kind.UNSIGNED, 64),
  BOOL(Kind.BOOLEAN, 8);

  /** The family of an element type. */
  public enum Kind {
    FLOATING,
    SIGNED,
    UNSIGNED,
    BOOLEAN
  }

  private final Kind kind;
  private final int bits;

  ElementType(Kind kind, int bits) {
    this.kind = kind;
    this.bits = bits;
  }

  public Kind kind() {
    return kind;
  }

  public int bits() {
    return bits;
  }

  public boolean isFloating() {
    return kind == Kind.FLOATING;
  }

  public boolean isInteger() {
    return kind == Kind.SIGNED || kind == Kind.UNSIGNED;
  }

  /** The bytes that {@code count} elements take, the last one padded. */
  public long bytes(long count) {
    return bits < 8 ? Math.ceilDiv(count, 8 / bits) : Math.multiplyExact(count, bits / 8);
  }

  /** The name in the textual form: ONNX's, for example {@code float}, {@code int64}. */
  public String text() {
    return switch (this) {
      case FLOAT32 -> "float";
      case FLOAT64 -> "double";
      default -> name().toLowerCase(Locale.ROOT);
    };
  }
}
