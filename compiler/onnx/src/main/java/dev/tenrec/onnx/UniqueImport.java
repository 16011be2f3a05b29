package dev.tenrec.onnx;

import static dev.tenrec.ir.Terms.and;
import static dev.tenrec.ir.Terms.cast;
import static dev.tenrec.ir.Terms.equal;
import static dev.tenrec.ir.Terms.gather;
import static dev.tenrec.ir.Terms.less;
import static dev.tenrec.ir.Terms.mul;
import static dev.tenrec.ir.Terms.not;
import static dev.tenrec.ir.Terms.or;
import static dev.tenrec.ir.Terms.reduce;
import static dev.tenrec.ir.Terms.reshape;
import static dev.tenrec.ir.Terms.scalar;
import static dev.tenrec.ir.Terms.squeeze;
import static dev.tenrec.ir.Terms.unary;
import static dev.tenrec.ir.Terms.unsqueeze;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Indexing.Gather;
import dev.tenrec.ir.Indexing.GatherElements;
import dev.tenrec.ir.Indexing.ScatterElements;
import dev.tenrec.ir.Indexing.ScatterKind;
import dev.tenrec.ir.Reduction.ArgReduce;
import dev.tenrec.ir.Reduction.CumulativeSum;
import dev.tenrec.ir.Reduction.ReduceKind;
import dev.tenrec.ir.Shuffle.Transpose;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.onnx.OperatorTable.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code Unique}: compares each item with each other one, which takes memory for the square of
 * their number but neither a sort nor a loop. An item is an element, or a slice along an axis;
 * slices are ordered by the first element in which they differ. As in NumPy, after which ONNX
 * defines this, NaN equals NaN and comes last.
 */
final class UniqueImport {
  /**
   * What is known of each pair of items, [items, items].
   *
   * @param same whether they are equal
   * @param before whether the one of the column comes before the one of the row in the order
   */
  private record Pairs(Value same, Value before) {}

  private UniqueImport() {}

  static List<Result> unique(NodeContext n) {
    Optional<Integer> axis = n.attributes().integer("axis").map(a -> n.axis(a, n.input(0).rank()));
    Value x = axis.isPresent() ? n.input(0) : reshape(n.input(0), -1);
    Pairs pairs = axis.isPresent() ? slices(n, x, axis.get()) : elements(x);
    Value positions = IndexingImport.range(n, n.sizeOf(x, axis.orElse(0)));
    Value earlier = less(row(positions), column(positions));
    Value repeats = count(and(pairs.same(), earlier));
    Value first = equal(repeats, scalar(ElementType.INT64, 0));
    Value indices = SelectionImport.positions(first);
    Value inverse;
    if (n.flag("sorted", true)) {
      inverse = count(and(pairs.before(), row(first)));
      indices = ordered(indices, inverse);
    } else {
      inverse = byAppearance(pairs.same(), first);
    }
    Value counts = count(gather(pairs.same(), indices, 0));
    return List.of(
        Result.of(new Gather(x, indices, axis.orElse(0))),
        Result.of(indices),
        Result.of(inverse),
        Result.of(counts));
  }

  private static Value row(Value vector) {
    return unsqueeze(vector, 0);
  }

  private static Value column(Value vector) {
    return unsqueeze(vector, 1);
  }

  /** How many are true in each row. */
  private static Value count(Value rows) {
    Value numbers = cast(rows, ElementType.INT64);
    return reduce(ReduceKind.SUM, numbers, false, 1);
  }

  /** The number of each item where they are numbered as they first appear. */
  private static Value byAppearance(Value same, Value first) {
    Value numbers = cast(first, ElementType.INT64);
    Value number = new CumulativeSum(numbers, 0, true, false).value();
    Value marked = and(same, row(first));
    Value weighted = mul(cast(marked, ElementType.INT64), row(number));
    return reduce(ReduceKind.SUM, weighted, false, 1);
  }

  /** First appearances in the order of the items. */
  private static Value ordered(Value indices, Value inverse) {
    Value rank = gather(inverse, indices, 0);
    return new ScatterElements(ScatterKind.REPLACE, indices, rank, indices, 0).value();
  }

  private static Pairs elements(Value x) {
    Value numbers = comparable(x);
    return new Pairs(same(row(numbers), column(numbers)), before(row(numbers), column(numbers)));
  }

  /** Slices, compared element by element: the first pair that is not equal decides. */
  private static Pairs slices(NodeContext n, Value x, int axis) {
    List<Integer> order = new ArrayList<>(List.of(axis));
    List<Size> others = new ArrayList<>();
    for (int i = 0; i < x.rank(); i++) {
      if (i != axis) {
        order.add(i);
        others.add(n.sizeOf(x, i));
      }
    }
    Value moved = new Transpose(comparable(x), ImmutableList.copyOf(order)).value();
    Value sizes = n.sizes(n.sizeOf(x, axis), Size.product(others));
    Value items = reshape(moved, sizes);
    Value differ = not(same(row(items), column(items)));
    Value marks = cast(differ, ElementType.INT32);
    Value decisive = new ArgReduce(true, marks, 2, true, false).value();
    Value before = cast(before(row(items), column(items)), ElementType.INT32);
    return new Pairs(not(at(decisive, marks)), at(decisive, before));
  }

  private static Value at(Value positions, Value marks) {
    Value picked = new GatherElements(marks, positions, 2).value();
    return cast(squeeze(picked, 2), ElementType.BOOL);
  }

  private static Value comparable(Value x) {
    return cast(x, x.elementType() == ElementType.BOOL ? ElementType.INT32 : x.elementType());
  }

  private static Value same(Value a, Value b) {
    Value equal = equal(a, b);
    return a.elementType().isFloating() ? or(equal, and(isNan(a), isNan(b))) : equal;
  }

  private static Value before(Value a, Value b) {
    Value less = less(a, b);
    return a.elementType().isFloating() ? or(less, and(not(isNan(a)), isNan(b))) : less;
  }

  private static Value isNan(Value x) {
    return unary(UnaryKind.IS_NAN, x);
  }
}
