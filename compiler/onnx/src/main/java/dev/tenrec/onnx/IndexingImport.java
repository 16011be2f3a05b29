package dev.tenrec.onnx;

import static dev.tenrec.onnx.OperatorTable.since;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Elementwise.Binary;
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
import dev.tenrec.ir.Shuffle.Reshape;
import dev.tenrec.ir.Shuffle.Unsqueeze;
import dev.tenrec.ir.Source;
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
    on.op("Trilu", since(14), IndexingImport::trilu);
  }

  private static int axis(NodeContext n) {
    return n.axisAttribute("axis", 0, n.input(0).rank());
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
    Value indices = wide(n.input(0));
    Value depth = wide(new Reshape(n.input(1), n.longs(), false).value());
    int rank = indices.rank() + 1;
    int axis = n.axisAttribute("axis", -1, rank);
    Value zero = n.scalar(ElementType.INT64, 0);
    Value negative = new Binary(BinaryKind.LESS, indices, zero).value();
    Value fromEnd = new Binary(BinaryKind.ADD, indices, depth).value();
    Value position = new Select(negative, fromEnd, indices).value();
    Value range = new Source.Range(zero, depth, n.scalar(ElementType.INT64, 1)).value();
    long[] shape = new long[rank];
    Arrays.fill(shape, 1);
    shape[axis] = -1;
    Value hot =
        new Binary(
                BinaryKind.EQUAL,
                new Unsqueeze(position, ImmutableList.of(axis)).value(),
                new Reshape(range, n.longs(shape), false).value())
            .value();
    Value off = new Gather(n.input(2), n.scalar(ElementType.INT64, 0), 0).value();
    Value on = new Gather(n.input(2), n.scalar(ElementType.INT64, 1), 0).value();
    return new Select(hot, on, off);
  }

  private static Value wide(Value x) {
    return x.elementType() == ElementType.INT64 ? x : new Cast(x, ElementType.INT64).value();
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
            .map(given -> new Reshape(given, n.longs(), false).value())
            .orElseGet(() -> n.scalar(ElementType.INT64, 0));
    Value diagonals = diagonals(n, n.sizeOf(x, x.rank() - 2), n.sizeOf(x, x.rank() - 1));
    BinaryKind kind = upper ? BinaryKind.GREATER_OR_EQUAL : BinaryKind.LESS_OR_EQUAL;
    Value kept = new Binary(kind, diagonals, k).value();
    return new Select(kept, x, n.scalar(x.elementType(), 0));
  }

  /** column - row for each element of a matrix. */
  static Value diagonals(NodeContext n, Size rows, Size columns) {
    Value column = new Unsqueeze(range(n, columns), ImmutableList.of(0)).value();
    Value row = new Unsqueeze(range(n, rows), ImmutableList.of(1)).value();
    return new Binary(BinaryKind.SUB, column, row).value();
  }

  private static Value range(NodeContext n, Size size) {
    Value limit = new Reshape(n.sizes(size), n.longs(), false).value();
    Value zero = n.scalar(ElementType.INT64, 0);
    return new Source.Range(zero, limit, n.scalar(ElementType.INT64, 1)).value();
  }
}
