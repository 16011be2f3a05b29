package dev.tenrec.onnx;

import static dev.tenrec.onnx.OperatorTable.since;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Elementwise.Cast;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Reduction.ArgReduce;
import dev.tenrec.ir.Reduction.CumulativeSum;
import dev.tenrec.ir.Reduction.Reduce;
import dev.tenrec.ir.Reduction.ReduceKind;
import dev.tenrec.ir.Reduction.TopK;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.onnx.OperatorTable.Result;
import dev.tenrec.onnx.OperatorTable.Since;
import java.util.List;
import java.util.stream.IntStream;

/** Reductions; their axes are an attribute first and an input later. */
final class ReductionImport {
  private ReductionImport() {}

  static void register(OperatorTable on) {
    reduce(on, "ReduceL1", ReduceKind.L1, since(18));
    reduce(on, "ReduceL2", ReduceKind.L2, since(18));
    reduce(on, "ReduceLogSum", ReduceKind.LOG_SUM, since(18));
    reduce(on, "ReduceLogSumExp", ReduceKind.LOG_SUM_EXP, since(18));
    reduce(on, "ReduceMax", ReduceKind.MAX, since(18));
    reduce(on, "ReduceMean", ReduceKind.MEAN, since(18));
    reduce(on, "ReduceMin", ReduceKind.MIN, since(18));
    reduce(on, "ReduceProd", ReduceKind.PROD, since(18));
    reduce(on, "ReduceSum", ReduceKind.SUM, since(13));
    reduce(on, "ReduceSumSquare", ReduceKind.SUM_SQUARE, since(18));

    on.op("ArgMax", n -> argReduce(n, true));
    on.op("ArgMin", n -> argReduce(n, false));
    on.op("TopK", n -> topK(n, Terms.vector(n.required(n.attributes().integer("k"), "k"))));
    on.op("TopK", since(10), n -> topK(n, n.input(1)));
    on.op("CumSum", ReductionImport::cumulativeSum);
  }

  private static void reduce(OperatorTable on, String name, ReduceKind kind, Since axesAreInput) {
    on.result(name, n -> reduce(n, kind, axesAttribute(n)));
    on.result(name, axesAreInput, n -> reduce(n, kind, axesInput(n)));
  }

  private static List<Long> axesAttribute(NodeContext n) {
    return n.attributes().integers("axes").map(axes -> axes.asList()).orElse(List.of());
  }

  private static List<Long> axesInput(NodeContext n) {
    return n.optionalConstantInput(1).map(ReductionImport::asList).orElse(List.of());
  }

  private static List<Long> asList(Tensor axes) {
    return IntStream.range(0, (int) axes.count()).mapToObj(axes::getLong).toList();
  }

  private static Result reduce(NodeContext n, ReduceKind kind, List<Long> given) {
    Value x = n.input(0);
    boolean keep = n.flag("keepdims", true);
    boolean nothing = n.flag("noop_with_empty_axes", false) && given.isEmpty();
    ImmutableList<Integer> axes =
        given.isEmpty() && !nothing
            ? IntStream.range(0, x.rank()).boxed().collect(ImmutableList.toImmutableList())
            : n.axes(given, x.rank()).stream().sorted().collect(ImmutableList.toImmutableList());
    if (x.elementType() == ElementType.BOOL) {
      // The largest and smallest of truth values are those of 0 and 1.
      Value numbers = Terms.cast(x, ElementType.INT32);
      Value reduced = new Reduce(kind, numbers, axes, keep).value();
      return Result.of(new Cast(reduced, ElementType.BOOL));
    }
    return Result.of(new Reduce(kind, x, axes, keep));
  }

  private static Op argReduce(NodeContext n, boolean largest) {
    Value x = n.input(0);
    return new ArgReduce(
        largest,
        x,
        n.axisAttribute("axis", 0, x.rank()),
        n.flag("keepdims", true),
        n.flag("select_last_index", false));
  }

  private static Op topK(NodeContext n, Value k) {
    // Sorted results are right where any order would be.
    n.attributes().ignore("sorted");
    Value x = n.input(0);
    return new TopK(x, k, n.axisAttribute("axis", -1, x.rank()), n.flag("largest", true));
  }

  private static Op cumulativeSum(NodeContext n) {
    Value x = n.input(0);
    Tensor axis = n.constantInput(1);
    if (axis.count() != 1) {
      throw n.invalid("input 1 must be one axis, but is " + axis);
    }
    return new CumulativeSum(
        x, n.axis(axis.getLong(0), x.rank()), n.flag("exclusive", false), n.flag("reverse", false));
  }
}
