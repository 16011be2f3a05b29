package dev.tenrec.tensorrt.legalize;

import dev.tenrec.ir.tensor.ElementType;

/** The types that TensorRT computes in, and which of them stands for each other type. */
public final class TargetTypes {
  private TargetTypes() {}

  /** The type to compute in; itself where TensorRT has it. */
  static ElementType of(ElementType type) {
    return switch (type) {
      case FLOAT32, FLOAT16, BFLOAT16, INT32, INT64, BOOL -> type;
      case FLOAT64 -> ElementType.FLOAT32;
      case FLOAT8E4M3FN, FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ -> ElementType.FLOAT32;
      case FLOAT8E8M0, FLOAT4E2M1 -> ElementType.FLOAT32;
      case INT2, INT4, INT8, INT16, UINT2, UINT4, UINT8, UINT16 -> ElementType.INT32;
      case UINT32, UINT64 -> ElementType.INT64;
    };
  }

  /** Whether TensorRT has the type for data between quantizing and dequantizing. */
  static boolean quantizes(ElementType type) {
    return switch (type) {
      case INT8, INT4, FLOAT8E4M3FN -> true;
      default -> false;
    };
  }

  static boolean has(ElementType type) {
    return of(type) == type;
  }

  /**
   * Whether an input or output of a network may be of the type. Bytes come and go at the borders,
   * where they are cast from and to floating point.
   */
  static boolean binds(ElementType type) {
    return has(type) || type == ElementType.UINT8;
  }

  /** What a type of TensorRT's holds, in words. */
  static String range(ElementType type) {
    return switch (type) {
      case FLOAT32 -> "24 bits of precision and magnitudes up to 3.4e38";
      case INT32 -> "-2^31 to 2^31 - 1";
      case INT64 -> "-2^63 to 2^63 - 1";
      default -> throw new IllegalArgumentException(type.text());
    };
  }

  /** What becomes of a type, in words. */
  public static String describe(ElementType type) {
    if (has(type)) {
      return "as it is";
    }
    String kept = quantizes(type) ? "as it is between quantizing and dequantizing, else " : "";
    ElementType target = of(type);
    boolean lossy = type == ElementType.FLOAT64 || type == ElementType.UINT64;
    return "%sin %s (%s)%s"
        .formatted(kept, target.text(), range(target), lossy ? ", with `--allow-narrowing`" : "");
  }
}
