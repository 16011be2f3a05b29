package dev.tenrec.compiler.accuracy;

import com.google.common.base.Ascii;

/** What is measured of a model. */
public enum Metric {
  /** See {@link Classification}. */
  ACCURACY,
  /** See {@link Perplexity}. */
  PERPLEXITY;

  /** Whether a model with a larger number is better. */
  boolean largerIsBetter() {
    return this == ACCURACY;
  }

  /** The name as commands have it. */
  @Override
  public String toString() {
    return Ascii.toLowerCase(name());
  }
}
