package dev.tenrec.onnx;

import static dev.tenrec.onnx.OperatorTable.since;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Shuffle.Slice;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.onnx.OperatorTable.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/** Operators that take parts of a tensor. */
final class SliceImport {
  private SliceImport() {}

  static void register(OperatorTable on) {
    on.op("Slice", SliceImport::sliceByAttributes);
    on.op("Slice", since(10), SliceImport::slice);
    on.results("Split", SliceImport::splitByAttributes);
    on.results("Split", since(13), SliceImport::split);
    on.limit("Slice", "the number of sliced axes is known");
  }

  private static Op sliceByAttributes(NodeContext n) {
    Value x = n.input(0);
    ImmutableLongArray starts = n.required(n.attributes().integers("starts"), "starts");
    ImmutableLongArray ends = n.required(n.attributes().integers("ends"), "ends");
    List<Long> axes =
        n.attributes()
            .integers("axes")
            .map(ImmutableLongArray::asList)
            .orElseGet(() -> LongStream.range(0, starts.length()).boxed().toList());
    return new Slice(
        x,
        Terms.vector(starts.toArray()),
        Terms.vector(ends.toArray()),
        n.axes(axes, x.rank()),
        Windows.filled(axes.size(), 1));
  }

  private static Op slice(NodeContext n) {
    Value x = n.input(0);
    int count = sliceCount(n);
    long[] axes =
        n.optionalConstantInput(3)
            .map(Tensor::toLongs)
            .orElseGet(() -> LongStream.range(0, count).toArray());
    ImmutableLongArray steps =
        n.optionalConstantInput(4)
            .map(tensor -> ImmutableLongArray.copyOf(tensor.toLongs()))
            .orElseGet(() -> Windows.filled(axes.length, 1));
    return new Slice(
        x, n.input(1), n.input(2), n.axes(LongStream.of(axes).boxed().toList(), x.rank()), steps);
  }

  private static int sliceCount(NodeContext n) {
    Value starts = n.input(1);
    if (starts.rank() != 1) {
      throw n.invalid("input 1, starts, must be a vector, but is " + starts.type());
    }
    long count =
        starts
            .dim(0)
            .value()
            .orElseThrow(() ->
                n.unsupported("the number of starts is not known: " + starts.type())
                    .advise("export the model with a fixed number of sliced axes"));
    if (count > n.input(0).rank()) {
      throw n.invalid("%d starts for %s".formatted(count, n.input(0).type()));
    }
    return (int) count;
  }

  private static List<Result> splitByAttributes(NodeContext n) {
    return n.attributes()
        .integers("split")
        .map(sizes -> parts(n, Terms.vector(sizes.toArray())))
        .orElseGet(() -> equalParts(n));
  }

  private static List<Result> split(NodeContext n) {
    n.attributes().integer("num_outputs").ifPresent(count -> checkOutputs(n, count));
    return n.optionalInput(1).map(sizes -> parts(n, sizes)).orElseGet(() -> equalParts(n));
  }

  private static void checkOutputs(NodeContext n, long count) {
    if (count != n.outputCount()) {
      throw n.invalid("num_outputs is %d, but there are %d".formatted(count, n.outputCount()));
    }
  }

  private static int axis(NodeContext n) {
    return n.axisAttribute("axis", 0, n.input(0).rank());
  }

  /** Parts of given sizes: each starts where the one before ends. */
  private static List<Result> parts(NodeContext n, Value sizes) {
    List<Result> results = new ArrayList<>();
    Value start = Terms.vector(0);
    OptionalLong count = sizes.rank() == 1 ? sizes.dim(0).value() : OptionalLong.of(-1);
    if (count.orElse(n.outputCount()) != n.outputCount()) {
      throw n.invalid("%d outputs for sizes %s".formatted(n.outputCount(), sizes.type()));
    }
    for (int i = 0; i < n.outputCount(); i++) {
      Value size = part(sizes, i);
      Value end = sum(start, size);
      results.add(Result.of(slice(n, start, end)));
      start = end;
    }
    return results;
  }

  private static Value part(Value sizes, int i) {
    return sizes
        .constant()
        .map(tensor -> Terms.vector(tensor.getLong(i)))
        .orElseGet(() -> Terms.slice(sizes, 0, i, i + 1L));
  }

  private static Value sum(Value a, Value b) {
    return a.constant()
        .flatMap(x -> b.constant().map(y -> Tensor.ofLongs(x.getLong(0) + y.getLong(0))))
        .<Op>map(Source.Constant::new)
        .orElseGet(() -> new Binary(BinaryKind.ADD, a, b))
        .value();
  }

  /** Parts of one size; the last one may be smaller. */
  private static List<Result> equalParts(NodeContext n) {
    long count = n.outputCount();
    Size size = n.sizeOf(n.input(0), axis(n)).plus(count - 1).dividedBy(count);
    List<Result> results = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Value start = n.sizes(size.times(i));
      Value end = n.sizes(size.times(i + 1L));
      results.add(Result.of(slice(n, start, end)));
    }
    return results;
  }

  private static Slice slice(NodeContext n, Value start, Value end) {
    return new Slice(n.input(0), start, end, ImmutableList.of(axis(n)), ImmutableLongArray.of(1));
  }
}
