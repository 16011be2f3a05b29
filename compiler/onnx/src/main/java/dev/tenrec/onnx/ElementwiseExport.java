package dev.tenrec.onnx;

import dev.tenrec.ir.Elementwise;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;

/** Functions of single elements. */
final class ElementwiseExport {
  private ElementwiseExport() {}

  static void write(Elementwise op, NodeExport e) {
    switch (op) {
      case Elementwise.Unary(UnaryKind kind, Value _) -> e.same(operator(kind));
      case Binary binary -> binary(binary, e);
      case Elementwise.Select select -> select(select, e);
      case Elementwise.Cast(Value x, ElementType to) ->
          e.op("Cast").in(x).attribute("to", ElementTypes.number(to)).result();
      case Elementwise.BitCast cast -> BitExport.cast(cast, e);
      case Elementwise.Activation activation -> ActivationExport.write(activation, e);
      case Elementwise.ParametricRelu _ -> e.same("PRelu");
    }
  }

  private static String operator(UnaryKind kind) {
    return switch (kind) {
      case ABS -> "Abs";
      case ACOS -> "Acos";
      case ACOSH -> "Acosh";
      case ASIN -> "Asin";
      case ASINH -> "Asinh";
      case ATAN -> "Atan";
      case ATANH -> "Atanh";
      case BIT_NOT -> "BitwiseNot";
      case CEIL -> "Ceil";
      case COS -> "Cos";
      case COSH -> "Cosh";
      case ERF -> "Erf";
      case EXP -> "Exp";
      case FLOOR -> "Floor";
      case IS_INF -> "IsInf";
      case IS_NAN -> "IsNaN";
      case LOG -> "Log";
      case NEG -> "Neg";
      case NOT -> "Not";
      case RECIPROCAL -> "Reciprocal";
      case ROUND -> "Round";
      case SIGN -> "Sign";
      case SIN -> "Sin";
      case SINH -> "Sinh";
      case SQRT -> "Sqrt";
      case TAN -> "Tan";
    };
  }

  private static void select(Elementwise.Select op, NodeExport e) {
    ElementType type = op.a().elementType();
    if (type.bits() < 8 || (type.isFloating() && type.bits() == 8)) {
      throw e.unsupported("ONNX does not select between elements of " + type.text())
          .advise("select in a wider type, and cast the result");
    }
    e.same("Where");
  }

  private static void binary(Binary op, NodeExport e) {
    switch (op.kind()) {
      case ADD -> e.same("Add");
      case SUB -> e.same("Sub");
      case MUL -> e.same("Mul");
      case DIV -> e.same("Div");
      case FLOOR_DIV -> floorDivision(op, e);
      case MOD -> modulo(op, e);
      case FMOD -> e.op("Mod").in(op.a()).in(op.b()).attribute("fmod", true).result();
      case POW -> e.same("Pow");
      case MIN -> e.same("Min");
      case MAX -> e.same("Max");
      case AND -> e.same("And");
      case OR -> e.same("Or");
      case XOR -> e.same("Xor");
      case BIT_AND -> e.same("BitwiseAnd");
      case BIT_OR -> e.same("BitwiseOr");
      case BIT_XOR -> e.same("BitwiseXor");
      case SHIFT_LEFT, SHIFT_RIGHT -> BitExport.shift(op, e);
      case EQUAL -> e.same("Equal");
      case LESS -> e.same("Less");
      case LESS_OR_EQUAL -> e.same("LessOrEqual");
      case GREATER -> e.same("Greater");
      case GREATER_OR_EQUAL -> e.same("GreaterOrEqual");
    }
  }

  /**
   * Without the remainder, which has the sign of the divisor, the quotient of integers is exact.
   */
  private static void floorDivision(Binary op, NodeExport e) {
    if (op.a().elementType().isFloating()) {
      String quotient = e.op("Div").in(op.a()).in(op.b()).value();
      e.op("Floor").in(quotient).result();
      return;
    }
    String rest = e.op("Mod").in(op.a()).in(op.b()).value();
    String multiple = e.op("Sub").in(op.a()).in(rest).value();
    e.op("Div").in(multiple).in(op.b()).result();
  }

  /** ONNX has this for integers only; for others it is a - floor(a / b) b. */
  private static void modulo(Binary op, NodeExport e) {
    if (!op.a().elementType().isFloating()) {
      e.same("Mod");
      return;
    }
    String quotient = e.op("Div").in(op.a()).in(op.b()).value();
    String floor = e.op("Floor").in(quotient).value();
    String multiple = e.op("Mul").in(floor).in(op.b()).value();
    e.op("Sub").in(op.a()).in(multiple).result();
  }
}
