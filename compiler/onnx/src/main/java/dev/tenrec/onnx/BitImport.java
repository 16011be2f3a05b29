package dev.tenrec.onnx;

import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Elementwise.BitCast;
import dev.tenrec.ir.Elementwise.Unary;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Op;

/** Operators on the bits of integers. */
final class BitImport {
  private BitImport() {}

  static void register(OperatorTable on) {
    on.op("BitwiseAnd", n -> new Binary(BinaryKind.BIT_AND, n.input(0), n.input(1)));
    on.op("BitwiseOr", n -> new Binary(BinaryKind.BIT_OR, n.input(0), n.input(1)));
    on.op("BitwiseXor", n -> new Binary(BinaryKind.BIT_XOR, n.input(0), n.input(1)));
    on.op("BitwiseNot", n -> new Unary(UnaryKind.BIT_NOT, n.input(0)));
    on.op("BitShift", BitImport::shift);
    on.op(
        "BitCast",
        n ->
            new BitCast(
                n.input(0), ElementTypes.of(n.required(n.attributes().integer("to"), "to"))));
  }

  private static Op shift(NodeContext n) {
    String direction = n.required(n.attributes().text("direction"), "direction");
    return switch (direction) {
      case "LEFT" -> new Binary(BinaryKind.SHIFT_LEFT, n.input(0), n.input(1));
      case "RIGHT" -> new Binary(BinaryKind.SHIFT_RIGHT, n.input(0), n.input(1));
      default -> throw n.invalid("direction is '%s'".formatted(direction));
    };
  }
}
