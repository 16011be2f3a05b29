package dev.tenrec.onnx;

import static dev.tenrec.ir.Terms.cast;
import static dev.tenrec.ir.Terms.div;
import static dev.tenrec.ir.Terms.equal;
import static dev.tenrec.ir.Terms.mul;
import static dev.tenrec.ir.Terms.number;
import static dev.tenrec.ir.Terms.reduce;
import static dev.tenrec.ir.Terms.select;
import static dev.tenrec.ir.Terms.slice;
import static dev.tenrec.ir.Terms.squeeze;
import static dev.tenrec.ir.Terms.sub;
import static dev.tenrec.ir.Terms.unary;
import static dev.tenrec.ir.Terms.unsqueeze;

import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Reduction.ArgReduce;
import dev.tenrec.ir.Reduction.ReduceKind;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.onnx.OperatorTable.Result;

/**
 * Determinants by Gaussian elimination, written out: each step takes the row with the largest first
 * element as the pivot and leaves a smaller matrix.
 */
final class DeterminantImport {
  private static final long MAX_SIZE = 32;

  private DeterminantImport() {}

  static void register(OperatorTable on) {
    on.result("Det", DeterminantImport::determinant);
    on.limit("Det", "small matrices of a known size");
  }

  private static Result determinant(NodeContext n) {
    Value x = n.input(0);
    if (x.rank() < 2) {
      throw n.invalid("input 0 is %s, not a matrix".formatted(x.type()));
    }
    long size = x.dim(x.rank() - 1).value().orElse(-1);
    if (size < 1 || size > MAX_SIZE || !x.dim(x.rank() - 2).is(size)) {
      throw n.unsupported("the determinant of %s is not supported".formatted(x.type()))
          .advise("matrices must have a fixed size of at most " + MAX_SIZE);
    }
    Value result = number(x, 1);
    Value matrix = x;
    for (long left = size; left > 1; left--) {
      Step step = step(n, matrix, left);
      result = mul(result, step.factor);
      matrix = step.rest;
    }
    int rows = x.rank() - 2;
    return Result.of(mul(result, squeeze(matrix, rows, rows + 1)));
  }

  /** A factor of the determinant, [..., 1, 1] without the last two axes, and what is left. */
  private record Step(Value factor, Value rest) {}

  private static Step step(NodeContext n, Value x, long size) {
    int rows = x.rank() - 2;
    int columns = x.rank() - 1;
    Value first = slice(x, columns, 0, 1);
    Value row = new ArgReduce(true, unary(UnaryKind.ABS, first), rows, true, false).value();
    Value indices = unsqueeze(IndexingImport.range(n, Size.of(size)), 1);
    Value isPivot = cast(equal(indices, row), x.elementType());
    Value pivotRow = reduce(ReduceKind.SUM, mul(x, isPivot), true, rows);
    Value pivot = slice(pivotRow, columns, 0, 1);
    Value isFirst = equal(row, number(row, 0));
    Value sign = select(isFirst, number(x, 1), number(x, -1));
    // The first row moves to where the pivot was.
    Value swapped = select(cast(isPivot, ElementType.BOOL), slice(x, rows, 0, 1), x);
    Value others = slice(slice(swapped, rows, 1, size), columns, 1, size);
    Value divisor = select(equal(pivot, number(x, 0)), number(x, 1), pivot);
    Value shares = div(slice(slice(swapped, rows, 1, size), columns, 0, 1), divisor);
    Value rest = sub(others, mul(shares, slice(pivotRow, columns, 1, size)));
    return new Step(squeeze(mul(pivot, sign), rows, columns), rest);
  }
}
