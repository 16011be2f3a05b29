package dev.tenrec.ir.tensor;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Reads and writes single elements of little-endian memory. */
final class Elements {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private Elements() {}

  static double getDouble(ElementType type, MemorySegment data, long i) {
    return switch (type) {
      case FLOAT32 -> data.get(FLOAT, i * 4);
      case FLOAT64 -> data.get(DOUBLE, i * 8);
      case FLOAT16 -> Float.float16ToFloat(data.get(SHORT, i * 2));
      case BFLOAT16 -> Float.intBitsToFloat(data.get(SHORT, i * 2) << 16);
      case FLOAT8E4M3FN -> SmallFloat.E4M3FN.decode(unsignedByte(data, i));
      case FLOAT8E4M3FNUZ -> SmallFloat.E4M3FNUZ.decode(unsignedByte(data, i));
      case FLOAT8E5M2 -> SmallFloat.E5M2.decode(unsignedByte(data, i));
      case FLOAT8E5M2FNUZ -> SmallFloat.E5M2FNUZ.decode(unsignedByte(data, i));
      case FLOAT8E8M0 -> powerOfTwo(unsignedByte(data, i));
      case FLOAT4E2M1 -> SmallFloat.E2M1.decode(packed(data, i, 4));
      case UINT64 -> unsignedToDouble(data.get(LONG, i * 8));
      case INT2, INT4, INT8, INT16, INT32, INT64, BOOL -> getLong(type, data, i);
      case UINT2, UINT4, UINT8, UINT16, UINT32 -> getLong(type, data, i);
    };
  }

  /** All elements; those of the commonest type in a loop of their own, which is vectorized. */
  static void copyDoubles(ElementType type, MemorySegment data, double[] elements) {
    if (type == ElementType.FLOAT32) {
      for (int i = 0; i < elements.length; i++) {
        elements[i] = data.get(FLOAT, i * 4L);
      }
    } else {
      for (int i = 0; i < elements.length; i++) {
        elements[i] = getDouble(type, data, i);
      }
    }
  }

  /** Some elements, rounded to floats; those of the commonest types in loops of their own. */
  static void copyFloats(
      ElementType type, MemorySegment data, long first, float[] elements, int count) {
    switch (type) {
      case FLOAT32 -> MemorySegment.copy(data, FLOAT, first * 4, elements, 0, count);
      case FLOAT16 -> {
        short[] patterns = shorts(data, first, count);
        for (int i = 0; i < count; i++) {
          elements[i] = Float.float16ToFloat(patterns[i]);
        }
      }
      case BFLOAT16 -> {
        short[] patterns = shorts(data, first, count);
        for (int i = 0; i < count; i++) {
          elements[i] = Float.intBitsToFloat(patterns[i] << 16);
        }
      }
      default -> {
        for (int i = 0; i < count; i++) {
          elements[i] = (float) getDouble(type, data, first + i);
        }
      }
    }
  }

  private static short[] shorts(MemorySegment data, long first, int count) {
    short[] shorts = new short[count];
    MemorySegment.copy(data, SHORT, first * 2, shorts, 0, count);
    return shorts;
  }

  static long getLong(ElementType type, MemorySegment data, long i) {
    return switch (type) {
      case INT64, UINT64 -> data.get(LONG, i * 8);
      case INT32 -> data.get(INT, i * 4);
      case UINT32 -> Integer.toUnsignedLong(data.get(INT, i * 4));
      case INT16 -> data.get(SHORT, i * 2);
      case UINT16 -> Short.toUnsignedLong(data.get(SHORT, i * 2));
      case INT8 -> data.get(JAVA_BYTE, i);
      case UINT8 -> unsignedByte(data, i);
      case BOOL -> data.get(JAVA_BYTE, i) == 0 ? 0 : 1;
      case INT2 -> (packed(data, i, 2) ^ 2) - 2;
      case UINT2 -> packed(data, i, 2);
      case INT4 -> (packed(data, i, 4) ^ 8) - 8;
      case UINT4 -> packed(data, i, 4);
      case FLOAT32, FLOAT16, BFLOAT16, FLOAT64 -> (long) getDouble(type, data, i);
      case FLOAT8E4M3FN, FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ, FLOAT8E8M0, FLOAT4E2M1 ->
          (long) getDouble(type, data, i);
    };
  }

  /** The pattern of an element in the low bits. */
  static long getBits(ElementType type, MemorySegment data, long i) {
    return switch (type.bits()) {
      case 2, 4 -> packed(data, i, type.bits());
      case 8 -> unsignedByte(data, i);
      case 16 -> data.get(SHORT, i * 2);
      case 32 -> data.get(INT, i * 4);
      default -> data.get(LONG, i * 8);
    };
  }

  static void setBits(ElementType type, MemorySegment data, long i, long bits) {
    switch (type.bits()) {
      case 2, 4 -> setPacked(data, i, type.bits(), (int) bits);
      case 8 -> setByte(data, i, (int) bits);
      case 16 -> data.set(SHORT, i * 2, (short) bits);
      case 32 -> data.set(INT, i * 4, (int) bits);
      default -> data.set(LONG, i * 8, bits);
    }
  }

  static void setDouble(ElementType type, MemorySegment data, long i, double value) {
    switch (type) {
      case FLOAT32 -> data.set(FLOAT, i * 4, (float) value);
      case FLOAT64 -> data.set(DOUBLE, i * 8, value);
      case FLOAT16 -> data.set(SHORT, i * 2, Float.floatToFloat16(oddRounded(value)));
      case BFLOAT16 -> data.set(SHORT, i * 2, (short) SmallFloat.BFLOAT16.encode(value));
      case FLOAT8E4M3FN -> setByte(data, i, SmallFloat.E4M3FN.encode(value));
      case FLOAT8E4M3FNUZ -> setByte(data, i, SmallFloat.E4M3FNUZ.encode(value));
      case FLOAT8E5M2 -> setByte(data, i, SmallFloat.E5M2.encode(value));
      case FLOAT8E5M2FNUZ -> setByte(data, i, SmallFloat.E5M2FNUZ.encode(value));
      case FLOAT8E8M0 -> setByte(data, i, exponentOf(value));
      case FLOAT4E2M1 -> setPacked(data, i, 4, SmallFloat.E2M1.encode(value));
      case INT2, INT4, INT8, INT16, INT32, INT64 -> setLong(type, data, i, (long) value);
      case UINT2, UINT4, UINT8, UINT16, UINT32, UINT64 -> setLong(type, data, i, (long) value);
      case BOOL -> setByte(data, i, value == 0 ? 0 : 1);
    }
  }

  /** Keeps the low bits of the number where the type is narrower. */
  static void setLong(ElementType type, MemorySegment data, long i, long value) {
    switch (type) {
      case INT64, UINT64 -> data.set(LONG, i * 8, value);
      case INT32, UINT32 -> data.set(INT, i * 4, (int) value);
      case INT16, UINT16 -> data.set(SHORT, i * 2, (short) value);
      case INT8, UINT8 -> setByte(data, i, (int) value);
      case BOOL -> setByte(data, i, value == 0 ? 0 : 1);
      case INT2, UINT2, INT4, UINT4 -> setPacked(data, i, type.bits(), (int) value);
      // Not by way of double, which would round large numbers twice.
      case FLOAT32 -> data.set(FLOAT, i * 4, (float) value);
      case FLOAT16, BFLOAT16, FLOAT64 -> setDouble(type, data, i, (double) value);
      case FLOAT8E4M3FN, FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ, FLOAT8E8M0, FLOAT4E2M1 ->
          setDouble(type, data, i, (double) value);
    }
  }

  /** Rounds to a float such that rounding on to 16 bits gives what rounding at once would give. */
  private static float oddRounded(double value) {
    float nearest = (float) value;
    if (nearest == value || Float.isNaN(nearest) || Float.isInfinite(nearest)) {
      return nearest;
    }
    boolean odd = (Float.floatToRawIntBits(nearest) & 1) != 0;
    return odd ? nearest : (nearest < value ? Math.nextUp(nearest) : Math.nextDown(nearest));
  }

  private static double powerOfTwo(int exponent) {
    return exponent == 255 ? Double.NaN : Math.scalb(1.0, exponent - 127);
  }

  /**
   * The exponent of the next power of two, upwards as ONNX's {@code Cast} does by default. Infinity
   * becomes NaN.
   */
  private static int exponentOf(double value) {
    if (!Double.isFinite(value)) {
      return 255;
    }
    double magnitude = Math.abs(value);
    int exponent = Math.getExponent(magnitude);
    boolean exact = magnitude == Math.scalb(1.0, exponent);
    return Math.clamp((exact ? exponent : exponent + 1) + 127, 0, 254);
  }

  private static double unsignedToDouble(long bits) {
    return bits >= 0 ? bits : ((bits >>> 1) | (bits & 1)) * 2.0;
  }

  private static int unsignedByte(MemorySegment data, long i) {
    return Byte.toUnsignedInt(data.get(JAVA_BYTE, i));
  }

  private static void setByte(MemorySegment data, long i, int value) {
    data.set(JAVA_BYTE, i, (byte) value);
  }

  /** An element of less than a byte. */
  private static int packed(MemorySegment data, long i, int bits) {
    return (unsignedByte(data, i * bits / 8) >> shift(i, bits)) & ((1 << bits) - 1);
  }

  private static void setPacked(MemorySegment data, long i, int bits, int value) {
    int mask = ((1 << bits) - 1) << shift(i, bits);
    int others = unsignedByte(data, i * bits / 8) & ~mask;
    setByte(data, i * bits / 8, others | ((value << shift(i, bits)) & mask));
  }

  private static int shift(long i, int bits) {
    return (int) (i * bits % 8);
  }
}
