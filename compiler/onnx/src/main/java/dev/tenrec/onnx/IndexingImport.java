package dev.tenrec.onnx;

import static dev.tenrec.ir.Terms.add;
import static dev.tenrec.ir.Terms.along;
import static dev.tenrec.ir.Terms.binary;
import static dev.tenrec.ir.Terms.cast;
import static dev.tenrec.ir.Terms.equal;
import static dev.tenrec.ir.Terms.expand;
import static dev.tenrec.ir.Terms.gather;
import static dev.tenrec.ir.Terms.less;
import static dev.tenrec.ir.Terms.number;
import static dev.tenrec.ir.Terms.reshape;
import static dev.tenrec.ir.Terms.scalar;
import static dev.tenrec.ir.Terms.select;
import static dev.tenrec.ir.Terms.shapeOf;
import static dev.tenrec.ir.Terms.sub;
import static dev.tenrec.ir.Terms.unsqueeze;
import static dev.tenrec.onnx.OperatorTable.since;

import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Elementwise.Cast;
import dev.tenrec.ir.Elementwise.Select;
import dev.tenrec.ir.Indexing.Gather;
import dev.tenrec.ir.Indexing.GatherElements;
import dev.tenrec.ir.Indexing.GatherNd;
import dev.tenrec.ir.Indexing.ScatterElements;
import dev.tenrec.ir.Indexing.ScatterKind;
import dev.tenrec.ir.Indexing.ScatterNd;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Reduction.ArgReduce;
import dev.tenrec.ir.Shuffle.Reshape;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import java.util.Arrays;

/** Operators that read or write at computed positions. */
final class IndexingImport {
  private IndexingImport() {}

  static void register(OperatorTable on) {
    on.op("Gather", n -> new Gather(n.input(0), n.input(1), axis(n)));
    on.op("GatherElements", n -> new GatherElements(n.input(0), n.input(1), axis(n)));
    on.op("GatherND", IndexingImport::gatherNd);
    on.op("Scatter", IndexingImport::scatterElements);
    on.op("ScatterElements", IndexingImport::scatterElements);
    on.op("ScatterND", n -> new ScatterNd(scatterKind(n), n.input(0), n.input(1), n.input(2)));
    on.op("OneHot", IndexingImport::oneHot);
    on.op("Hardmax", n -> flatHardmax(n));
    on.op("Hardmax", since(13), n -> hardmax(n, n.input(0), axis(n, -1)));
    on.op("ReverseSequence", IndexingImport::reverseSequence);
    on.op("TensorScatter", IndexingImport::tensorScatter);
    on.op("Trilu", since(14), IndexingImport::trilu);
  }

  private static int axis(NodeContext n) {
    return axis(n, 0);
  }

  private static int axis(NodeContext n, long absent) {
    return n.axisAttribute("axis", absent, n.input(0).rank());
  }

  private static Op gatherNd(NodeContext n) {
    int batchDims = Math.clamp(n.intAttribute("batch_dims", 0), -1, Short.MAX_VALUE);
    return new GatherNd(n.input(0), n.input(1), batchDims);
  }

  private static Op scatterElements(NodeContext n) {
    return new ScatterElements(scatterKind(n), n.input(0), n.input(1), n.input(2), axis(n));
  }

  private static ScatterKind scatterKind(NodeContext n) {
    String reduction = n.textAttribute("reduction", "none");
    return switch (reduction) {
      case "none" -> ScatterKind.REPLACE;
      case "add" -> ScatterKind.ADD;
      case "mul" -> ScatterKind.MUL;
      case "min" -> ScatterKind.MIN;
      case "max" -> ScatterKind.MAX;
      default -> throw n.invalid("reduction is '%s'".formatted(reduction));
    };
  }

  /** Compares each index with all positions; an index out of range gives no position at all. */
  private static Op oneHot(NodeContext n) {
    Value indices = cast(n.input(0), ElementType.INT64);
    Value depth = cast(reshape(n.input(1)), ElementType.INT64);
    int rank = indices.rank() + 1;
    int axis = n.axisAttribute("axis", -1, rank);
    Value zero = scalar(ElementType.INT64, 0);
    Value negative = less(indices, zero);
    Value fromEnd = add(indices, depth);
    Value position = select(negative, fromEnd, indices);
    Value range = Terms.range(depth);
    long[] shape = new long[rank];
    Arrays.fill(shape, 1);
    shape[axis] = -1;
    Value hot = equal(unsqueeze(position, axis), reshape(range, shape));
    Value off = gather(n.input(2), scalar(ElementType.INT64, 0), 0);
    Value on = gather(n.input(2), scalar(ElementType.INT64, 1), 0);
    return new Select(hot, on, off);
  }

  private static Op flatHardmax(NodeContext n) {
    Value matrix = ShapingImport.flatten(n, n.input(0), axis(n, 1)).value();
    Value hard = hardmax(n, matrix, 1).value();
    return new Reshape(hard, shapeOf(n.input(0)), false);
  }

  /** 1 at the first of the largest elements along an axis, 0 elsewhere. */
  private static Op hardmax(NodeContext n, Value x, int axis) {
    Value largest = new ArgReduce(true, x, axis, true, false).value();
    Value positions = along(range(n, n.sizeOf(x, axis)), axis, x.rank());
    return new Cast(equal(positions, largest), x.elementType());
  }

  /** The first steps of each sequence in reverse, as many as its length says. */
  private static Op reverseSequence(NodeContext n) {
    Value x = n.input(0);
    int time = n.axisAttribute("time_axis", 0, x.rank());
    int batch = n.axisAttribute("batch_axis", 1, x.rank());
    Value steps = along(range(n, n.sizeOf(x, time)), time, x.rank());
    Value lengths = along(cast(n.input(1), ElementType.INT64), batch, x.rank());
    Value last = sub(lengths, scalar(ElementType.INT64, 1));
    Value reversed = sub(last, steps);
    Value inside = less(steps, lengths);
    Value source = select(inside, reversed, steps);
    Value indices = expand(source, shapeOf(x));
    return new GatherElements(x, indices, time);
  }

  /** Writes new steps into a cache, from a position for each sequence of the batch on. */
  private static Op tensorScatter(NodeContext n) {
    Value cache = n.input(0);
    Value update = n.input(1);
    int axis = axis(n, -2);
    String mode = n.textAttribute("mode", "linear");
    if (!mode.equals("linear") && !mode.equals("circular")) {
      throw n.invalid("mode is '%s'".formatted(mode));
    }
    Value steps = along(range(n, n.sizeOf(update, axis)), axis, cache.rank());
    Value position =
        n.optionalInput(2).map(start -> add(steps, along(start, 0, cache.rank()))).orElse(steps);
    Value size = n.sizes(n.sizeOf(cache, axis));
    Value wrapped = mode.equals("linear") ? position : binary(BinaryKind.MOD, position, size);
    Value indices = expand(wrapped, shapeOf(update));
    return new ScatterElements(ScatterKind.REPLACE, cache, indices, update, axis);
  }

  /** Keeps what lies above or below the k-th diagonal: where column - row >= k or <= k. */
  private static Op trilu(NodeContext n) {
    Value x = n.input(0);
    if (x.rank() < 2) {
      throw n.invalid("input 0 is %s, not a matrix".formatted(x.type()));
    }
    boolean upper = n.flag("upper", true);
    Value k =
        n.optionalInput(1)
            .map(given -> reshape(given))
            .orElseGet(() -> scalar(ElementType.INT64, 0));
    Value diagonals = diagonals(n, n.sizeOf(x, x.rank() - 2), n.sizeOf(x, x.rank() - 1));
    BinaryKind kind = upper ? BinaryKind.GREATER_OR_EQUAL : BinaryKind.LESS_OR_EQUAL;
    Value kept = binary(kind, diagonals, k);
    return new Select(kept, x, number(x, 0));
  }

  /** column - row for each element of a matrix. */
  static Value diagonals(NodeContext n, Size rows, Size columns) {
    Value column = unsqueeze(range(n, columns), 0);
    Value row = unsqueeze(range(n, rows), 1);
    return sub(column, row);
  }

  /** 0, 1, 2, ... */
  static Value range(NodeContext n, Size size) {
    return Terms.range(reshape(n.sizes(size)));
  }
}
