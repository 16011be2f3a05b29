package dev.tenrec.onnx;

import static dev.tenrec.ir.Terms.add;
import static dev.tenrec.ir.Terms.cast;
import static dev.tenrec.ir.Terms.concat;
import static dev.tenrec.ir.Terms.constant;
import static dev.tenrec.ir.Terms.expand;
import static dev.tenrec.ir.Terms.gather;
import static dev.tenrec.ir.Terms.matMul;
import static dev.tenrec.ir.Terms.mul;
import static dev.tenrec.ir.Terms.number;
import static dev.tenrec.ir.Terms.reshape;
import static dev.tenrec.ir.Terms.reshapeKeeping;
import static dev.tenrec.ir.Terms.slice;
import static dev.tenrec.ir.Terms.transpose;
import static dev.tenrec.ir.Terms.unsqueeze;
import static dev.tenrec.onnx.OperatorTable.since;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.onnx.OperatorTable.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Discrete Fourier transforms as matrix products: real and imaginary parts of all elements along an
 * axis form one vector, which is multiplied with a constant matrix of cosines and sines.
 */
final class FourierImport {
  /** A matrix for longer signals would take more memory than any model's weights. */
  private static final long MAX_ENTRIES = 1L << 28;

  private FourierImport() {}

  static void register(OperatorTable on) {
    on.result("DFT", since(17), n -> dft(n, n.intAttribute("axis", 1)));
    on.result("DFT", since(20), n -> dft(n, axisInput(n)));
    on.result("STFT", since(17), FourierImport::stft);
    on.limit("DFT", "the length of the signal is fixed");
    on.limit("STFT", "the length of the signal is fixed");
  }

  private static long axisInput(NodeContext n) {
    return n.optionalConstantInput(2).map(axis -> axis.getLong(0)).orElse(-2L);
  }

  /**
   * What a transform does.
   *
   * @param length of the signal: elements that are read or, of an inverse, the divisor
   * @param parts 1 for real and 2 for complex operands
   * @param half whether only the first half of a spectrum is there, as the other mirrors it
   */
  private record Transform(long length, int parts, boolean inverse, boolean half) {
    /** A half spectrum becomes real elements again. */
    boolean toReal() {
      return inverse && half;
    }

    long inputs() {
      return toReal() ? length / 2 + 1 : length;
    }

    long outputs() {
      return half && !inverse ? length / 2 + 1 : length;
    }

    int outputParts() {
      return toReal() ? 1 : 2;
    }

    /** [inputs parts, outputs output parts]. */
    Tensor matrix(ElementType type) {
      long rows = inputs() * parts;
      long columns = outputs() * outputParts();
      return Tensor.ofDoubles(
          type, ImmutableLongArray.of(rows, columns), i -> entry((int) (i / columns), i % columns));
    }

    private double entry(int row, long column) {
      long from = row / parts;
      long to = column / outputParts();
      boolean fromImaginary = row % parts == 1;
      boolean toImaginary = column % outputParts() == 1;
      double angle = (inverse ? 2 : -2) * Math.PI * (from * to % length) / length;
      double factor = inverse ? mirrored(from) / (double) length : 1;
      if (fromImaginary == toImaginary) {
        return factor * Math.cos(angle);
      }
      return (fromImaginary ? -factor : factor) * Math.sin(angle);
    }

    /** How often an element of a half spectrum counts in the whole. */
    private int mirrored(long from) {
      return half && from != 0 && 2 * from != length ? 2 : 1;
    }
  }

  private static Result dft(NodeContext n, long axisGiven) {
    Value x = n.input(0);
    boolean inverse = n.flag("inverse", false);
    boolean half = n.flag("onesided", false);
    int axis = n.axis(axisGiven, x.rank());
    int parts = parts(n, x);
    if (axis == x.rank() - 1) {
      throw n.invalid("axis %d of %s holds real and imaginary parts".formatted(axis, x.type()));
    }
    if (half && (inverse == (parts == 1))) {
      throw n.invalid("onesided with inverse = %s does not take %s".formatted(inverse, x.type()));
    }
    Optional<Long> given = n.optionalConstantInput(1).map(length -> length.getLong(0));
    long length =
        given.orElseGet(() -> inverse && half ? 2 * (fixed(n, x, axis) - 1) : fixed(n, x, axis));
    if (length < 1) {
      throw n.invalid("the length of the transform is " + length);
    }
    Transform transform = new Transform(length, parts, inverse, half);
    List<Integer> order = new ArrayList<>(IntStream.range(0, x.rank()).boxed().toList());
    order.remove((Object) axis);
    order.add(x.rank() - 2, axis);
    Value moved = transpose(fitted(x, axis, transform.inputs()), order);
    Value spectrum = transformed(n, moved, transform);
    List<Integer> back = IntStream.range(0, x.rank()).mapToObj(order::indexOf).toList();
    return Result.of(transpose(spectrum, back));
  }

  private static int parts(NodeContext n, Value x) {
    long parts = x.rank() < 2 ? 0 : x.dim(x.rank() - 1).value().orElse(0);
    if (parts != 1 && parts != 2) {
      throw n.unsupported("whether %s is real or complex is not known".formatted(x.type()))
          .advise("the last dimension must be 1 for real and 2 for complex signals");
    }
    return (int) parts;
  }

  private static long fixed(NodeContext n, Value x, int axis) {
    return x.dim(axis)
        .value()
        .orElseThrow(() ->
            n.unsupported("the length of the signal in %s is not fixed".formatted(x.type()))
                .advise("give the length of the transform as a constant"));
  }

  /** Cut off or filled up with zeros to a given number of elements. */
  private static Value fitted(Value x, int axis, long wanted) {
    if (x.dim(axis).is(wanted)) {
      return x;
    }
    boolean longEnough = x.dim(axis).value().orElse(0) >= wanted;
    Value padded = longEnough ? x : concat(axis, x, zerosLike(x, axis, wanted));
    return slice(padded, axis, 0, wanted);
  }

  private static Value zerosLike(Value x, int axis, long count) {
    Value shape = Terms.shapeOf(x);
    Value before = slice(shape, 0, 0, axis);
    Value behind = slice(shape, 0, axis + 1L, x.rank());
    return expand(number(x, 0), concat(0, before, Terms.vector(count), behind));
  }

  /** [..., length, parts] to [..., outputs, output parts]. */
  private static Value transformed(NodeContext n, Value x, Transform transform) {
    Value matrix = constant(matrix(n, transform, x.elementType()));
    long[] flat = new long[x.rank() - 1];
    flat[x.rank() - 2] = transform.inputs() * transform.parts();
    long[] split = new long[x.rank()];
    split[x.rank() - 2] = transform.outputs();
    split[x.rank() - 1] = transform.outputParts();
    boolean vector = x.rank() == 2;
    Value rows = vector ? reshape(x, 1, flat[0]) : reshapeKeeping(x, flat);
    return reshapeKeeping(matMul(rows, matrix), split);
  }

  private static Tensor matrix(NodeContext n, Transform transform, ElementType type) {
    long rows = transform.inputs() * transform.parts();
    if (rows * transform.outputs() * transform.outputParts() > MAX_ENTRIES) {
      throw n.unsupported("a transform of length %d is too long".formatted(transform.length()))
          .advise("split the signal into shorter frames");
    }
    return transform.matrix(type);
  }

  /** Frames of a signal, [N, length, parts], each of them transformed. */
  private static Result stft(NodeContext n) {
    Value x = n.input(0, 3);
    long step = n.constantInput(1).getLong(0);
    Optional<Value> window = n.optionalInput(2);
    Optional<Long> given = n.optionalConstantInput(3).map(length -> length.getLong(0));
    long length =
        given.orElseGet(() ->
            fixed(
                n,
                window.orElseThrow(
                    () -> n.invalid("neither the window nor the length of frames is given")),
                0));
    if (step < 1 || length < 1) {
      throw n.invalid("frames of %d elements, every %d".formatted(length, step));
    }
    int parts = parts(n, x);
    boolean half = n.flag("onesided", true);
    if (half && parts == 2) {
      throw n.invalid("onesided does not take the complex signal " + x.type());
    }
    Size frames = n.sizeOf(x, 1).plus(-length).dividedBy(step).plus(1);
    Value starts = mul(IndexingImport.range(n, frames), step);
    Value positions =
        add(unsqueeze(starts, 1), unsqueeze(IndexingImport.range(n, Size.of(length)), 0));
    Value framed = gather(x, positions, 1);
    Value weighted =
        window.map(w -> mul(framed, unsqueeze(cast(w, x.elementType()), 1))).orElse(framed);
    return Result.of(transformed(n, weighted, new Transform(length, parts, false, half)));
  }
}
