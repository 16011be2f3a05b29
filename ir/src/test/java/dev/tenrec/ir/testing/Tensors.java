package dev.tenrec.ir.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Tensors for tests, and how they are compared. */
public final class Tensors {
  private Tensors() {}

  public static ImmutableLongArray sizes(long... sizes) {
    return ImmutableLongArray.copyOf(sizes);
  }

  public static Tensor floats(ImmutableLongArray sizes, double... elements) {
    return of(ElementType.FLOAT32, sizes, elements);
  }

  /** A vector of {@code float32}. */
  public static Tensor floats(double... elements) {
    return floats(sizes(elements.length), elements);
  }

  public static Tensor longs(ImmutableLongArray sizes, long... elements) {
    assertThat(elements).hasSize(Math.toIntExact(count(sizes)));
    return Tensor.ofLongs(ElementType.INT64, sizes, i -> elements[i]);
  }

  public static Tensor bools(boolean... elements) {
    return Tensor.ofLongs(ElementType.BOOL, sizes(elements.length), i -> elements[i] ? 1 : 0);
  }

  /** Elements rounded to a type. */
  public static Tensor of(ElementType type, ImmutableLongArray sizes, double... elements) {
    assertThat(elements).hasSize(Math.toIntExact(count(sizes)));
    return Tensor.ofDoubles(type, sizes, i -> elements[i]);
  }

  /** The elements 0, 1, 2, ... */
  public static Tensor counting(ElementType type, long... sizes) {
    return Tensor.ofLongs(type, sizes(sizes), i -> i);
  }

  /**
   * Random elements, the same for the same seed: normally distributed numbers, integers from -8 to
   * 7 (from 0 to 8 for unsigned types), or booleans.
   *
   * @param type of known sizes
   */
  public static Tensor random(TensorType type, long seed) {
    Random random = new Random(seed);
    ImmutableLongArray sizes = type.shape().sizes().orElseThrow();
    return switch (type.elementType().kind()) {
      case FLOATING -> Tensor.ofDoubles(type.elementType(), sizes, _ -> random.nextGaussian());
      case SIGNED ->
          // Within the range of int4.
          Tensor.ofLongs(type.elementType(), sizes, _ -> random.nextInt(16) - 8);
      case UNSIGNED -> Tensor.ofLongs(type.elementType(), sizes, _ -> random.nextInt(9));
      case BOOLEAN -> Tensor.ofLongs(type.elementType(), sizes, _ -> random.nextInt(2));
    };
  }

  /** As {@link #random(TensorType, long)}, of {@code float32}. */
  public static Tensor random(long seed, long... sizes) {
    return random(TensorType.of(ElementType.FLOAT32, sizes), seed);
  }

  /**
   * Fails unless both have the same element type and sizes, and each number is within {@code
   * absolute + relative * |expected|} of the expected one. NaN equals NaN; integers and booleans
   * are compared exactly.
   */
  public static void assertClose(Tensor actual, Tensor expected, double absolute, double relative) {
    assertThat(actual).hasToString(expected.toString());
    int[] wrong =
        IntStream.range(0, Math.toIntExact(expected.count()))
            .filter(i -> !isClose(actual, expected, i, absolute, relative))
            .toArray();
    if (wrong.length > 0) {
      throw new AssertionError(
          "%s: element %s is %s, not %s; %d of %d elements are wrong"
              .formatted(
                  expected,
                  Arrays.toString(index(expected.sizes(), wrong[0])),
                  text(actual, wrong[0]),
                  text(expected, wrong[0]),
                  wrong.length,
                  expected.count()));
    }
  }

  /**
   * Compares tensors of the same names with {@link #assertClose(Tensor, Tensor, double, double)}.
   */
  public static void assertClose(
      Map<String, Tensor> actual, Map<String, Tensor> expected, double absolute, double relative) {
    assertThat(actual).containsOnlyKeys(expected.keySet());
    expected.forEach((name, tensor) -> {
      Tensor other = actual.get(name);
      assertThat(other).as(name).isNotNull();
      try {
        assertClose(other, tensor, absolute, relative);
      } catch (AssertionError e) {
        throw new AssertionError("'%s': %s".formatted(name, e.getMessage()), e);
      }
    });
  }

  private static boolean isClose(
      Tensor actual, Tensor expected, int i, double absolute, double relative) {
    if (!expected.elementType().isFloating()) {
      return actual.getLong(i) == expected.getLong(i);
    }
    double a = actual.getDouble(i);
    double e = expected.getDouble(i);
    boolean same = Double.compare(a, e) == 0 || a == e;
    boolean finite = Double.isFinite(a) && Double.isFinite(e);
    return same || (finite && Math.abs(a - e) <= absolute + relative * Math.abs(e));
  }

  private static String text(Tensor tensor, int i) {
    return tensor.elementType().isFloating()
        ? Double.toString(tensor.getDouble(i))
        : tensor.elementType() == ElementType.UINT64
            ? Long.toUnsignedString(tensor.getLong(i))
            : Long.toString(tensor.getLong(i));
  }

  private static long[] index(ImmutableLongArray sizes, long position) {
    long[] index = new long[sizes.length()];
    long rest = position;
    for (int axis = index.length - 1; axis >= 0; axis--) {
      index[axis] = rest % sizes.get(axis);
      rest /= sizes.get(axis);
    }
    return index;
  }

  private static long count(ImmutableLongArray sizes) {
    return sizes.stream().reduce(1, Math::multiplyExact);
  }
}
