package dev.tenrec.passes.precision;

import java.util.stream.DoubleStream;

/**
 * What the elements of a value lie in. Elements that are not finite do not count.
 *
 * @param masked whether elements may be lower, which then stand for "not this one"
 */
record Interval(double min, double max, Basis basis, boolean masked) {
  /** How an interval is known, from the one that can be relied on most. */
  enum Basis {
    /** It follows from constants and from what functions are bounded by. */
    PROVEN,
    /** It was observed on samples. */
    OBSERVED,
    /** Nothing else is known. */
    ASSUMED,
    /** Nothing else is known, and it grows steeply with what is read. */
    DOUBTFUL
  }

  /** Nothing is known: the usual size. */
  static final Interval UNKNOWN = new Interval(-1, 1, Basis.ASSUMED, false);

  /** Nothing is known, and it may be large. */
  static final Interval DOUBTFUL = new Interval(-1, 1, Basis.DOUBTFUL, false);

  /** Truth values, and what is a share of a whole. */
  static final Interval UNIT = proven(0, 1);

  static Interval proven(double min, double max) {
    return new Interval(min, max, Basis.PROVEN, false);
  }

  double magnitude() {
    return Math.max(Math.abs(min), Math.abs(max));
  }

  /** Within the same magnitude, as reliable as this. */
  Interval symmetric(double magnitude) {
    return new Interval(-magnitude, magnitude, basis, masked);
  }

  /** What either holds. */
  Interval or(Interval other) {
    return with(other, Math.min(min, other.min), Math.max(max, other.max), masked || other.masked);
  }

  Interval clamp(double low, double high) {
    if (basis.compareTo(Basis.ASSUMED) >= 0 && Double.isFinite(low) && Double.isFinite(high)) {
      return proven(low, high);
    }
    return new Interval(
        Math.clamp(min, low, high),
        Math.clamp(max, low, high),
        basis,
        masked && low == Double.NEGATIVE_INFINITY);
  }

  Interval plus(Interval other) {
    return with(other, min + other.min, max + other.max, masked || other.masked);
  }

  Interval minus(Interval other) {
    return with(other, min - other.max, max - other.min, masked);
  }

  Interval times(Interval other) {
    double[] corners = {min * other.min, min * other.max, max * other.min, max * other.max};
    return with(
        other,
        DoubleStream.of(corners).min().orElse(0),
        DoubleStream.of(corners).max().orElse(0),
        masked || other.masked);
  }

  private Interval assumed() {
    return basis.compareTo(Basis.ASSUMED) >= 0
        ? this
        : new Interval(min, max, Basis.ASSUMED, masked);
  }

  /** As doubtful as what grows steeply, unless it is better known. */
  Interval steep() {
    return basis.compareTo(Basis.ASSUMED) < 0
        ? this
        : new Interval(min, max, Basis.DOUBTFUL, masked);
  }

  Interval times(double factor) {
    return times(proven(factor, factor));
  }

  /** The quotient; of the usual size if the divisor may be 0. */
  Interval dividedBy(Interval other) {
    return other.min > 0 || other.max < 0
        ? times(new Interval(1 / other.max, 1 / other.min, other.basis, false))
        : with(other, -magnitude(), magnitude(), masked).assumed();
  }

  Interval lower(Interval other) {
    return with(other, Math.min(min, other.min), Math.min(max, other.max), masked || other.masked);
  }

  Interval higher(Interval other) {
    return with(other, Math.max(min, other.min), Math.max(max, other.max), masked && other.masked);
  }

  private Interval with(Interval other, double newMin, double newMax, boolean mask) {
    Basis weaker = basis.compareTo(other.basis) > 0 ? basis : other.basis;
    return new Interval(newMin, newMax, weaker, mask);
  }
}
