package dev.tenrec.onnx;

import static dev.tenrec.ir.Terms.add;
import static dev.tenrec.ir.Terms.cast;
import static dev.tenrec.ir.Terms.concat;
import static dev.tenrec.ir.Terms.div;
import static dev.tenrec.ir.Terms.gather;
import static dev.tenrec.ir.Terms.max;
import static dev.tenrec.ir.Terms.number;
import static dev.tenrec.ir.Terms.sub;
import static dev.tenrec.ir.Terms.vector;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Shuffle.Pad;
import dev.tenrec.ir.Shuffle.PadMode;
import dev.tenrec.ir.Shuffle.Slice;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.onnx.OperatorTable.Result;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** Cutting off and filling up at both ends; of an odd number, the larger part is behind. */
final class CroppingImport {
  private CroppingImport() {}

  static void register(OperatorTable on) {
    on.result("CenterCropPad", CroppingImport::centerCropPad);
  }

  private static Result centerCropPad(NodeContext n) {
    Value x = n.input(0);
    List<Long> given =
        n.attributes()
            .integers("axes")
            .map(ImmutableLongArray::asList)
            .orElseGet(() -> LongStream.range(0, x.rank()).boxed().toList());
    ImmutableList<Integer> axes = n.axes(given, x.rank());
    Value sizes = n.sizes(axes.stream().map(axis -> n.sizeOf(x, axis)).toList());
    Value wanted = cast(n.input(1), ElementType.INT64);
    Value start = half(positive(sub(sizes, wanted)));
    Value cropped =
        new Slice(x, start, add(start, wanted), axes, Windows.filled(axes.size(), 1)).value();
    Value missing = positive(sub(wanted, sizes));
    Value before = half(missing);
    Value pads = concat(0, before, sub(missing, before), vector(0));
    return Result.of(
        new Pad(cropped, forAllAxes(x.rank(), pads, axes), number(x, 0), PadMode.CONSTANT).value());
  }

  private static Value positive(Value x) {
    return max(x, number(x, 0));
  }

  private static Value half(Value x) {
    return div(x, 2);
  }

  /** Amounts before and behind some axes, and a 0 for the others. */
  private static Value forAllAxes(int rank, Value pads, List<Integer> axes) {
    long[] source = new long[2 * rank];
    Arrays.fill(source, 2L * axes.size());
    for (int i = 0; i < axes.size(); i++) {
      source[axes.get(i)] = i;
      source[axes.get(i) + rank] = (long) i + axes.size();
    }
    return gather(pads, vector(source), 0);
  }
}
