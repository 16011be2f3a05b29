package dev.tenrec.ir.dim;

/** Arithmetic on bounds, where the ends of the range of {@code long} mean "unbounded". */
final class Bounds {
  private Bounds() {}

  static long add(long a, long b) {
    if (isUnbounded(a) || isUnbounded(b)) {
      return isUnbounded(a) ? a : b;
    }
    long sum = a + b;
    return ((a ^ sum) & (b ^ sum)) < 0 ? (a < 0 ? Long.MIN_VALUE : Long.MAX_VALUE) : sum;
  }

  static long multiply(long a, long b) {
    if (a == 0 || b == 0) {
      return 0;
    }
    long high = Math.multiplyHigh(a, b);
    long low = a * b;
    boolean overflow = (high != 0 || low < 0) && (high != -1 || low >= 0);
    return overflow || isUnbounded(a) || isUnbounded(b)
        ? ((a < 0) == (b < 0) ? Long.MAX_VALUE : Long.MIN_VALUE)
        : low;
  }

  private static boolean isUnbounded(long bound) {
    return bound == Long.MIN_VALUE || bound == Long.MAX_VALUE;
  }
}
