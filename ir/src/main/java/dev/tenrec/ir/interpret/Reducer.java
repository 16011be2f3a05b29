package dev.tenrec.ir.interpret;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Reduction.ReduceKind;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.LongBinaryOperator;

/** Folds the elements of a tensor into those of a smaller one. */
final class Reducer {
  private final Tensor x;
  private final ImmutableLongArray sizes;

  /** For each element of x the one of the result that it goes into. */
  private final long[] into;

  private Reducer(Tensor x, ImmutableLongArray sizes, long[] into) {
    this.x = x;
    this.sizes = sizes;
    this.into = into;
  }

  static Tensor reduce(ReduceKind kind, Tensor x, List<Integer> axes, boolean keepDims) {
    ImmutableLongArray kept = ReductionInterpreter.reduced(x.sizes(), axes, true);
    long[] strides = Positions.strides(kept);
    long[] into =
        Positions.of(x.sizes(), axis -> axes.contains(axis) ? _ -> 0 : i -> i * strides[axis]);
    Reducer reducer = new Reducer(x, ReductionInterpreter.reduced(x.sizes(), axes, keepDims), into);
    return x.elementType().isFloating() ? reducer.ofNumbers(kind) : reducer.ofIntegers(kind);
  }

  private Tensor ofNumbers(ReduceKind kind) {
    double[] result =
        switch (kind) {
          case SUM, MEAN -> fold(0, Double::sum);
          case MAX -> fold(Double.NEGATIVE_INFINITY, Math::max);
          case MIN -> fold(Double.POSITIVE_INFINITY, Math::min);
          case PROD -> fold(1, (product, element) -> product * element);
          case L1 -> fold(0, (sum, element) -> sum + Math.abs(element));
          case L2, SUM_SQUARE -> fold(0, (sum, element) -> sum + element * element);
          case LOG_SUM -> fold(0, Double::sum);
          case LOG_SUM_EXP -> logSumExp();
        };
    double count = elementsPerResult();
    return Tensor.ofDoubles(
        x.elementType(),
        sizes,
        i ->
            switch (kind) {
              case SUM, MAX, MIN, PROD, L1, SUM_SQUARE, LOG_SUM_EXP -> result[i];
              case MEAN -> result[i] / count;
              case L2 -> Math.sqrt(result[i]);
              case LOG_SUM -> Math.log(result[i]);
            });
  }

  private double elementsPerResult() {
    return (double) x.count() / Positions.count(sizes);
  }

  /** Relative to the largest element, so that nothing overflows. */
  private double[] logSumExp() {
    double[] largest = fold(Double.NEGATIVE_INFINITY, Math::max);
    double[] sums = new double[largest.length];
    for (int i = 0; i < largest.length; i++) {
      largest[i] = Double.isInfinite(largest[i]) ? 0 : largest[i];
    }
    for (int i = 0; i < into.length; i++) {
      int group = (int) into[i];
      sums[group] += Math.exp(x.getDouble(i) - largest[group]);
    }
    for (int i = 0; i < sums.length; i++) {
      sums[i] = largest[i] + Math.log(sums[i]);
    }
    return sums;
  }

  private Tensor ofIntegers(ReduceKind kind) {
    ElementType type = x.elementType();
    if (kind == ReduceKind.LOG_SUM_EXP) {
      double[] logarithms = logSumExp();
      return Tensor.ofDoubles(type, sizes, i -> logarithms[i]);
    }
    long[] result = foldIntegers(kind);
    long count = into.length == 0 ? 0 : into.length / Positions.count(sizes);
    Checks.check(
        count > 0 || kind != ReduceKind.MEAN || result.length == 0,
        "Reduce: %s has no integers to take the mean of",
        x);
    return switch (kind) {
      case SUM, MAX, MIN, PROD, L1, SUM_SQUARE, LOG_SUM_EXP ->
          Tensor.ofLongs(type, sizes, i -> result[i]);
      case MEAN ->
          Tensor.ofLongs(
              type,
              sizes,
              i -> BinaryFunctions.ofIntegers(BinaryKind.DIV, type).applyAsLong(result[i], count));
      case L2 -> Tensor.ofDoubles(type, sizes, i -> Math.sqrt((double) result[i]));
      case LOG_SUM -> Tensor.ofDoubles(type, sizes, i -> Math.log((double) result[i]));
    };
  }

  private long[] foldIntegers(ReduceKind kind) {
    ElementType type = x.elementType();
    return switch (kind) {
      case SUM, MEAN, LOG_SUM, LOG_SUM_EXP -> foldIntegers(0, Long::sum);
      case MAX ->
          foldIntegers(Casting.lowest(type), BinaryFunctions.ofIntegers(BinaryKind.MAX, type));
      case MIN ->
          foldIntegers(Casting.highest(type), BinaryFunctions.ofIntegers(BinaryKind.MIN, type));
      case PROD -> foldIntegers(1, (product, element) -> product * element);
      case L1 -> foldIntegers(0, (sum, element) -> sum + Math.abs(element));
      case L2, SUM_SQUARE -> foldIntegers(0, (sum, element) -> sum + element * element);
    };
  }

  private double[] fold(double initial, DoubleBinaryOperator function) {
    double[] result = new double[Positions.count(sizes)];
    Arrays.fill(result, initial);
    for (int i = 0; i < into.length; i++) {
      int group = (int) into[i];
      result[group] = function.applyAsDouble(result[group], x.getDouble(i));
    }
    return result;
  }

  private long[] foldIntegers(long initial, LongBinaryOperator function) {
    long[] result = new long[Positions.count(sizes)];
    Arrays.fill(result, initial);
    for (int i = 0; i < into.length; i++) {
      int group = (int) into[i];
      result[group] = function.applyAsLong(result[group], x.getLong(i));
    }
    return result;
  }
}
