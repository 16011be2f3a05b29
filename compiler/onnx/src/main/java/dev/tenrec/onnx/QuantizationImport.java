package dev.tenrec.onnx;

import static dev.tenrec.ir.Terms.add;
import static dev.tenrec.ir.Terms.cast;
import static dev.tenrec.ir.Terms.div;
import static dev.tenrec.ir.Terms.equal;
import static dev.tenrec.ir.Terms.max;
import static dev.tenrec.ir.Terms.min;
import static dev.tenrec.ir.Terms.number;
import static dev.tenrec.ir.Terms.select;
import static dev.tenrec.ir.Terms.sub;
import static dev.tenrec.ir.Terms.unary;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Elementwise.Activation;
import dev.tenrec.ir.Elementwise.ActivationKind;
import dev.tenrec.ir.Elementwise.Cast;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Quantization.Dequantize;
import dev.tenrec.ir.Quantization.Quantize;
import dev.tenrec.ir.Reduction.Reduce;
import dev.tenrec.ir.Reduction.ReduceKind;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.onnx.OperatorTable.Result;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Quantization. Without a zero point it is an operation of the IR, in types that hold quantized
 * numbers and nothing else; with one, and in other types, it is arithmetic.
 */
final class QuantizationImport {
  private static final double STEPS = 255;

  private QuantizationImport() {}

  static void register(OperatorTable on) {
    on.op("QuantizeLinear", QuantizationImport::quantize);
    on.op("DequantizeLinear", QuantizationImport::dequantize);
    on.results("DynamicQuantizeLinear", QuantizationImport::dynamic);
  }

  static Op quantize(NodeContext n) {
    boolean saturate = n.flag("saturate", true);
    ElementType to = target(n);
    Optional<ElementType> explicit = type(n, "precision");
    ElementType precision = explicit.orElse(ElementType.FLOAT32);
    Value x = cast(n.input(0), precision);
    Value scale = cast(n.input(1), precision);
    Scale layout = Scale.of(n, x, scale);
    Optional<Value> zeroPoint = n.optionalInput(2);
    boolean plain = precision == ElementType.FLOAT32 && (saturate || !to.isFloating());
    if (plain && isSymmetric(zeroPoint, to)) {
      // The operation computes in float32 whatever it reads.
      Value data = n.input(0).elementType().isFloating() ? n.input(0) : x;
      Value step = n.input(1).elementType().bits() >= 16 ? n.input(1) : scale;
      return new Quantize(data, layout.normalized(step), to, layout.granularity());
    }
    if (to.isFloating()) {
      Value quotient = div(x, layout.broadcast(scale));
      return toFloating(quotient, broadcast(layout, zeroPoint), to, saturate);
    }
    checkBits(n, to);
    return Affine.quantized(x, layout.broadcast(scale), broadcast(layout, zeroPoint), to);
  }

  private static Op toFloating(
      Value quotient, Optional<Value> zeroPoint, ElementType to, boolean saturate) {
    Value moved =
        zeroPoint
            .filter(_ -> !Affine.isZero(zeroPoint))
            .map(zero -> cast(zero, quotient.elementType()))
            .map(zero -> add(quotient, zero))
            .orElse(quotient);
    return saturate ? new Cast(moved, to) : CastImport.unsaturated(moved, to);
  }

  private static void checkBits(NodeContext n, ElementType to) {
    if (!to.isInteger() || to.bits() > 16) {
      throw n.invalid("%s is not a type to quantize to".formatted(to.text()));
    }
  }

  /** Moved as float32, because not everything can move elements of less than a byte. */
  private static Optional<Value> broadcast(Scale layout, Optional<Value> zeroPoint) {
    return zeroPoint
        .filter(_ -> !Affine.isZero(zeroPoint))
        .map(zero ->
            layout.broadcast(
                zero.elementType().bits() <= 16 ? cast(zero, ElementType.FLOAT32) : zero));
  }

  /** The type of the zero point, which need not be there. */
  private static ElementType target(NodeContext n) {
    Optional<ElementType> wanted = type(n, "output_dtype");
    return n.optionalInput(2)
        .map(Value::elementType)
        .orElseGet(() -> wanted.orElse(ElementType.UINT8));
  }

  private static Optional<ElementType> type(NodeContext n, String attribute) {
    return n.attributes().integer(attribute).filter(t -> t != 0).map(ElementTypes::of);
  }

  /** Powers of two are read as float. */
  private static ElementType computable(ElementType type) {
    return type == ElementType.FLOAT8E8M0 ? ElementType.FLOAT32 : type;
  }

  private static boolean isSymmetric(Optional<Value> zeroPoint, ElementType type) {
    boolean held =
        type.isFloating() || (type.kind() == ElementType.Kind.SIGNED && type.bits() <= 8);
    return held && Affine.isZero(zeroPoint);
  }

  static Op dequantize(NodeContext n) {
    Value x = n.input(0);
    Value scale = n.input(1);
    ElementType to = type(n, "output_dtype").orElse(scale.elementType());
    Scale layout = Scale.of(n, x, scale);
    Optional<Value> zeroPoint = n.optionalInput(2);
    Value factor = cast(scale, computable(scale.elementType()));
    if (isSymmetric(zeroPoint, x.elementType()) && computable(to) == to) {
      return new Dequantize(x, layout.normalized(factor), to, layout.granularity());
    }
    Value numbers = Affine.dequantized(x, layout.broadcast(factor), broadcast(layout, zeroPoint));
    return new Cast(numbers, to);
  }

  private static List<Result> dynamic(NodeContext n) {
    Dynamic dynamic = Dynamic.of(n.input(0));
    return List.of(
        Result.of(dynamic.quantized()), Result.of(dynamic.scale()), Result.of(dynamic.zeroPoint()));
  }

  /** A tensor quantized to bytes by its range, which always has 0 in it. */
  record Dynamic(Op quantized, Value scale, Value zeroPoint) {
    static Dynamic of(Value x) {
      Value zero = number(x, 0);
      Value lowest = min(extreme(ReduceKind.MIN, x), zero);
      Value highest = max(extreme(ReduceKind.MAX, x), zero);
      Value range = sub(highest, lowest);
      Value step = div(range, number(x, STEPS));
      Value empty = equal(range, zero);
      // Nothing but zeros: any scale gives them back.
      Value scale = select(empty, number(x, 1), step);
      Value quotient = div(lowest, scale);
      Value below = unary(UnaryKind.NEG, quotient);
      Value limited = new Activation(ActivationKind.CLIP, below, 0, STEPS).value();
      Value nearest = unary(UnaryKind.ROUND, limited);
      Value zeroPoint = cast(nearest, ElementType.UINT8);
      Op quantized = Affine.quantized(x, scale, Optional.of(zeroPoint), ElementType.UINT8);
      return new Dynamic(quantized, scale, zeroPoint);
    }

    private static Value extreme(ReduceKind kind, Value x) {
      ImmutableList<Integer> axes =
          IntStream.range(0, x.rank()).boxed().collect(ImmutableList.toImmutableList());
      return axes.isEmpty() ? x : new Reduce(kind, x, axes, false).value();
    }
  }
}
