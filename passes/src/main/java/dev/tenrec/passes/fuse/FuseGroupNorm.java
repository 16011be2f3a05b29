package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.rewrite.Patterns.any;
import static dev.tenrec.passes.rewrite.Patterns.either;
import static dev.tenrec.passes.rewrite.Patterns.op;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Normalization.GroupNorm;
import dev.tenrec.ir.Normalization.LayerNorm;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Shuffle.Reshape;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.passes.rewrite.Constants;
import dev.tenrec.passes.rewrite.Fusion;
import dev.tenrec.passes.rewrite.Match;
import dev.tenrec.passes.rewrite.Pattern;
import dev.tenrec.passes.rewrite.Pattern.Variable;

/**
 * {@code reshape(instanceNorm(reshape(x, [N, groups, -1]), 1, 0)) → groupNorm(x, 1, 0, groups)};
 * the norm inside may also be a layer normalization of the last axis. {@link FuseChannelAffine}
 * adds scale and bias.
 *
 * <p>Legal where the groups divide the channels and each sample stays by itself.
 *
 * <p>Source: Wu and He, "Group Normalization", 2018.
 */
public record FuseGroupNorm() implements Fusion {
  private static final Variable X = any("x");
  private static final Variable GROUPED = any("grouped");
  private static final Variable NORM = any("norm");
  private static final Pattern.Operation SPLIT =
      op(Reshape.class, _ -> true, "is not a reshape", X, any("groups")).as(GROUPED);
  private static final Variable ONES =
      any("ones", "is not 1 everywhere", value -> Constants.isAll(value, 1));
  private static final Variable ZEROS =
      any("zeros", "is not 0 everywhere", value -> Constants.isAll(value, 0));
  private static final Pattern PATTERN =
      op(
          Reshape.class,
          _ -> true,
          "is not a reshape",
          either(
              op(GroupNorm.class, FuseGroupNorm::isInstanceNorm, "has groups", SPLIT, ONES, ZEROS)
                  .as(NORM),
              op(LayerNorm.class, op -> op.axis() == 2, "is not over one axis", SPLIT, ONES)
                  .as(NORM),
              op(LayerNorm.class, op -> op.axis() == 2, "is not over one axis", SPLIT, ONES, ZEROS)
                  .as(NORM)),
          any("shape"));

  private static boolean isInstanceNorm(GroupNorm op) {
    return op.groups() == 0 || op.x().dim(1).is(op.groups());
  }

  @Override
  public String name() {
    return "fuse-group-norm";
  }

  @Override
  public Pattern pattern() {
    return PATTERN;
  }

  @Override
  public Match check(Match.Found match) {
    Value x = match.get(X);
    Value grouped = match.get(GROUPED);
    boolean fits =
        x.rank() >= 3
            && grouped.rank() == 3
            && grouped.dim(0).equals(x.dim(0))
            && grouped.dim(1).lowerBound() > 0
            && grouped.dim(1).value().isPresent()
            && x.dim(1).value().orElse(1) % grouped.dim(1).value().getAsLong() == 0;
    Match own = match.require(fits, "does not split the channels into groups", grouped);
    return own instanceof Match.Found ? match.requireSameType(x) : own;
  }

  @Override
  public Value replacement(Match.Found match) {
    Value x = match.get(X);
    Op norm = match.get(NORM).producer().orElseThrow().op();
    double epsilon =
        norm instanceof LayerNorm layer ? layer.epsilon() : ((GroupNorm) norm).epsilon();
    long groups = match.get(GROUPED).dim(1).value().orElseThrow();
    return new GroupNorm(x, filled(x, 1), filled(x, 0), groups, epsilon).value();
  }

  private static Value filled(Value x, double number) {
    ImmutableLongArray sizes = ImmutableLongArray.of(x.dim(1).value().orElseThrow());
    return Terms.constant(Tensor.ofDoubles(x.elementType(), sizes, _ -> number));
  }
}
