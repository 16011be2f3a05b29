package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.rewrite.Patterns.add;
import static dev.tenrec.passes.rewrite.Patterns.any;
import static dev.tenrec.passes.rewrite.Patterns.mul;
import static dev.tenrec.passes.rewrite.Patterns.op;
import static dev.tenrec.passes.rewrite.Patterns.unary;

import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Shuffle.Concat;
import dev.tenrec.ir.Value;
import dev.tenrec.passes.rewrite.Fusion;
import dev.tenrec.passes.rewrite.Match;
import dev.tenrec.passes.rewrite.Pattern;
import dev.tenrec.passes.rewrite.Pattern.Variable;
import java.util.Optional;

/**
 * {@code x cos + [-b, a] sin → rotaryEmbedding(x, cos', sin')} for {@code x = [a, b]}, where the
 * tables are {@code cos = [cos', cos']} and {@code sin = [sin', sin']}.
 *
 * <p>Legal where a and b are the halves of the last dimension of x, of fixed size, and both tables
 * are computed from equal halves and do not broadcast x.
 *
 * <p>Source: Su et al., "RoFormer: Enhanced Transformer with Rotary Position Embedding", 2021.
 */
public record FuseRotaryHalves() implements Fusion {
  private static final AngleTables TABLES = new AngleTables(false);
  private static final Variable X = any("x");
  private static final Variable FIRST = any("first");
  private static final Variable SECOND = any("second");
  private static final Variable COS = table("cos");
  private static final Variable SIN = table("sin");
  private static final Pattern TURNED =
      op(
          Concat.class,
          concat -> concat.axis() == concat.inputs().getFirst().rank() - 1,
          "does not put columns side by side",
          unary(UnaryKind.NEG, SECOND),
          FIRST);
  private static final Pattern PATTERN = add(mul(TURNED, SIN), mul(X, COS));

  private static Variable table(String name) {
    return any(name, "has no equal halves", value -> TABLES.once(value).isPresent());
  }

  @Override
  public String name() {
    return "fuse-rotary-halves";
  }

  @Override
  public Pattern pattern() {
    return PATTERN;
  }

  @Override
  public Match check(Match.Found match) {
    Optional<Columns> x = Columns.of(match.get(X));
    if (x.isEmpty() || x.get().count() % 2 != 0) {
      return match.require(false, "has no halves of fixed size", match.get(X));
    }
    long half = x.get().count() / 2;
    boolean halves =
        Columns.of(match.get(FIRST)).equals(Optional.of(x.get().part(0, half)))
            && Columns.of(match.get(SECOND)).equals(Optional.of(x.get().part(half, 2 * half)));
    return halves
        ? match.requireSameType(match.get(X))
        : match.require(false, "is not made of the halves", match.get(SECOND));
  }

  @Override
  public Value replacement(Match.Found match) {
    return TABLES.turned(match.get(X), match.get(COS), match.get(SIN));
  }
}
