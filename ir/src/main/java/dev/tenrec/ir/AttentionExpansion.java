package dev.tenrec.ir;

import static dev.tenrec.ir.Terms.activation;
import static dev.tenrec.ir.Terms.add;
import static dev.tenrec.ir.Terms.and;
import static dev.tenrec.ir.Terms.binary;
import static dev.tenrec.ir.Terms.cast;
import static dev.tenrec.ir.Terms.concat;
import static dev.tenrec.ir.Terms.equal;
import static dev.tenrec.ir.Terms.gather;
import static dev.tenrec.ir.Terms.matMul;
import static dev.tenrec.ir.Terms.mul;
import static dev.tenrec.ir.Terms.number;
import static dev.tenrec.ir.Terms.range;
import static dev.tenrec.ir.Terms.reduce;
import static dev.tenrec.ir.Terms.reshapeKeeping;
import static dev.tenrec.ir.Terms.scalar;
import static dev.tenrec.ir.Terms.select;
import static dev.tenrec.ir.Terms.size;
import static dev.tenrec.ir.Terms.sub;
import static dev.tenrec.ir.Terms.unary;
import static dev.tenrec.ir.Terms.unsqueeze;
import static dev.tenrec.ir.Terms.vector;

import dev.tenrec.ir.Attention.CausalMask;
import dev.tenrec.ir.Attention.RotaryEmbedding;
import dev.tenrec.ir.Attention.ScaledDotProduct;
import dev.tenrec.ir.Contraction.MatMul;
import dev.tenrec.ir.Elementwise.ActivationKind;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Normalization.Softmax;
import dev.tenrec.ir.Reduction.ReduceKind;
import dev.tenrec.ir.tensor.ElementType;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.LongStream;

/**
 * {@link Attention} in other operations, for backends that do not have it.
 *
 * <p>The products are taken in the type of the operands, with the scale on the queries; what lies
 * between them in at least 32 bits. It is what TensorRT makes one kernel of: product, sum with the
 * mask, softmax, product. What queries without keys get is put in after the second product.
 */
public final class AttentionExpansion {
  private AttentionExpansion() {}

  /** What is multiplied: scaled queries with keys, and what softmax gives with values. */
  public enum Factor {
    QUERIES,
    KEYS,
    WEIGHTS,
    VALUES
  }

  /** A value equal to the result of the operation. */
  public static Value of(Attention op) {
    return switch (op) {
      case ScaledDotProduct attention -> of(attention, (_, x) -> x);
      case RotaryEmbedding rotary -> rotary.interleaved() ? interleaved(rotary) : halves(rotary);
    };
  }

  /**
   * A value in which other factors are multiplied.
   *
   * @param change gives what stands for a factor
   */
  public static Value of(ScaledDotProduct op, BiFunction<Factor, Value, Value> change) {
    ElementType type = op.queries().elementType();
    ElementType wide = wide(op);
    Value queries = change.apply(Factor.QUERIES, mul(op.queries(), op.scoring().scale()));
    Value keys = change.apply(Factor.KEYS, shared(op.keys(), op));
    Value products = new MatMul(queries, keys, false, true).value();
    Value scores = capped(cast(products, wide), op.scoring().softCap());
    Optional<Value> attended = attended(op);
    boolean mayBeEmpty = attended.isPresent() && mayBeEmpty(op);
    Optional<Value> bias = attended.map(seen -> bias(seen, added(op).isPresent(), wide));
    Value masked = added(op).map(mask -> add(scores, cast(mask, wide))).orElse(scores);
    Value hidden = bias.map(hides -> add(masked, hides)).orElse(masked);
    Value weights = cast(new Softmax(hidden, 3, false).value(), type);
    Value values = change.apply(Factor.VALUES, shared(op.values(), op));
    Value result = matMul(change.apply(Factor.WEIGHTS, weights), values);
    return mayBeEmpty ? select(hasKeys(bias.orElseThrow()), result, scalar(type, 0)) : result;
  }

  private static ElementType wide(ScaledDotProduct op) {
    boolean twice =
        op.queries().elementType() == ElementType.FLOAT64
            || op.mask().map(mask -> mask.elementType() == ElementType.FLOAT64).orElse(false);
    return twice ? ElementType.FLOAT64 : ElementType.FLOAT32;
  }

  /** A head of keys or values for each one of the queries. */
  private static Value shared(Value x, ScaledDotProduct op) {
    if (x.dim(1).equals(op.queries().dim(1))) {
      return x;
    }
    long heads = op.queries().dim(1).value().orElseThrow();
    long group = heads / x.dim(1).value().orElseThrow();
    long[] sources = LongStream.range(0, heads).map(head -> head / group).toArray();
    return gather(x, vector(sources), 1);
  }

  private static Value capped(Value scores, double cap) {
    if (cap == 0) {
      return scores;
    }
    Value share = mul(scores, 1 / cap);
    return mul(activation(ActivationKind.TANH, share), cap);
  }

  private static Optional<Value> added(ScaledDotProduct op) {
    return op.mask().filter(mask -> mask.elementType() != ElementType.BOOL);
  }

  /** Which keys a query may attend to, unless it is all of them. */
  private static Optional<Value> attended(ScaledDotProduct op) {
    Optional<Value> mask = op.mask().filter(given -> given.elementType() == ElementType.BOOL);
    if (op.scoring().causal() == CausalMask.NONE) {
      return mask;
    }
    Value causal = causal(op);
    return Optional.of(mask.map(m -> and(causal, m)).orElse(causal));
  }

  private static Value causal(ScaledDotProduct op) {
    Value queries = size(op.queries(), 2);
    Value keys = size(op.keys(), 2);
    Value rows = unsqueeze(range(queries), 1);
    Value last =
        op.scoring().causal() == CausalMask.UPPER_LEFT ? rows : add(rows, sub(keys, queries));
    return binary(BinaryKind.LESS_OR_EQUAL, range(keys), last);
  }

  private static boolean mayBeEmpty(ScaledDotProduct op) {
    boolean masked = op.mask().isPresent() && added(op).isEmpty();
    boolean longer = !op.keys().dim(2).isAtLeast(op.queries().dim(2));
    return masked || (op.scoring().causal() == CausalMask.LOWER_RIGHT && longer);
  }

  /**
   * What hides keys. The lowest finite number hides like -∞ where another key is left, and nowhere
   * leads to what is not a number; together with an additive mask, which may be as low, it is -∞.
   */
  private static Value bias(Value attended, boolean withAdded, ElementType type) {
    double hidden = withAdded ? Double.NEGATIVE_INFINITY : lowest(type);
    return select(attended, scalar(type, 0), scalar(type, hidden));
  }

  private static double lowest(ElementType type) {
    return type == ElementType.FLOAT64 ? -Double.MAX_VALUE : -Float.MAX_VALUE;
  }

  /** Where something is not hidden. */
  private static Value hasKeys(Value bias) {
    Value largest = bias.rank() == 0 ? bias : reduce(ReduceKind.MAX, bias, true, bias.rank() - 1);
    return equal(largest, number(bias, 0));
  }

  /** {@code [a, b] → [a, b] [cos, cos] + [b, a] [-sin, sin]}. */
  private static Value halves(RotaryEmbedding op) {
    long pairs = op.pairs();
    int last = op.x().rank() - 1;
    Value first = slice(op.x(), 0, pairs, 1);
    Value second = slice(op.x(), pairs, 2 * pairs, 1);
    Value turned = op.x().dim(last).is(2 * pairs) ? op.x() : slice(op.x(), 0, 2 * pairs, 1);
    Value cos = beside(op.cos(), op.cos());
    Value sin = beside(unary(UnaryKind.NEG, op.sin()), op.sin());
    Value result = add(mul(turned, cos), mul(beside(second, first), sin));
    return withRest(op, result);
  }

  private static Value interleaved(RotaryEmbedding op) {
    int rank = op.x().rank();
    long[] sizes = new long[rank];
    sizes[rank - 1] = 2 * op.pairs();
    Value first = slice(op.x(), 0, 2 * op.pairs(), 2);
    Value second = slice(op.x(), 1, 2 * op.pairs(), 2);
    Value sums = sub(mul(first, op.cos()), mul(second, op.sin()));
    Value others = add(mul(second, op.cos()), mul(first, op.sin()));
    Value pairs = beside(unsqueeze(sums, rank), unsqueeze(others, rank));
    return withRest(op, reshapeKeeping(pairs, sizes));
  }

  /** What is turned, and behind it what is not. */
  private static Value withRest(RotaryEmbedding op, Value turned) {
    int last = op.x().rank() - 1;
    return op.x().dim(last).is(2 * op.pairs())
        ? turned
        : beside(turned, slice(op.x(), 2 * op.pairs(), Long.MAX_VALUE, 1));
  }

  private static Value slice(Value x, long from, long to, long step) {
    return Terms.slice(x, x.rank() - 1, vector(from), vector(to), step);
  }

  private static Value beside(Value a, Value b) {
    return concat(a.rank() - 1, a, b);
  }
}
