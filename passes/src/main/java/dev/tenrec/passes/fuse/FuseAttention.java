package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.rewrite.Patterns.activation;
import static dev.tenrec.passes.rewrite.Patterns.add;
import static dev.tenrec.passes.rewrite.Patterns.any;
import static dev.tenrec.passes.rewrite.Patterns.castOrNot;
import static dev.tenrec.passes.rewrite.Patterns.div;
import static dev.tenrec.passes.rewrite.Patterns.either;
import static dev.tenrec.passes.rewrite.Patterns.mul;
import static dev.tenrec.passes.rewrite.Patterns.number;
import static dev.tenrec.passes.rewrite.Patterns.op;
import static dev.tenrec.passes.rewrite.Patterns.scalar;
import static dev.tenrec.passes.rewrite.Patterns.unary;

import dev.tenrec.ir.Contraction.MatMul;
import dev.tenrec.ir.Elementwise.ActivationKind;
import dev.tenrec.ir.Elementwise.Select;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Normalization.Softmax;
import dev.tenrec.ir.Value;
import dev.tenrec.passes.rewrite.Fusion;
import dev.tenrec.passes.rewrite.Match;
import dev.tenrec.passes.rewrite.Pattern;
import dev.tenrec.passes.rewrite.Pattern.Variable;

/**
 * {@code softmax(cap(Q Kᵀ scale) + mask) V → scaledDotProduct(Q, K, V, mask)}, with or without
 * scale, soft cap and mask; there may be several masks, and scores may be replaced by a number: see
 * {@link ScoreMask}. Weights that are not numbers may be replaced by 0, as exporters write it for
 * queries that may attend to nothing: see {@link GuardedMask}.
 *
 * <p>Legal where the softmax is over the keys, and where neither the products nor the sum with the
 * mask are broadcast, but for a single head of keys and values that all queries share, and where
 * queries and values have one element type. Scores are taken for numbers: those that are not, from
 * operands that are not finite, are no reason for a guard.
 *
 * <p>Source: Vaswani et al., "Attention Is All You Need", 2017.
 */
public record FuseAttention() implements Fusion {
  static final Variable PRODUCT = any("product");
  static final Variable WEIGHTS = any("weights");
  static final Variable FACTOR = scalar("factor");
  static final Variable DIVISOR = scalar("divisor");
  static final Variable INNER_FACTOR = scalar("inner factor");
  static final Variable INNER_DIVISOR = scalar("inner divisor");
  static final Variable CAP = scalar("cap");
  static final Variable MASK = any("mask");
  static final Variable MORE_MASK = any("further mask");
  static final Variable ALLOWED = any("allowed");
  static final Variable HIDDEN = any("hidden");
  static final Variable FILL = any("fill", "is not a constant that hides scores", ScoreMask::hides);
  static final Variable GUARD = any("guard");

  private static final Pattern SCALED = scaled(op(MatMul.class).as(PRODUCT), FACTOR, DIVISOR);
  private static final Pattern CAPPED =
      either(
          SCALED,
          mul(activation(ActivationKind.TANH, scaled(SCALED, INNER_FACTOR, INNER_DIVISOR)), CAP));
  private static final Pattern SCORES = castOrNot(CAPPED);
  private static final Pattern SUM =
      either(SCORES, add(SCORES, MASK), add(add(SCORES, MASK), MORE_MASK));
  private static final Pattern MASKED =
      either(SUM, select(ALLOWED, SUM, FILL), select(HIDDEN, FILL, SUM));
  private static final Pattern SOFTMAX =
      op(
              Softmax.class,
              softmax -> !softmax.logarithm() && softmax.axis() == softmax.x().rank() - 1,
              "is not a softmax over the last dimension",
              castOrNot(MASKED))
          .as(WEIGHTS);
  private static final Pattern GUARDED =
      select(unary(UnaryKind.IS_NAN, SOFTMAX), number(0), SOFTMAX).as(GUARD);
  private static final Pattern PATTERN =
      op(
          MatMul.class,
          product -> !product.transposeA(),
          "is not a product with weights",
          castOrNot(either(SOFTMAX, GUARDED)),
          any("values"));

  private static Pattern scaled(Pattern x, Variable factor, Variable divisor) {
    return either(x, mul(x, factor), div(x, divisor));
  }

  private static Pattern.Operation select(Pattern condition, Pattern a, Pattern b) {
    return op(Select.class, _ -> true, "is not a Select", condition, a, b);
  }

  @Override
  public String name() {
    return "fuse-attention";
  }

  @Override
  public Pattern pattern() {
    return PATTERN;
  }

  @Override
  public Match check(Match.Found match) {
    Scores scores = Scores.of(match);
    Value weights = match.get(WEIGHTS);
    Value product = match.get(PRODUCT);
    if (product.elementType() != match.root().elementType()) {
      return match.require(false, "has another element type than the values", product);
    }
    if (product.rank() != 3 && product.rank() != 4) {
      return match.require(false, "has neither 3 nor 4 dimensions", product);
    }
    if (!weights.shape().equals(product.shape())) {
      return match.require(false, "is broadcast by a mask", product);
    }
    return match.require(
        scores.areHeads(), "has other sequences or heads than keys and values", scores.queries());
  }

  @Override
  public Value replacement(Match.Found match) {
    return Scores.of(match).attention();
  }
}
