package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.rewrite.Patterns.any;
import static dev.tenrec.passes.rewrite.Patterns.either;
import static dev.tenrec.passes.rewrite.Patterns.op;

import dev.tenrec.ir.Attention.ScaledDotProduct;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.Shuffle.Expand;
import dev.tenrec.ir.Shuffle.Reshape;
import dev.tenrec.ir.Shuffle.Unsqueeze;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.passes.rewrite.Fusion;
import dev.tenrec.passes.rewrite.Match;
import dev.tenrec.passes.rewrite.Pattern;
import dev.tenrec.passes.rewrite.Pattern.Variable;
import java.util.List;

/**
 * Attention to heads of keys and values that were repeated for the queries → to those that there
 * are: {@code attention(Q, reshape(expand(unsqueeze(K, 2))), ...) → attention(Q, K, ...)}.
 *
 * <p>Legal where each head is repeated beside itself, and the same number of times in both.
 *
 * <p>Source: Ainslie et al., "GQA: Training Generalized Multi-Query Transformer Models", 2023.
 */
public record FuseSharedHeads() implements Fusion {
  private static final Variable QUERIES = any("queries");
  private static final Variable KEYS = any("keys");
  private static final Variable VALUES = any("values");
  private static final Pattern PATTERN =
      Attentions.attention(QUERIES, repeated(KEYS), repeated(VALUES));

  private static Pattern repeated(Variable x) {
    Pattern apart =
        either(
            op(Unsqueeze.class, _ -> true, "is not an Unsqueeze", x),
            op(Reshape.class, _ -> true, "is not a Reshape", x, any("sizes apart")));
    Pattern copies = op(Expand.class, _ -> true, "is not an Expand", apart, any("copies"));
    return either(
        op(Reshape.class, _ -> true, "is not a Reshape", copies, any("sizes")),
        op(Expand.class, _ -> true, "is not an Expand", x, any("copies of one")));
  }

  @Override
  public String name() {
    return "fuse-shared-heads";
  }

  @Override
  public Pattern pattern() {
    return PATTERN;
  }

  @Override
  public Match check(Match.Found match) {
    ScaledDotProduct op = Attentions.of(match);
    Value keys = match.get(KEYS);
    Value values = match.get(VALUES);
    if (!repeats(keys, op.keys()) || !repeats(values, op.values())) {
      return match.require(false, "is not repeated head by head", keys);
    }
    return match.require(
        keys.dim(1).equals(values.dim(1)), "is repeated as the values are not", keys);
  }

  /** Whether each head of the first is repeated beside itself. */
  private static boolean repeats(Value heads, Value repeated) {
    if (heads.rank() != 4 || heads.dim(1).value().isEmpty() || heads.dim(1).is(0)) {
      return false;
    }
    Dim all = repeated.dim(1);
    boolean same = heads.shape().with(1, all).equals(repeated.shape()) && all.value().isPresent();
    if (!same || all.value().getAsLong() % heads.dim(1).value().getAsLong() != 0) {
      return false;
    }
    Dim group = Dim.of(all.value().getAsLong() / heads.dim(1).value().getAsLong());
    List<Dim> h = heads.shape().dims();
    return repeated
        .producedBy(Reshape.class)
        .map(reshape ->
            reshape.x().shape().equals(Shape.of(h.get(0), h.get(1), group, h.get(2), h.get(3)))
                && isApart(reshape.x().producedBy(Expand.class).orElseThrow().x(), heads))
        .orElse(heads.dim(1).is(1));
  }

  private static boolean isApart(Value apart, Value heads) {
    List<Dim> h = heads.shape().dims();
    return apart.shape().equals(Shape.of(h.get(0), h.get(1), Dim.of(1), h.get(2), h.get(3)));
  }

  @Override
  public Value replacement(Match.Found match) {
    ScaledDotProduct op = Attentions.of(match);
    return new ScaledDotProduct(
            op.queries(), match.get(KEYS), match.get(VALUES), op.mask(), op.scoring())
        .value();
  }
}
