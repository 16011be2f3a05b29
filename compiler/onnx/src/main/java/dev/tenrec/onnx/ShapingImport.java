package dev.tenrec.onnx;

import static dev.tenrec.onnx.OperatorTable.since;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Provenance;
import dev.tenrec.ir.Shuffle.Expand;
import dev.tenrec.ir.Shuffle.Reshape;
import dev.tenrec.ir.Shuffle.Squeeze;
import dev.tenrec.ir.Shuffle.Tile;
import dev.tenrec.ir.Shuffle.Unsqueeze;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/** Operators that give elements another shape. */
final class ShapingImport {
  private ShapingImport() {}

  static void register(OperatorTable on) {
    on.op("Reshape", n -> new Reshape(n.input(0), n.input(1), !n.flag("allowzero", false)));
    on.op("Flatten", n -> flatten(n, n.input(0), flattenAxis(n)));
    on.op("Squeeze", n -> squeeze(n, n.attributes().integers("axes")));
    on.op("Squeeze", since(13), n -> squeeze(n, axesInput(n)));
    on.op("Unsqueeze", n -> unsqueeze(n, n.attributes().integers("axes")));
    on.op("Unsqueeze", since(13), n -> unsqueeze(n, axesInput(n)));
    on.op("Expand", n -> new Expand(n.input(0), n.input(1)));
    on.op("Tile", n -> new Tile(n.input(0), n.input(1)));
    on.limit("Squeeze", "without axes, all sizes are known");
  }

  private static Optional<ImmutableLongArray> axesInput(NodeContext n) {
    return n.optionalConstantInput(1).map(Tensor::toLongs).map(ImmutableLongArray::copyOf);
  }

  /** Axis rank is allowed: then everything goes in front. */
  private static int flattenAxis(NodeContext n) {
    int rank = n.input(0).rank();
    long axis = n.intAttribute("axis", 1);
    return axis == rank ? rank : n.axis(axis, rank);
  }

  /** A matrix of all dimensions before an axis and all from there on. */
  static Reshape flatten(NodeContext n, Value x, int axis) {
    Size before = product(n, x, 0, axis);
    Size after = product(n, x, axis, x.rank());
    OptionalLong columns = after.dim().value();
    if (axis == 1 && columns.orElse(0) > 0) {
      return new Reshape(x, Terms.vector(0, columns.getAsLong()), true);
    }
    return new Reshape(x, n.sizes(before, after), false);
  }

  private static Size product(NodeContext n, Value x, int from, int to) {
    return Size.product(IntStream.range(from, to).mapToObj(i -> n.sizeOf(x, i)).toList());
  }

  private static Op squeeze(NodeContext n, Optional<ImmutableLongArray> given) {
    Value x = n.input(0);
    return new Squeeze(
        x, given.map(a -> ascending(n, a.asList(), x.rank())).orElseGet(() -> ones(n, x)));
  }

  private static ImmutableList<Integer> ones(NodeContext n, Value x) {
    if (!x.shape().dims().stream().allMatch(dim -> dim.value().isPresent())) {
      throw n.unsupported("which sizes of %s are 1 is not known".formatted(x.type()))
          .advise("export the model with explicit axes")
          .needing(Provenance.inputsBehind(x));
    }
    return IntStream.range(0, x.rank())
        .filter(axis -> x.dim(axis).is(1))
        .boxed()
        .collect(ImmutableList.toImmutableList());
  }

  private static Op unsqueeze(NodeContext n, Optional<ImmutableLongArray> given) {
    ImmutableLongArray axes = n.required(given, "axes");
    int rank = n.input(0).rank() + axes.length();
    return new Unsqueeze(n.input(0), ascending(n, axes.asList(), rank));
  }

  private static ImmutableList<Integer> ascending(NodeContext n, List<Long> axes, int rank) {
    return n.axes(axes, rank).stream().sorted().collect(ImmutableList.toImmutableList());
  }
}
