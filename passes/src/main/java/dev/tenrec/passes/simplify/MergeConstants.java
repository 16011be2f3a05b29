package dev.tenrec.passes.simplify;

import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.passes.rewrite.MatchContext;
import dev.tenrec.passes.rewrite.Rule;
import java.util.Optional;

/**
 * Constants that are added or multiplied one after the other → one constant:
 *
 * <pre>
 * (x + a) + b → x + (a + b)
 * (x a) b     → x (a b)
 * (x / a) b   → x / (a / b), b a power of two
 * </pre>
 *
 * <p>Legal where nothing else reads what is between, and the one constant has the shape of one of
 * the two. Quotients are left alone where the result would be rounded elsewhere: what is made an
 * index of may then be another one.
 */
public record MergeConstants() implements Rule {
  @Override
  public String name() {
    return "merge-constants";
  }

  @Override
  public Optional<Value> rewrite(Op op, MatchContext context) {
    if (!(op instanceof Binary(BinaryKind outer, Value inner, Value b))
        || b.constant().isEmpty()
        || !context.hasOneUse(inner)) {
      return Optional.empty();
    }
    return inner
        .producedBy(Binary.class)
        .filter(first -> first.b().constant().isPresent())
        .flatMap(first -> merged(first, outer, b))
        .filter(value -> value.type().equals(context.result().type()));
  }

  private static Optional<Value> merged(Binary first, BinaryKind outer, Value b) {
    Value x = first.a();
    Value a = first.b();
    BinaryKind inner = first.kind();
    if (inner == outer && (inner == BinaryKind.ADD || inner == BinaryKind.MUL)) {
      return with(inner, x, new Binary(inner, a, b), a, b);
    }
    return x.elementType().isFloating()
            && inner == BinaryKind.DIV
            && outer == BinaryKind.MUL
            && b.scalarConstant().filter(MergeConstants::isPowerOfTwo).isPresent()
        ? with(BinaryKind.DIV, x, new Binary(BinaryKind.DIV, a, b), a, b)
        : Optional.empty();
  }

  private static boolean isPowerOfTwo(double number) {
    int exponent = Math.getExponent(number);
    return Math.abs(number) == Math.scalb(1.0, exponent) && Math.abs(exponent) < 14;
  }

  private static Optional<Value> with(BinaryKind kind, Value x, Binary constant, Value a, Value b) {
    Value merged = constant.value();
    long count = merged.shape().elementCount().value().orElseThrow();
    long larger = Math.max(a.constant().orElseThrow().count(), b.constant().orElseThrow().count());
    return count == larger ? Optional.of(Terms.binary(kind, x, merged)) : Optional.empty();
  }
}
