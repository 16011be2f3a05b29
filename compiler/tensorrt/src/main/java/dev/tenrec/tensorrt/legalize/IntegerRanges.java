package dev.tenrec.tensorrt.legalize;

import dev.tenrec.ir.Contraction;
import dev.tenrec.ir.Elementwise;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Indexing;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Reduction;
import dev.tenrec.ir.Shuffle;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the elements of integer values lie in, as far as the operations tell that compute them. Asks
 * operands first: whoever asks in the order of a graph never goes deep. For one run.
 */
final class IntegerRanges {
  private final Map<Value, IntegerRange> known = new HashMap<>();

  /** Notes what is known of a value from elsewhere. */
  void put(Value value, IntegerRange range) {
    known.put(value, range);
  }

  /** The range of a value of integers or booleans. */
  IntegerRange of(Value value) {
    IntegerRange present = known.get(value);
    if (present != null) {
      return present;
    }
    IntegerRange all = IntegerRange.of(value.elementType());
    // What leaves the type is wrapped to anywhere in it.
    IntegerRange range =
        value
            .producer()
            .flatMap(node -> computed(node, value))
            .filter(r -> r.isIn(all))
            .orElse(all);
    known.put(value, range);
    return range;
  }

  private Optional<IntegerRange> computed(Node node, Value value) {
    if (value.elementType() == ElementType.BOOL) {
      return Optional.empty();
    }
    return switch (node.op()) {
      case Source.Constant(var tensor) -> Optional.of(IntegerRange.of(tensor));
      case Source.Range(Value start, Value limit, _) -> Optional.of(of(start).union(of(limit)));
      case Elementwise.Unary(UnaryKind kind, Value x) -> unary(kind, of(x));
      case Elementwise.Binary(BinaryKind kind, Value a, Value b) -> binary(kind, of(a), of(b));
      case Elementwise.Select(_, Value a, Value b) -> Optional.of(of(a).union(of(b)));
      case Elementwise.Cast(Value x, _) -> cast(x);
      case Elementwise.Activation(var kind, Value x, double alpha, double beta) ->
          switch (kind) {
            case RELU -> Optional.of(of(x).clamped(0, Long.MAX_VALUE));
            case CLIP -> Optional.of(of(x).clamped((long) alpha, (long) beta));
            default -> Optional.empty();
          };
      case Shuffle.Concat(var inputs, _) -> Optional.of(union(inputs));
      case Shuffle.Pad(Value x, _, Value fill, _) -> Optional.of(of(x).union(of(fill)));
      case Shuffle shuffle -> Optional.of(of(shuffle.operands().getFirst()));
      case Indexing.Gather(Value x, _, _) -> Optional.of(of(x));
      case Indexing.GatherElements(Value x, _, _) -> Optional.of(of(x));
      case Indexing.GatherNd(Value x, _, _) -> Optional.of(of(x));
      case Indexing.ScatterElements(var kind, Value x, _, Value updates, _) ->
          scattered(kind, x, updates);
      case Indexing.ScatterNd(var kind, Value x, _, Value updates) -> scattered(kind, x, updates);
      case Reduction.Reduce reduce -> reduced(reduce);
      case Reduction.CumulativeSum(Value x, int axis, _, _) -> sum(x, x.dim(axis).upperBound());
      case Contraction.MatMul product ->
          of(product.a()).times(of(product.b())).flatMap(r -> sum(r, inner(product)));
      default -> Optional.empty();
    };
  }

  /** What a cast reads; bytes come by way of floating point, and uint64 keeps only its bits. */
  private Optional<IntegerRange> cast(Value x) {
    Value source = x.producedBy(Elementwise.Cast.class).map(Elementwise.Cast::x).orElse(x);
    boolean bytes =
        x.elementType() == ElementType.FLOAT32 && source.elementType() == ElementType.UINT8;
    if (bytes) {
      return Optional.of(IntegerRange.of(ElementType.UINT8));
    }
    return x.elementType().isFloating() || x.elementType() == ElementType.UINT64
        ? Optional.empty()
        : Optional.of(of(x));
  }

  private IntegerRange union(List<Value> values) {
    return values.stream().map(this::of).reduce(IntegerRange::union).orElseThrow();
  }

  private Optional<IntegerRange> scattered(Indexing.ScatterKind kind, Value x, Value updates) {
    return switch (kind) {
      case REPLACE, MIN, MAX -> Optional.of(of(x).union(of(updates)));
      case ADD, MUL -> Optional.empty();
    };
  }

  private static Optional<IntegerRange> unary(UnaryKind kind, IntegerRange x) {
    return switch (kind) {
      case BIT_NOT -> Optional.of(new IntegerRange(~x.high(), ~x.low()));
      case ABS ->
          Optional.of(new IntegerRange(0, x.magnitude())).filter(r -> x.low() > Long.MIN_VALUE);
      case NEG -> new IntegerRange(0, 0).minus(x);
      case SIGN -> Optional.of(x.clamped(-1, 1));
      case CEIL, FLOOR, ROUND -> Optional.of(x);
      default -> Optional.empty();
    };
  }

  private static Optional<IntegerRange> binary(BinaryKind kind, IntegerRange a, IntegerRange b) {
    return switch (kind) {
      case ADD -> a.plus(b);
      case SUB -> a.minus(b);
      case MUL -> a.times(b);
      case DIV, FLOOR_DIV ->
          b.low() > 0 ? Optional.of(a.union(new IntegerRange(0, 0))) : Optional.empty();
      case MOD -> b.low() > 0 ? Optional.of(new IntegerRange(0, b.high() - 1)) : Optional.empty();
      case FMOD -> Optional.of(a.union(new IntegerRange(0, 0)));
      case MIN ->
          Optional.of(new IntegerRange(Math.min(a.low(), b.low()), Math.min(a.high(), b.high())));
      case MAX ->
          Optional.of(new IntegerRange(Math.max(a.low(), b.low()), Math.max(a.high(), b.high())));
      case BIT_AND ->
          a.low() < 0 && b.low() < 0
              ? Optional.of(a.union(b).patterns())
              : Optional.of(
                  new IntegerRange(
                      0,
                      a.low() < 0
                          ? b.high()
                          : b.low() < 0 ? a.high() : Math.min(a.high(), b.high())));
      case BIT_OR, BIT_XOR -> Optional.of(a.union(b).patterns());
      case SHIFT_RIGHT -> Optional.of(a.union(new IntegerRange(0, 0)));
      case POW, AND, OR, XOR, SHIFT_LEFT -> Optional.empty();
      case EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> Optional.empty();
    };
  }

  private Optional<IntegerRange> reduced(Reduction.Reduce reduce) {
    Value x = reduce.x();
    long count = 1;
    for (int axis : reduce.axes()) {
      count = saturated(count, x.dim(axis).upperBound());
    }
    return switch (reduce.kind()) {
      // Of nothing, the largest is the lowest number of the type.
      case MAX, MIN, MEAN -> Optional.of(of(x)).filter(_ -> isFilled(reduce));
      case SUM -> sum(x, count);
      case L1 -> sum(new IntegerRange(0, of(x).magnitude()), count);
      case SUM_SQUARE -> {
        long bits = count;
        yield of(x).times(of(x)).flatMap(squares -> sum(squares, bits));
      }
      case PROD, L2, LOG_SUM, LOG_SUM_EXP -> Optional.empty();
    };
  }

  private static boolean isFilled(Reduction.Reduce reduce) {
    return reduce.axes().stream().allMatch(axis -> reduce.x().dim(axis).lowerBound() > 0);
  }

  private static long saturated(long a, long b) {
    return Math.multiplyHigh(a, b) == 0 && a * b >= 0 ? a * b : Long.MAX_VALUE;
  }

  private Optional<IntegerRange> sum(Value x, long count) {
    return sum(of(x), count);
  }

  /** Sums of at most so many elements. */
  private static Optional<IntegerRange> sum(IntegerRange element, long count) {
    return element.times(new IntegerRange(0, count));
  }

  private static long inner(Contraction.MatMul product) {
    int axis = product.a().rank() - (product.transposeA() ? 2 : 1);
    return product.a().dim(axis).upperBound();
  }
}
