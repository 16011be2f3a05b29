package dev.tenrec.passes.simplify;

import dev.tenrec.ir.Elementwise.Cast;
import dev.tenrec.ir.Elementwise.Select;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Quantization.Dequantize;
import dev.tenrec.ir.Quantization.Quantize;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.ElementType.Kind;
import dev.tenrec.passes.rewrite.MatchContext;
import dev.tenrec.passes.rewrite.Rule;
import java.util.Optional;

/**
 * Casts that change nothing, or that what is beside them does as well.
 *
 * <pre>
 * cast(x: T, T)                        → x
 * cast(cast(x, M), T)                  → cast(x, T)
 * cast(dequantize(x, s, float32), T)   → dequantize(x, s, T)
 * quantize(cast(x, float32), s)        → quantize(x, s)
 * cast(select(c, 0, -1), bool)         → not(c)
 * </pre>
 *
 * <p>The second and fourth are legal where the wider type holds every number of x's type exactly,
 * the third where T is floating-point and s is of at most 32 bits, the last for constants of which
 * one is 0.
 */
public record SimplifyCasts() implements Rule {
  @Override
  public String name() {
    return "simplify-casts";
  }

  @Override
  public Optional<Value> rewrite(Op op, MatchContext context) {
    return switch (op) {
      case Cast(Value x, ElementType to) when x.elementType() == to -> Optional.of(x);
      case Cast(Value x, ElementType to) ->
          direct(x, to)
              .or(() -> dequantized(x, to))
              .or(() ->
                  to == ElementType.BOOL
                      ? x.producedBy(Select.class).flatMap(SimplifyCasts::condition)
                      : Optional.empty())
              .filter(value -> value.shape().equals(context.result().shape()));
      case Quantize quantize -> quantized(quantize);
      default -> Optional.empty();
    };
  }

  private static Optional<Value> direct(Value x, ElementType to) {
    return x.producedBy(Cast.class)
        .filter(inner -> holds(inner.to(), inner.x().elementType()))
        .map(inner -> new Cast(inner.x(), to).value());
  }

  /** Dequantize multiplies in float32 whatever it gives, so that nothing is rounded twice. */
  private static Optional<Value> dequantized(Value x, ElementType to) {
    return x.producedBy(Dequantize.class)
        .filter(_ -> to.isFloating() && to.bits() >= 16)
        .filter(
            inner -> inner.to() == ElementType.FLOAT32 && inner.scale().elementType().bits() <= 32)
        .map(inner -> new Dequantize(inner.x(), inner.scale(), to, inner.granularity()).value());
  }

  private static Optional<Value> quantized(Quantize op) {
    return op.x()
        .producedBy(Cast.class)
        .filter(cast -> cast.to() == ElementType.FLOAT32 && cast.x().elementType().isFloating())
        .filter(cast -> holds(ElementType.FLOAT32, cast.x().elementType()))
        .filter(cast -> cast.x().elementType().bits() >= 16)
        .map(cast -> new Quantize(cast.x(), op.scale(), op.to(), op.granularity()).value());
  }

  /** What is chosen by, if one of zero and something else is chosen. */
  private static Optional<Value> condition(Select op) {
    Optional<Double> a = op.a().scalarConstant();
    Optional<Double> b = op.b().scalarConstant();
    if (a.isEmpty() || b.isEmpty() || (a.get() == 0) == (b.get() == 0)) {
      return Optional.empty();
    }
    return Optional.of(a.get() == 0 ? Terms.not(op.condition()) : op.condition());
  }

  /** Whether every number of the narrow type is one of the wide type. */
  static boolean holds(ElementType wide, ElementType narrow) {
    return switch (narrow.kind()) {
      case BOOLEAN -> true;
      case FLOATING -> wide.isFloating() && holdsFloats(wide, narrow);
      case SIGNED ->
          (wide.kind() == Kind.SIGNED && wide.bits() >= narrow.bits())
              || precision(wide) >= narrow.bits() - 1;
      case UNSIGNED ->
          (wide.kind() == Kind.UNSIGNED && wide.bits() >= narrow.bits())
              || (wide.kind() == Kind.SIGNED && wide.bits() > narrow.bits())
              || precision(wide) >= narrow.bits();
    };
  }

  private static boolean holdsFloats(ElementType wide, ElementType narrow) {
    return switch (wide) {
      case FLOAT64 -> true;
      case FLOAT32 -> narrow != ElementType.FLOAT64;
      case FLOAT16, BFLOAT16 -> narrow == wide || narrow == ElementType.FLOAT4E2M1;
      default -> narrow == wide;
    };
  }

  /** The bits of an integer that a floating-point type holds exactly; 0 for narrow ones. */
  private static int precision(ElementType type) {
    return switch (type) {
      case FLOAT64 -> 53;
      case FLOAT32 -> 24;
      case FLOAT16 -> 11;
      case BFLOAT16 -> 8;
      default -> 0;
    };
  }
}
