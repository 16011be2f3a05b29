package dev.tenrec.ir.interpret;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Reduction;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntBinaryOperator;
import java.util.stream.IntStream;

final class ReductionInterpreter {
  private ReductionInterpreter() {}

  static ImmutableList<Tensor> evaluate(Reduction op, List<Tensor> in) {
    Tensor x = in.getFirst();
    return switch (op) {
      case Reduction.Reduce(var kind, _, var axes, boolean keepDims) ->
          ImmutableList.of(Reducer.reduce(kind, x, axes, keepDims));
      case Reduction.ArgReduce(boolean largest, _, int axis, boolean keepDims, boolean last) ->
          ImmutableList.of(argReduce(x, axis, keepDims, Order.of(x, largest), last));
      case Reduction.TopK(_, _, int axis, boolean largest) -> topK(x, in.get(1), axis, largest);
      case Reduction.CumulativeSum(_, int axis, boolean exclusive, boolean reverse) ->
          ImmutableList.of(cumulativeSum(x, axis, exclusive, reverse));
    };
  }

  private static Tensor argReduce(
      Tensor x, int axis, boolean keepDims, IntBinaryOperator order, boolean last) {
    Axis rows = Axis.of(x.sizes(), axis);
    Checks.check(rows.size() > 0 || rows.rows() == 0, "ArgReduce: nothing to choose in %s", x);
    return Tensor.ofLongs(
        ElementType.INT64,
        reduced(x.sizes(), List.of(axis), keepDims),
        row -> {
          int best = 0;
          for (int i = 1; i < rows.size(); i++) {
            int comparison = order.applyAsInt(rows.position(row, i), rows.position(row, best));
            best = comparison > 0 || (last && comparison == 0) ? i : best;
          }
          return best;
        });
  }

  private static ImmutableList<Tensor> topK(Tensor x, Tensor count, int axis, boolean largest) {
    Checks.check(count.count() == 1, "TopK: k is %s, not one number", count);
    long k = count.getLong(0);
    Checks.check(k >= 0 && k <= x.size(axis), "TopK: %d elements of axis %d of %s", k, axis, x);
    Axis rows = Axis.of(x.sizes(), axis);
    IntBinaryOperator order = Order.of(x, largest);
    long[] sizes = x.sizes().toArray();
    sizes[axis] = k;
    ImmutableLongArray result = ImmutableLongArray.copyOf(sizes);
    Axis chosenRows = Axis.of(result, axis);
    int[] chosen = new int[Positions.count(result)];
    for (int row = 0; row < rows.rows(); row++) {
      int theRow = row;
      Comparator<Integer> best =
          (i, j) -> order.applyAsInt(rows.position(theRow, j), rows.position(theRow, i));
      List<Integer> sorted = IntStream.range(0, rows.size()).boxed().sorted(best).toList();
      for (int i = 0; i < k; i++) {
        chosen[chosenRows.position(row, i)] = sorted.get(i);
      }
    }
    return ImmutableList.of(
        Tensor.ofBits(
            x.elementType(), result, i -> x.getBits(rows.position(chosenRows.rowOf(i), chosen[i]))),
        Tensor.ofLongs(ElementType.INT64, result, i -> chosen[i]));
  }

  private static Tensor cumulativeSum(Tensor x, int axis, boolean exclusive, boolean reverse) {
    Axis rows = Axis.of(x.sizes(), axis);
    boolean floating = x.elementType().isFloating();
    double[] sums = floating ? x.toDoubles() : new double[0];
    long[] integerSums = floating ? new long[0] : x.toLongs();
    for (int row = 0; row < rows.rows(); row++) {
      double sum = 0;
      long integerSum = 0;
      for (int step = 0; step < rows.size(); step++) {
        int i = rows.position(row, reverse ? rows.size() - 1 - step : step);
        if (floating) {
          double element = sums[i];
          sums[i] = exclusive ? sum : sum + element;
          sum += element;
        } else {
          long element = integerSums[i];
          integerSums[i] = exclusive ? integerSum : integerSum + element;
          integerSum += element;
        }
      }
    }
    return floating
        ? Tensor.ofDoubles(x.elementType(), x.sizes(), i -> sums[i])
        : Tensor.ofLongs(x.elementType(), x.sizes(), i -> integerSums[i]);
  }

  static ImmutableLongArray reduced(
      ImmutableLongArray sizes, List<Integer> axes, boolean keepDims) {
    ImmutableLongArray.Builder result = ImmutableLongArray.builder();
    for (int axis = 0; axis < sizes.length(); axis++) {
      if (!axes.contains(axis)) {
        result.add(sizes.get(axis));
      } else if (keepDims) {
        result.add(1);
      }
    }
    return result.build();
  }
}
