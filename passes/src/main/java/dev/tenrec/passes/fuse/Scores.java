package dev.tenrec.passes.fuse;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Attention.CausalMask;
import dev.tenrec.ir.Attention.ScaledDotProduct;
import dev.tenrec.ir.Attention.Scoring;
import dev.tenrec.ir.Contraction.MatMul;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.Shuffle.Squeeze;
import dev.tenrec.ir.Shuffle.Transpose;
import dev.tenrec.ir.Shuffle.Unsqueeze;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.passes.rewrite.Match;
import dev.tenrec.passes.rewrite.Pattern.Variable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * What {@link FuseAttention} found, with the last two dimensions as attention has them.
 *
 * @param guarded whether weights that are not numbers become 0
 */
record Scores(
    Value queries,
    Value keys,
    Value values,
    Optional<Value> mask,
    Scoring scoring,
    boolean guarded) {
  private static final ImmutableList<Integer> HEAD = ImmutableList.of(1);

  static Scores of(Match.Found match) {
    MatMul product = match.operation(FuseAttention.PRODUCT, MatMul.class);
    MatMul result = (MatMul) match.root().producer().orElseThrow().op();
    double cap = number(match, FuseAttention.CAP, 1);
    double scale =
        number(match, FuseAttention.FACTOR, 1)
            / number(match, FuseAttention.DIVISOR, 1)
            * number(match, FuseAttention.INNER_FACTOR, 1)
            / number(match, FuseAttention.INNER_DIVISOR, 1)
            * cap;
    return new Scores(
        product.transposeA() ? transposed(product.a()) : product.a(),
        product.transposeB() ? product.b() : transposed(product.b()),
        result.transposeB() ? transposed(result.b()) : result.b(),
        ScoreMask.of(match),
        new Scoring(scale, match.find(FuseAttention.CAP).isPresent() ? cap : 0, CausalMask.NONE),
        match.find(FuseAttention.GUARD).isPresent());
  }

  private static double number(Match.Found match, Variable variable, double standard) {
    return match.find(variable).isPresent() ? match.number(variable) : standard;
  }

  private static Value transposed(Value x) {
    List<Integer> axes = new ArrayList<>();
    for (int axis = 0; axis < x.rank(); axis++) {
      axes.add(axis);
    }
    Collections.swap(axes, x.rank() - 2, x.rank() - 1);
    return new Transpose(x, ImmutableList.copyOf(axes)).value();
  }

  /** Whether queries, keys and values are heads of the same sequences. */
  boolean areHeads() {
    Shape own = leading(queries);
    Shape shared = leading(keys);
    boolean fits =
        keys.rank() == queries.rank()
            && values.rank() == queries.rank()
            && leading(values).equals(shared)
            && queries.dim(queries.rank() - 1).equals(keys.dim(keys.rank() - 1))
            && keys.dim(keys.rank() - 2).equals(values.dim(values.rank() - 2));
    boolean oneHead =
        fits
            && own.rank() == 2
            && own.dim(1).value().isPresent()
            && shared.equals(own.with(1, Dim.of(1)));
    return fits && (own.equals(shared) || oneHead);
  }

  private static Shape leading(Value x) {
    return new Shape(x.shape().dims().subList(0, x.rank() - 2));
  }

  Value attention() {
    if (queries.rank() == 4) {
      return GuardedMask.of(mask, guarded).attention(this);
    }
    Scores four =
        new Scores(
            unsqueezed(queries),
            unsqueezed(keys),
            unsqueezed(values),
            mask.map(m -> m.rank() == 3 ? unsqueezed(m) : m),
            scoring,
            guarded);
    return new Squeeze(four.attention(), HEAD).value();
  }

  private static Value unsqueezed(Value x) {
    return new Unsqueeze(x, HEAD).value();
  }

  Value with(Optional<Value> otherMask) {
    return new ScaledDotProduct(queries, keys, values, otherMask, scoring).value();
  }

  ElementType elementType() {
    return queries.elementType();
  }
}
