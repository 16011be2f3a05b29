package dev.tenrec.onnx;

import static dev.tenrec.ir.Terms.concat;
import static dev.tenrec.ir.Terms.expand;
import static dev.tenrec.ir.Terms.mul;
import static dev.tenrec.ir.Terms.number;
import static dev.tenrec.ir.Terms.slice;

import dev.tenrec.ir.Value;
import dev.tenrec.onnx.OperatorTable.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Running products: products of 2, 4, 8, ... neighbours, each from two of the size before. */
final class CumulativeProductImport {
  private CumulativeProductImport() {}

  static void register(OperatorTable on) {
    on.result("CumProd", CumulativeProductImport::cumulativeProduct);
    on.limit("CumProd", "the length of the axis is fixed");
  }

  private static Result cumulativeProduct(NodeContext n) {
    Value x = n.input(0);
    int axis = n.axis(n.constantInput(1).getLong(0), x.rank());
    long size =
        x.dim(axis)
            .value()
            .orElseThrow(() ->
                n.unsupported("axis %d of %s has no fixed size".formatted(axis, x.type()))
                    .advise("export the model with a fixed size"));
    boolean reverse = n.flag("reverse", false);
    Value result = n.flag("exclusive", false) ? moved(n, x, axis, size, 1, reverse) : x;
    for (long step = 1; step < size; step *= 2) {
      result = mul(result, moved(n, result, axis, size, step, reverse));
    }
    return Result.of(result);
  }

  /** Elements moved on by some places, with ones before them. */
  private static Value moved(
      NodeContext n, Value x, int axis, long size, long places, boolean reverse) {
    List<Size> shape =
        new ArrayList<>(IntStream.range(0, x.rank()).mapToObj(i -> n.sizeOf(x, i)).toList());
    shape.set(axis, Size.of(Math.min(places, size)));
    Value ones = expand(number(x, 1), n.sizes(shape));
    if (places >= size) {
      return ones;
    }
    return reverse
        ? concat(axis, slice(x, axis, places, size), ones)
        : concat(axis, ones, slice(x, axis, 0, size - places));
  }
}
