package dev.tenrec.onnx;

import static dev.tenrec.ir.Terms.add;
import static dev.tenrec.ir.Terms.and;
import static dev.tenrec.ir.Terms.cast;
import static dev.tenrec.ir.Terms.equal;
import static dev.tenrec.ir.Terms.number;
import static dev.tenrec.ir.Terms.scalar;
import static dev.tenrec.ir.Terms.select;
import static dev.tenrec.ir.Terms.shapeOf;
import static dev.tenrec.onnx.OperatorTable.since;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Elementwise.Cast;
import dev.tenrec.ir.Elementwise.Select;
import dev.tenrec.ir.Elementwise.Unary;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Shuffle.Expand;
import dev.tenrec.ir.Shuffle.Unsqueeze;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.onnx.OperatorTable.Result;
import java.util.List;
import java.util.stream.IntStream;

/** Operators on single elements that have no parameters, or none that is left after import. */
final class ElementwiseImport {
  private ElementwiseImport() {}

  static void register(OperatorTable on) {
    on.op("Abs", n -> unary(UnaryKind.ABS, n));
    on.op("Acos", n -> unary(UnaryKind.ACOS, n));
    on.op("Acosh", n -> unary(UnaryKind.ACOSH, n));
    on.op("Asin", n -> unary(UnaryKind.ASIN, n));
    on.op("Asinh", n -> unary(UnaryKind.ASINH, n));
    on.op("Atan", n -> unary(UnaryKind.ATAN, n));
    on.op("Atanh", n -> unary(UnaryKind.ATANH, n));
    on.op("Ceil", n -> unary(UnaryKind.CEIL, n));
    on.op("Cos", n -> unary(UnaryKind.COS, n));
    on.op("Cosh", n -> unary(UnaryKind.COSH, n));
    on.op("Erf", n -> unary(UnaryKind.ERF, n));
    on.op("Exp", n -> unary(UnaryKind.EXP, n));
    on.op("Floor", n -> unary(UnaryKind.FLOOR, n));
    on.op("IsNaN", n -> unary(UnaryKind.IS_NAN, n));
    on.op("Log", n -> unary(UnaryKind.LOG, n));
    on.op("Neg", n -> unary(UnaryKind.NEG, n));
    on.op("Not", n -> unary(UnaryKind.NOT, n));
    on.op("Reciprocal", n -> unary(UnaryKind.RECIPROCAL, n));
    on.op("Round", n -> unary(UnaryKind.ROUND, n));
    on.op("Sign", n -> unary(UnaryKind.SIGN, n));
    on.op("Sin", n -> unary(UnaryKind.SIN, n));
    on.op("Sinh", n -> unary(UnaryKind.SINH, n));
    on.op("Sqrt", n -> unary(UnaryKind.SQRT, n));
    on.op("Tan", n -> unary(UnaryKind.TAN, n));
    on.op("IsInf", ElementwiseImport::isInf);

    broadcasting(on, "Add", BinaryKind.ADD);
    broadcasting(on, "And", BinaryKind.AND);
    broadcasting(on, "Div", BinaryKind.DIV);
    broadcasting(on, "Equal", BinaryKind.EQUAL);
    broadcasting(on, "Greater", BinaryKind.GREATER);
    on.op("GreaterOrEqual", n -> binary(BinaryKind.GREATER_OR_EQUAL, n));
    broadcasting(on, "Less", BinaryKind.LESS);
    on.op("LessOrEqual", n -> binary(BinaryKind.LESS_OR_EQUAL, n));
    broadcasting(on, "Mul", BinaryKind.MUL);
    broadcasting(on, "Or", BinaryKind.OR);
    broadcasting(on, "Sub", BinaryKind.SUB);
    broadcasting(on, "Xor", BinaryKind.XOR);
    on.op("Mod", n -> binary(n.flag("fmod", false) ? BinaryKind.FMOD : BinaryKind.MOD, n));
    on.op("Pow", n -> alignedBinary(BinaryKind.POW, n));
    on.op("Pow", since(7), ElementwiseImport::pow);

    on.result("Max", n -> fold(BinaryKind.MAX, n));
    on.result("Min", n -> fold(BinaryKind.MIN, n));
    on.result("Sum", n -> fold(BinaryKind.ADD, n));
    on.op("Mean", ElementwiseImport::mean);

    on.op("Where", n -> new Select(n.input(0), n.input(1), n.input(2)));
    on.results("Dropout", n -> dropout(n, !n.flag("is_test", false)));
    on.results("Dropout", since(7), n -> dropout(n, false));
    on.results("Dropout", since(12), n -> dropout(n, isTraining(n)));
    on.limit("Dropout", "no training, unless the ratio is 0");
  }

  private static Op unary(UnaryKind kind, NodeContext n) {
    return new Unary(kind, n.input(0));
  }

  private static Op binary(BinaryKind kind, NodeContext n) {
    return new Binary(kind, n.input(0), n.input(1));
  }

  private static void broadcasting(OperatorTable on, String name, BinaryKind kind) {
    on.op(name, n -> alignedBinary(kind, n));
    on.op(name, since(7), n -> binary(kind, n));
  }

  /** Before opset 7, an attribute tells at which axis of a the axes of b begin. */
  private static Op alignedBinary(BinaryKind kind, NodeContext n) {
    Value a = n.input(0);
    Value b = n.input(1);
    if (!n.flag("broadcast", false)) {
      return new Binary(kind, a, b);
    }
    int start = n.axisAttribute("axis", a.rank() - b.rank(), a.rank() + 1);
    ImmutableList<Integer> behind =
        IntStream.range(start + b.rank(), a.rank())
            .boxed()
            .collect(ImmutableList.toImmutableList());
    ImmutableList<Integer> inB =
        behind.stream().map(axis -> axis - start).collect(ImmutableList.toImmutableList());
    return new Binary(kind, a, behind.isEmpty() ? b : new Unsqueeze(b, inB).value());
  }

  private static Op isInf(NodeContext n) {
    Value x = n.input(0);
    boolean negative = n.flag("detect_negative", true);
    boolean positive = n.flag("detect_positive", true);
    if (negative && positive) {
      return new Unary(UnaryKind.IS_INF, x);
    }
    // Without both signs nothing is found: NaN equals nothing.
    double wanted =
        positive ? Double.POSITIVE_INFINITY : negative ? Double.NEGATIVE_INFINITY : Double.NaN;
    return new Binary(BinaryKind.EQUAL, x, number(x, wanted));
  }

  /** The exponent may have another type; the result has the base's. */
  private static Op pow(NodeContext n) {
    Value base = n.input(0);
    Value exponent = n.input(1);
    if (base.elementType() == exponent.elementType()) {
      return new Binary(BinaryKind.POW, base, exponent);
    }
    if (base.elementType().isFloating()) {
      Value sameType = cast(exponent, base.elementType());
      return new Binary(BinaryKind.POW, base, sameType);
    }
    if (exponent.elementType().isFloating() || exponent.elementType() == ElementType.UINT64) {
      return powerOfInteger(base, exponent);
    }
    Value wideBase = cast(base, ElementType.INT64);
    Value wideExponent = cast(exponent, ElementType.INT64);
    return new Cast(Terms.binary(BinaryKind.POW, wideBase, wideExponent), base.elementType());
  }

  /** Exact where the exponent is an integer; else as the power of float64 is cut off. */
  private static Op powerOfInteger(Value base, Value exponent) {
    ElementType type = base.elementType();
    Value whole = cast(exponent, type);
    Value again = cast(whole, exponent.elementType());
    Value isWhole =
        and(
            equal(again, exponent),
            Terms.binary(BinaryKind.GREATER_OR_EQUAL, whole, scalar(type, 0)));
    Value positive = select(isWhole, whole, scalar(type, 1));
    Value exact = Terms.binary(BinaryKind.POW, base, positive);
    Value wideBase = cast(base, ElementType.FLOAT64);
    Value wideExponent = cast(exponent, ElementType.FLOAT64);
    Value power = Terms.binary(BinaryKind.POW, wideBase, wideExponent);
    return new Select(isWhole, exact, cast(power, type));
  }

  private static Result fold(BinaryKind kind, NodeContext n) {
    Value result = n.input(0);
    for (int i = 1; i < n.inputCount() - 1; i++) {
      result = Terms.binary(kind, result, n.input(i));
    }
    return n.inputCount() == 1
        ? Result.of(result)
        : Result.of(new Binary(kind, result, n.input(n.inputCount() - 1)));
  }

  private static Op mean(NodeContext n) {
    Value sum =
        n.inputs().stream().reduce((a, b) -> add(a, b)).orElseThrow(() -> n.invalid("no inputs"));
    return new Binary(BinaryKind.DIV, sum, number(sum, n.inputCount()));
  }

  private static boolean isTraining(NodeContext n) {
    boolean training =
        n.optionalConstantInput(2).map(tensor -> tensor.getDouble(0) != 0).orElse(false);
    return training
        && n.optionalConstantInput(1).map(tensor -> tensor.getDouble(0) != 0).orElse(true);
  }

  private static List<Result> dropout(NodeContext n, boolean training) {
    n.attributes().ignore("seed", "ratio");
    if (training) {
      throw n.unsupported("training mode is not supported")
          .advise("export the model for inference, in PyTorch after model.eval()");
    }
    Value x = n.input(0);
    Value yes = scalar(ElementType.BOOL, 1);
    return List.of(Result.of(x), Result.of(new Expand(yes, shapeOf(x))));
  }
}
