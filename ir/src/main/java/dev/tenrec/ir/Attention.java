package dev.tenrec.ir;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.tensor.ElementType;
import java.util.List;
import java.util.Optional;

/** What transformers are made of. {@link AttentionExpansion} says it in other operations. */
public sealed interface Attention extends Op {

  /** Which keys a query may attend to, by their places. */
  enum CausalMask {
    /** All of them. */
    NONE,
    /** Query i attends to keys 0 to i: both begin at the same place. */
    UPPER_LEFT,
    /** The last query attends to all keys, the one before it to all but one: both end together. */
    LOWER_RIGHT
  }

  /**
   * How the scores of keys are made of products.
   *
   * @param scale what products are multiplied by
   * @param softCap c in c tanh(score / c), which keeps scores between -c and c; 0 for none
   */
  record Scoring(double scale, double softCap, CausalMask causal) {
    public Scoring {
      Typing.check(
          Double.isFinite(scale) && Double.isFinite(softCap) && softCap >= 0,
          "a scale of %s and a soft cap of %s",
          scale,
          softCap);
    }

    public static Scoring of(double scale) {
      return new Scoring(scale, 0, CausalMask.NONE);
    }
  }

  /**
   * softmax(scores(Q Kᵀ) + mask) V. Each head of the keys and values serves as many neighbouring
   * heads of the queries as there are for it: query head h reads key head h / (Nq / Nkv).
   *
   * <p>A query that may attend to no key at all, by a boolean mask or by causality, gets zeros.
   * What is added to scores is just added: where it makes all of them the lowest finite number, all
   * keys have the same weight, and where it makes all of them -∞, the result is not a number. Keys
   * that may not be attended to have the weight 0.
   *
   * @param queries [B, Nq, Sq, H]
   * @param keys [B, Nkv, Skv, H]
   * @param values [B, Nkv, Skv, Hv]
   * @param mask broadcast to [B, Nq, Sq, Skv]: boolean, true where a key may be attended to; or
   *     floating-point of any type, added to the capped scores
   */
  record ScaledDotProduct(
      Value queries, Value keys, Value values, Optional<Value> mask, Scoring scoring)
      implements Attention {
    @Override
    public ImmutableList<Value> operands() {
      ImmutableList.Builder<Value> all = ImmutableList.builder();
      all.add(queries, keys, values);
      mask.ifPresent(all::add);
      return all.build();
    }

    @Override
    public ScaledDotProduct withOperands(ImmutableList<Value> v) {
      return new ScaledDotProduct(v.get(0), v.get(1), v.get(2), mask.map(_ -> v.get(3)), scoring);
    }

    @Override
    public ImmutableList<TensorType> inferTypes() {
      Typing.floating(queries);
      for (Value operand : List.of(queries, keys, values)) {
        Typing.rank(operand, 4);
        Typing.sameElementType(queries, operand);
        Typing.check(
            Typing.agree(queries.dim(0), operand.dim(0)),
            "%s and %s are not as many sequences",
            queries.type(),
            operand.type());
      }
      Typing.check(
          Typing.agree(queries.dim(3), keys.dim(3))
              && Typing.agree(keys.dim(2), values.dim(2))
              && Typing.agree(keys.dim(1), values.dim(1)),
          "queries %s, keys %s and values %s do not fit",
          queries.type(),
          keys.type(),
          values.type());
      Typing.check(
          sharesHeads(queries.dim(1), keys.dim(1)),
          "the heads of queries %s cannot share those of keys %s",
          queries.type(),
          keys.type());
      mask.ifPresent(this::checkMask);
      return ImmutableList.of(queries.type().with(queries.shape().with(3, values.dim(3))));
    }

    private static boolean sharesHeads(Dim own, Dim shared) {
      if (own.value().isEmpty() || shared.value().isEmpty()) {
        return own.equals(shared);
      }
      return shared.is(0) ? own.is(0) : own.value().getAsLong() % shared.value().getAsLong() == 0;
    }

    private void checkMask(Value given) {
      Typing.check(
          given.elementType() == ElementType.BOOL || given.elementType().isFloating(),
          "the mask %s is neither boolean nor floating-point",
          given.type());
      Shape scores = queries.shape().with(3, keys.dim(2));
      Typing.broadcastsTo(given, queries.type().with(scores));
    }
  }

  /**
   * Pairs of elements turned by angles: (a, b) → (a cos - b sin, b cos + a sin). The first R
   * elements of each row make R / 2 pairs; the others stay as they are.
   *
   * @param x [..., H]
   * @param cos broadcast to [..., R / 2], with the last size known
   * @param sin as cos
   * @param interleaved whether a pair lies side by side, (2i, 2i + 1), and not R / 2 apart
   */
  record RotaryEmbedding(Value x, Value cos, Value sin, boolean interleaved) implements Attention {
    @Override
    public ImmutableList<Value> operands() {
      return ImmutableList.of(x, cos, sin);
    }

    @Override
    public RotaryEmbedding withOperands(ImmutableList<Value> v) {
      return new RotaryEmbedding(v.get(0), v.get(1), v.get(2), interleaved);
    }

    /** R / 2. */
    public long pairs() {
      return cos.dim(cos.rank() - 1).value().orElseThrow();
    }

    @Override
    public ImmutableList<TensorType> inferTypes() {
      Typing.floating(x);
      Typing.rankAtLeast(x, 1);
      for (Value table : List.of(cos, sin)) {
        Typing.sameElementType(x, table);
        Typing.rankAtLeast(table, 1);
        Typing.check(
            table.dim(table.rank() - 1).value().isPresent(),
            "the number of pairs in %s is not known",
            table.type());
      }
      int last = x.rank() - 1;
      Typing.check(
          2 * pairs() <= x.dim(last).value().orElse(Long.MAX_VALUE),
          "%s has less than %d pairs",
          x.type(),
          pairs());
      TensorType halves = x.type().with(x.shape().with(last, Dim.of(pairs())));
      Typing.broadcastsTo(cos, halves);
      Typing.broadcastsTo(sin, halves);
      Typing.check(sin.dim(sin.rank() - 1).is(pairs()), "%s and %s differ", cos.type(), sin.type());
      return ImmutableList.of(x.type());
    }
  }
}
