package dev.tenrec.ir.tensor;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Concrete elements in row-major, little-endian order. Immutable by contract: whoever shares memory
 * with a tensor does not write to it any more. The memory may be a mapped file, which is never
 * copied.
 *
 * <p>Two tensors are equal when their types, sizes and bytes are.
 */
public final class Tensor {
  /** Arrays hold at most this many elements, and so does everything the interpreter computes. */
  private static final long MAX_ARRAY = Integer.MAX_VALUE - 8;

  private static final int HASHED_BYTES = 256;

  private final ElementType elementType;
  private final ImmutableLongArray sizes;
  private final long count;
  private final MemorySegment data;

  private Tensor(ElementType elementType, ImmutableLongArray sizes, MemorySegment data) {
    this.elementType = elementType;
    this.sizes = sizes;
    this.count = count(sizes);
    this.data = data;
  }

  /**
   * A tensor on existing memory.
   *
   * @throws TenrecException if the memory has another size than the elements take
   */
  public static Tensor of(ElementType elementType, ImmutableLongArray sizes, MemorySegment data) {
    long bytes = bytes(elementType, sizes);
    if (data.byteSize() != bytes) {
      throw new TenrecException(
          ErrorCode.INVALID_MODEL,
          "%s%s takes %d bytes, but there are %d"
              .formatted(elementType.text(), sizes, bytes, data.byteSize()));
    }
    return new Tensor(elementType, sizes, data);
  }

  /** Elements computed from their index; numbers are rounded to the type. */
  public static Tensor ofDoubles(
      ElementType elementType, ImmutableLongArray sizes, IntToDoubleFunction element) {
    MemorySegment data = allocate(elementType, sizes);
    int count = (int) count(sizes);
    for (int i = 0; i < count; i++) {
      Elements.setDouble(elementType, data, i, element.applyAsDouble(i));
    }
    return new Tensor(elementType, sizes, data);
  }

  /** Elements computed from their index; integers are wrapped to the type. */
  public static Tensor ofLongs(
      ElementType elementType, ImmutableLongArray sizes, IntToLongFunction element) {
    MemorySegment data = allocate(elementType, sizes);
    int count = (int) count(sizes);
    for (int i = 0; i < count; i++) {
      Elements.setLong(elementType, data, i, element.applyAsLong(i));
    }
    return new Tensor(elementType, sizes, data);
  }

  /** Elements given by their patterns, in the low bits of a number. */
  public static Tensor ofBits(
      ElementType elementType, ImmutableLongArray sizes, IntToLongFunction bits) {
    MemorySegment data = allocate(elementType, sizes);
    int count = (int) count(sizes);
    for (int i = 0; i < count; i++) {
      Elements.setBits(elementType, data, i, bits.applyAsLong(i));
    }
    return new Tensor(elementType, sizes, data);
  }

  public static Tensor ofFloats(ImmutableLongArray sizes, float... elements) {
    checkCount(sizes, elements.length);
    return ofDoubles(ElementType.FLOAT32, sizes, i -> elements[i]);
  }

  /** A vector of {@code int64}. */
  public static Tensor ofLongs(long... elements) {
    return ofLongs(ElementType.INT64, ImmutableLongArray.of(elements.length), i -> elements[i]);
  }

  public static Tensor scalar(ElementType elementType, double element) {
    return ofDoubles(elementType, ImmutableLongArray.of(), _ -> element);
  }

  private static MemorySegment allocate(ElementType elementType, ImmutableLongArray sizes) {
    long bytes = bytes(elementType, sizes);
    if (Math.max(bytes, count(sizes)) > MAX_ARRAY) {
      throw new TenrecException(
          ErrorCode.TOO_LARGE,
          "a tensor %s%s takes %d bytes; at most %d can be computed here"
              .formatted(elementType.text(), sizes, bytes, MAX_ARRAY));
    }
    try {
      return MemorySegment.ofArray(new byte[(int) bytes]);
    } catch (OutOfMemoryError e) {
      throw new TenrecException(
          ErrorCode.TOO_LARGE,
          "no memory for a tensor %s%s of %d bytes".formatted(elementType.text(), sizes, bytes),
          e);
    }
  }

  private static long bytes(ElementType elementType, ImmutableLongArray sizes) {
    try {
      return elementType.bytes(count(sizes));
    } catch (ArithmeticException e) {
      throw tooLarge(sizes, e);
    }
  }

  private static long count(ImmutableLongArray sizes) {
    if (sizes.stream().anyMatch(size -> size < 0)) {
      throw new TenrecException(ErrorCode.INVALID_TYPE, "negative size in " + sizes);
    }
    try {
      return sizes.stream().anyMatch(size -> size == 0)
          ? 0
          : sizes.stream().reduce(1, Math::multiplyExact);
    } catch (ArithmeticException e) {
      throw tooLarge(sizes, e);
    }
  }

  private static TenrecException tooLarge(ImmutableLongArray sizes, ArithmeticException e) {
    return new TenrecException(
        ErrorCode.TOO_LARGE, "a tensor of sizes %s is too large".formatted(sizes), e);
  }

  private static void checkCount(ImmutableLongArray sizes, long elements) {
    if (count(sizes) != elements) {
      throw new TenrecException(
          ErrorCode.INVALID_TYPE, "%d elements for sizes %s".formatted(elements, sizes));
    }
  }

  public ElementType elementType() {
    return elementType;
  }

  public ImmutableLongArray sizes() {
    return sizes;
  }

  public int rank() {
    return sizes.length();
  }

  public long size(int axis) {
    return sizes.get(axis);
  }

  /** The number of elements. */
  public long count() {
    return count;
  }

  /** The bytes, not to be written to. */
  public MemorySegment data() {
    return data;
  }

  public double getDouble(long i) {
    return Elements.getDouble(elementType, data, i);
  }

  /** The element as an integer; fractions are cut off, {@code uint64} keeps its bits. */
  public long getLong(long i) {
    return Elements.getLong(elementType, data, i);
  }

  /** The pattern of an element in the low bits of a number; the bits above them mean nothing. */
  public long getBits(long i) {
    return Elements.getBits(elementType, data, i);
  }

  public double[] toDoubles() {
    double[] elements = new double[arrayLength()];
    Elements.copyDoubles(elementType, data, elements);
    return elements;
  }

  /**
   * Copies some elements, rounded to floats, to the beginning of an array.
   *
   * @param first the index of the first of them
   */
  public void copyFloats(long first, float[] elements, int length) {
    Elements.copyFloats(elementType, data, first, elements, length);
  }

  public long[] toLongs() {
    long[] elements = new long[arrayLength()];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = getLong(i);
    }
    return elements;
  }

  private int arrayLength() {
    if (count > MAX_ARRAY / Double.BYTES) {
      throw new TenrecException(
          ErrorCode.TOO_LARGE, "a tensor of %d elements does not fit an array".formatted(count));
    }
    return (int) count;
  }

  /** The same elements with other sizes. */
  public Tensor withSizes(ImmutableLongArray newSizes) {
    checkCount(newSizes, count);
    return new Tensor(elementType, newSizes, data);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Tensor that
        && elementType == that.elementType
        && sizes.equals(that.sizes)
        && (sameMemory(that) || data.mismatch(that.data) < 0);
  }

  private boolean sameMemory(Tensor that) {
    return data.equals(that.data);
  }

  /** Looks at the first bytes only, so that a mapped file is not read as a whole. */
  @Override
  public int hashCode() {
    long bytes = Math.min(data.byteSize(), HASHED_BYTES);
    int hash = Objects.hash(elementType, sizes);
    for (long i = 0; i < bytes; i++) {
      hash = 31 * hash + data.get(JAVA_BYTE, i);
    }
    return hash;
  }

  @Override
  public String toString() {
    return elementType.text() + sizes;
  }
}
