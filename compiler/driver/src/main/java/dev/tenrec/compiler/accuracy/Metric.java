package dev.tenrec.compiler.accuracy;

/** What is measured of a model. */
public enum Metric {
  /** See {@link Classification}. */
  ACCURACY,
  /** See {@link Perplexity}. */
  PERPLEXITY
}
