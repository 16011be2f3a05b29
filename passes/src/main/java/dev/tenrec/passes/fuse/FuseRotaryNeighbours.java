package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.rewrite.Patterns.add;
import static dev.tenrec.passes.rewrite.Patterns.any;
import static dev.tenrec.passes.rewrite.Patterns.mul;
import static dev.tenrec.passes.rewrite.Patterns.op;
import static dev.tenrec.passes.rewrite.Patterns.unary;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Shuffle.Concat;
import dev.tenrec.ir.Shuffle.Reshape;
import dev.tenrec.ir.Shuffle.Unsqueeze;
import dev.tenrec.ir.Value;
import dev.tenrec.passes.rewrite.Fusion;
import dev.tenrec.passes.rewrite.Match;
import dev.tenrec.passes.rewrite.Pattern;
import dev.tenrec.passes.rewrite.Pattern.Variable;
import java.util.Optional;

/**
 * {@code x cos + turned sin → rotaryEmbedding(x, cos', sin')} of neighbours, where {@code turned}
 * is x with each pair (a, b) replaced by (-b, a), and the tables have each column of {@code cos'}
 * and {@code sin'} twice, beside itself.
 *
 * <p>Legal where a and b are every other element of the last dimension of x, of fixed size, and the
 * tables do not broadcast x.
 *
 * <p>Source: Su et al., "RoFormer: Enhanced Transformer with Rotary Position Embedding", 2021.
 */
public record FuseRotaryNeighbours() implements Fusion {
  private static final AngleTables TABLES = new AngleTables(true);
  private static final Variable X = any("x");
  private static final Variable EVEN = any("even");
  private static final Variable ODD = any("odd");
  private static final Variable COS = table("cos");
  private static final Variable SIN = table("sin");
  private static final Variable TURNED = any("turned");
  private static final Pattern PAIRS =
      op(
          Concat.class,
          concat -> concat.axis() == concat.inputs().getFirst().rank() - 1,
          "does not put columns side by side",
          column(unary(UnaryKind.NEG, ODD)),
          column(EVEN));
  private static final Pattern PATTERN =
      add(
          mul(
              op(Reshape.class, _ -> true, "is not a Reshape", PAIRS, any("sizes")).as(TURNED),
              SIN),
          mul(X, COS));

  private static Variable table(String name) {
    return any(name, "has no equal neighbours", value -> TABLES.once(value).isPresent());
  }

  private static Pattern column(Pattern x) {
    return op(
        Unsqueeze.class,
        op -> op.axes().equals(ImmutableList.of(op.x().rank())),
        "is not an Unsqueeze of the last dimension",
        x);
  }

  @Override
  public String name() {
    return "fuse-rotary-neighbours";
  }

  @Override
  public Pattern pattern() {
    return PATTERN;
  }

  @Override
  public Match check(Match.Found match) {
    Value x = match.get(X);
    Optional<Columns> even = Columns.of(match.get(EVEN));
    Optional<Columns> odd = Columns.of(match.get(ODD));
    Optional<Columns> all = Columns.of(x).filter(columns -> columns.step() == 1);
    if (all.isEmpty() || even.isEmpty() || odd.isEmpty() || all.get().count() % 2 != 0) {
      return match.require(false, "has no pairs of fixed size", x);
    }
    boolean pairs =
        even.get().equals(everyOther(all.get(), 0)) && odd.get().equals(everyOther(all.get(), 1));
    if (!pairs || !match.get(TURNED).type().equals(x.type())) {
      return match.require(false, "is not made of the pairs", match.get(ODD));
    }
    return match.requireSameType(x);
  }

  private static Columns everyOther(Columns all, long first) {
    long from = all.from() + first;
    return new Columns(all.source(), from, from + all.count(), 2);
  }

  @Override
  public Value replacement(Match.Found match) {
    return TABLES.turned(match.get(X), match.get(COS), match.get(SIN));
  }
}
