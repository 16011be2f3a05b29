package dev.tenrec.passes.simplify;

import dev.tenrec.ir.Elementwise.Cast;
import dev.tenrec.ir.Elementwise.Select;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.ElementType.Kind;
import dev.tenrec.passes.rewrite.MatchContext;
import dev.tenrec.passes.rewrite.Rule;
import java.util.Optional;

/**
 * {@code cast(x: T, T) → x}, {@code cast(cast(x, M), T) → cast(x, T)}, and {@code cast(select(c, 0,
 * -1), bool) → not(c)}.
 *
 * <p>The second is legal where M holds every number of x's type exactly, the third for constants of
 * which one is 0.
 */
public record SimplifyCasts() implements Rule {
  @Override
  public String name() {
    return "simplify-casts";
  }

  @Override
  public Optional<Value> rewrite(Op op, MatchContext context) {
    if (!(op instanceof Cast(Value x, ElementType to))) {
      return Optional.empty();
    }
    if (x.elementType() == to) {
      return Optional.of(x);
    }
    return x.producedBy(Cast.class)
        .filter(inner -> holds(inner.to(), inner.x().elementType()))
        .map(inner -> new Cast(inner.x(), to).value())
        .or(() ->
            to == ElementType.BOOL
                ? x.producedBy(Select.class).flatMap(SimplifyCasts::condition)
                : Optional.empty())
        .filter(value -> value.shape().equals(context.result().shape()));
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
