package com.example;

import static dev.tenrec.passes.rewrite.Patterns.add;
import static dev.tenrec.passes.rewrite.Patterns.any;
import static dev.tenrec.passes.rewrite.Patterns.number;
import static dev.tenrec.passes.rewrite.Patterns.quotient;
import static dev.tenrec.passes.rewrite.Patterns.unary;

import dev.tenrec.ir.Elementwise.Activation;
import dev.tenrec.ir.Elementwise.ActivationKind;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Value;
import dev.tenrec.passes.rewrite.Fusion;
import dev.tenrec.passes.rewrite.Match;
import dev.tenrec.passes.rewrite.Pattern;
import dev.tenrec.passes.rewrite.Pattern.Variable;

/** {@code x / (1 + |x|) → softsign(x)}, where the 1 does not change the shape. */
public record FuseSoftsign() implements Fusion {
  private static final Variable X = any("x");
  private static final Pattern PATTERN = quotient(X, add(number(1), unary(UnaryKind.ABS, X)));

  @Override
  public String name() {
    return "fuse-softsign";
  }

  @Override
  public Pattern pattern() {
    return PATTERN;
  }

  @Override
  public Match check(Match.Found match) {
    return match.requireSameType(match.get(X));
  }

  @Override
  public Value replacement(Match.Found match) {
    return new Activation(ActivationKind.SOFTSIGN, match.get(X)).value();
  }
}
