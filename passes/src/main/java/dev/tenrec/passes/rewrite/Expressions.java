package dev.tenrec.passes.rewrite;

import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Elementwise.Unary;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Shuffle.Expand;
import dev.tenrec.ir.Shuffle.Reshape;
import dev.tenrec.ir.Value;

/** New values over others, so that a replacement reads as its formula. */
public final class Expressions {
  private Expressions() {}

  public static Value binary(BinaryKind kind, Value a, Value b) {
    return new Binary(kind, a, b).value();
  }

  public static Value add(Value a, Value b) {
    return binary(BinaryKind.ADD, a, b);
  }

  public static Value sub(Value a, Value b) {
    return binary(BinaryKind.SUB, a, b);
  }

  public static Value mul(Value a, Value b) {
    return binary(BinaryKind.MUL, a, b);
  }

  public static Value div(Value a, Value b) {
    return binary(BinaryKind.DIV, a, b);
  }

  public static Value sqrt(Value x) {
    return new Unary(UnaryKind.SQRT, x).value();
  }

  /** A value plus a number of its element type. */
  public static Value add(Value x, double number) {
    return add(x, Constants.scalar(x.elementType(), number));
  }

  public static Value reshape(Value x, long... sizes) {
    return new Reshape(x, Constants.vector(sizes), false).value();
  }

  public static Value expand(Value x, long... sizes) {
    return new Expand(x, Constants.vector(sizes)).value();
  }
}
