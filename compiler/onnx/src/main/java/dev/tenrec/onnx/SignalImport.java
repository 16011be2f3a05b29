package dev.tenrec.onnx;

import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Elementwise.Cast;
import dev.tenrec.ir.Elementwise.Unary;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Shuffle.Reshape;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;

/** Window functions: sums of cosines of 2 pi i / N, where N is the length or one less. */
final class SignalImport {
  private SignalImport() {}

  static void register(OperatorTable on) {
    on.op("HannWindow", n -> window(n, 0.5, -0.5, 0));
    on.op("HammingWindow", n -> window(n, 25.0 / 46, -21.0 / 46, 0));
    on.op("BlackmanWindow", n -> window(n, 0.42, -0.5, 0.08));
  }

  /** {@code constant + first cos(x) + second cos(2 x)}. */
  private static Op window(NodeContext n, double constant, double first, double second) {
    ElementType type =
        n.attributes().integer("output_datatype").map(ElementTypes::of).orElse(ElementType.FLOAT32);
    Value length = new Cast(n.input(0), ElementType.INT64).value();
    Value count = new Reshape(length, n.longs(), false).value();
    Value zero = n.scalar(ElementType.INT64, 0);
    Value one = n.scalar(ElementType.INT64, 1);
    Value steps = new Cast(new Source.Range(zero, count, one).value(), type).value();
    Value period =
        n.flag("periodic", true) ? count : new Binary(BinaryKind.SUB, count, one).value();
    Value fraction = new Binary(BinaryKind.DIV, steps, new Cast(period, type).value()).value();
    Value angle = times(n, fraction, 2 * Math.PI);
    Value sum = plus(n.scalar(type, constant), cosine(n, angle, first));
    return new Binary(BinaryKind.ADD, sum, cosine(n, times(n, angle, 2), second));
  }

  private static Value cosine(NodeContext n, Value angle, double factor) {
    return times(n, new Unary(UnaryKind.COS, angle).value(), factor);
  }

  private static Value times(NodeContext n, Value x, double factor) {
    return new Binary(BinaryKind.MUL, x, n.scalar(x.elementType(), factor)).value();
  }

  private static Value plus(Value a, Value b) {
    return new Binary(BinaryKind.ADD, a, b).value();
  }
}
