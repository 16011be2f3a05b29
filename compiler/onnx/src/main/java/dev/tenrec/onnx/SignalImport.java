package dev.tenrec.onnx;

import static dev.tenrec.ir.Terms.add;
import static dev.tenrec.ir.Terms.cast;
import static dev.tenrec.ir.Terms.div;
import static dev.tenrec.ir.Terms.index;
import static dev.tenrec.ir.Terms.mul;
import static dev.tenrec.ir.Terms.range;
import static dev.tenrec.ir.Terms.reshape;
import static dev.tenrec.ir.Terms.scalar;
import static dev.tenrec.ir.Terms.sub;
import static dev.tenrec.ir.Terms.unary;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;

/** Window functions: sums of cosines of 2 pi i / N, where N is the length or one less. */
final class SignalImport {
  private SignalImport() {}

  static void register(OperatorTable on) {
    on.op("HannWindow", n -> window(n, 0.5, -0.5, 0));
    on.op("HammingWindow", n -> window(n, 25.0 / 46, -21.0 / 46, 0));
    on.op("BlackmanWindow", n -> window(n, 0.42, -0.5, 0.08));
    on.op("MelWeightMatrix", n -> new Source.Constant(melWeights(n)));
  }

  /** {@code constant + first cos(x) + second cos(2 x)}. */
  private static Op window(NodeContext n, double constant, double first, double second) {
    ElementType type =
        n.attributes().integer("output_datatype").map(ElementTypes::of).orElse(ElementType.FLOAT32);
    Value length = cast(n.input(0), ElementType.INT64);
    Value count = reshape(length);
    Value steps = cast(range(count), type);
    Value period = n.flag("periodic", true) ? count : sub(count, index(1));
    Value fraction = div(steps, cast(period, type));
    Value angle = mul(fraction, 2 * Math.PI);
    Value sum = add(scalar(type, constant), cosine(angle, first));
    return new Binary(BinaryKind.ADD, sum, cosine(mul(angle, 2), second));
  }

  private static Value cosine(Value angle, double factor) {
    return mul(unary(UnaryKind.COS, angle), factor);
  }

  /**
   * The share of each bin of a spectrum in each band: [bins, bands]. Bands are triangles whose
   * corners are at equal distances in mel, 2595 log10(1 + hertz / 700), and at whole bins.
   */
  private static Tensor melWeights(NodeContext n) {
    int bands = Math.toIntExact(n.constantInput(0).getLong(0));
    long length = n.constantInput(1).getLong(0);
    long rate = n.constantInput(2).getLong(0);
    double lowest = mel(n.constantInput(3).getDouble(0));
    double highest = mel(n.constantInput(4).getDouble(0));
    int bins = Math.toIntExact(length / 2 + 1);
    if (bands < 1 || length < 1 || rate < 1) {
      throw n.invalid("%d bands of %d elements at %d Hz".formatted(bands, length, rate));
    }
    int[] corners = new int[bands + 2];
    for (int i = 0; i < corners.length; i++) {
      double hertz = hertz(lowest + i * (highest - lowest) / corners.length);
      corners[i] = (int) Math.floor((length + 1) * hertz / rate);
      if (corners[i] < 0 || corners[i] >= bins) {
        throw n.invalid("a band reaches bin %d of %d".formatted(corners[i], bins));
      }
    }
    ElementType type = ElementTypes.of(n.intAttribute("output_datatype", 1));
    return Tensor.ofDoubles(
        type, ImmutableLongArray.of(bins, bands), i -> share(corners, i % bands, i / bands));
  }

  private static double mel(double hertz) {
    return 2595 * Math.log10(1 + hertz / 700);
  }

  private static double hertz(double mel) {
    return 700 * (Math.pow(10, mel / 2595) - 1);
  }

  private static double share(int[] corners, int band, int bin) {
    int from = corners[band];
    int centre = corners[band + 1];
    int to = corners[band + 2];
    if (bin == centre) {
      return 1;
    }
    if (bin < centre) {
      return bin >= from ? (double) (bin - from) / (centre - from) : 0;
    }
    return bin < to ? (double) (to - bin) / (to - centre) : 0;
  }
}
