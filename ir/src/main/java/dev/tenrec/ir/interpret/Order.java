package dev.tenrec.ir.interpret;

import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.function.IntBinaryOperator;

/**
 * Which elements of a tensor come first when the largest or the smallest are wanted. NaN always
 * does, as in NumPy's {@code argmax} and {@code argmin}.
 */
final class Order {
  private Order() {}

  /** Compares the elements at two positions; positive if the first one is to be preferred. */
  static IntBinaryOperator of(Tensor x, boolean largest) {
    if (x.elementType().isFloating()) {
      double[] elements = x.toDoubles();
      return (i, k) -> compare(elements[i], elements[k], largest ? 1 : -1);
    }
    long[] elements = x.toLongs();
    IntBinaryOperator ascending =
        x.elementType() == ElementType.UINT64
            ? (i, k) -> Long.compareUnsigned(elements[i], elements[k])
            : (i, k) -> Long.compare(elements[i], elements[k]);
    return largest ? ascending : (i, k) -> ascending.applyAsInt(k, i);
  }

  /** Unlike {@link Double#compare}, takes zero and negative zero for equal. */
  private static int compare(double a, double b, int sign) {
    boolean unordered = Double.isNaN(a) || Double.isNaN(b);
    return unordered
        ? Boolean.compare(Double.isNaN(a), Double.isNaN(b))
        : a < b ? -sign : a > b ? sign : 0;
  }
}
