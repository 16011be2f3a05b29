package dev.tenrec.runtime.bindings;

/** A version of TensorRT. Names no class of the bindings, so that it can be used without them. */
public record TensorRtVersion(int major, int minor, int patch)
    implements Comparable<TensorRtVersion> {
  /** The oldest version that networks and engines are made for. */
  public static final TensorRtVersion OLDEST = new TensorRtVersion(10, 6, 0);

  /** The version that the bindings on the compile class path belong to. */
  public static final TensorRtVersion NEWEST = new TensorRtVersion(11, 2, 1);

  /** Reads the number that the library gives: 110201 is 11.2.1. */
  static TensorRtVersion ofNumber(int number) {
    return new TensorRtVersion(number / 10_000, number / 100 % 100, number % 100);
  }

  public boolean isAtLeast(int otherMajor, int otherMinor) {
    return compareTo(new TensorRtVersion(otherMajor, otherMinor, 0)) >= 0;
  }

  @Override
  public int compareTo(TensorRtVersion other) {
    int byMajor = Integer.compare(major, other.major);
    int byMinor = byMajor != 0 ? byMajor : Integer.compare(minor, other.minor);
    return byMinor != 0 ? byMinor : Integer.compare(patch, other.patch);
  }

  @Override
  public String toString() {
    return "%d.%d.%d".formatted(major, minor, patch);
  }
}
