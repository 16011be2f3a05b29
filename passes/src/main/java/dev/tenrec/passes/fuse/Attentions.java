package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.rewrite.Patterns.any;
import static dev.tenrec.passes.rewrite.Patterns.either;
import static dev.tenrec.passes.rewrite.Patterns.op;

import dev.tenrec.ir.Attention.ScaledDotProduct;
import dev.tenrec.passes.rewrite.Match;
import dev.tenrec.passes.rewrite.Pattern;

/** Attention as fusions meet it. */
final class Attentions {
  private static final String EXPECTATION = "is not attention";

  private Attentions() {}

  /** Attention with or without a mask. */
  static Pattern attention(Pattern queries, Pattern keys, Pattern values) {
    return either(
        op(ScaledDotProduct.class, _ -> true, EXPECTATION, queries, keys, values),
        op(ScaledDotProduct.class, _ -> true, EXPECTATION, queries, keys, values, any("mask")));
  }

  /** The attention that a match replaces. */
  static ScaledDotProduct of(Match.Found match) {
    return match.root().producedBy(ScaledDotProduct.class).orElseThrow();
  }
}
