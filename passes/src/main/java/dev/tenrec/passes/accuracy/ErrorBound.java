package dev.tenrec.passes.accuracy;

/** A bound of an error, of which less is better. */
public interface ErrorBound {
  /** What the error may be at most. */
  double largest();

  /** What an error says, in words. */
  String describe(double error);
}
