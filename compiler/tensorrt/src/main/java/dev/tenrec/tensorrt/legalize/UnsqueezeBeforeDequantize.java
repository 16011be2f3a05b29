package dev.tenrec.tensorrt.legalize;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Contraction.MatMul;
import dev.tenrec.ir.Convolution.Conv;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Quantization;
import dev.tenrec.ir.Quantization.Dequantize;
import dev.tenrec.ir.Quantization.Granularity;
import dev.tenrec.ir.Quantization.Granularity.Blocked;
import dev.tenrec.ir.Quantization.Granularity.PerAxis;
import dev.tenrec.ir.Quantization.Quantize;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.Window;
import dev.tenrec.passes.rewrite.MatchContext;
import dev.tenrec.passes.rewrite.Rule;
import java.util.Optional;

/**
 * Axes of size 1 that a layer of TensorRT wants come in front of Dequantize, such that quantized
 * products and convolutions read what Dequantize gives.
 *
 * <pre>
 * a [..., m, k] dequantize(w [k, n])  → a dequantize(unsqueeze(w) [..., k, n])
 * conv(x [n, c, s], dequantize(w))    → squeeze(conv(unsqueeze(x) [n, c, 1, s], dequantize(unsqueeze(w))))
 * </pre>
 *
 * <p>Legal where a scale is for all or for a position along an axis. With the axes behind
 * Dequantize instead TensorRT 10.6 gives wrong numbers: of products those of transposed weights.
 */
public record UnsqueezeBeforeDequantize() implements Rule {
  /** Of windows, as TensorRT has none over one axis. */
  private static final int FIRST_SPATIAL = 2;

  @Override
  public String name() {
    return "unsqueeze-before-dequantize";
  }

  @Override
  public Optional<Value> rewrite(Op op, MatchContext context) {
    return switch (op) {
      case MatMul product when product.a().rank() > product.b().rank() && isMoved(product.b()) ->
          Optional.of(
              product
                  .withOperands(
                      ImmutableList.of(product.a(), raised(product.b(), product.a().rank())))
                  .value());
      case MatMul product when product.b().rank() > product.a().rank() && isMoved(product.a()) ->
          Optional.of(
              product
                  .withOperands(
                      ImmutableList.of(raised(product.a(), product.b().rank()), product.b()))
                  .value());
      case Conv conv when conv.window().rank() == 1 && isMoved(conv.weights()) ->
          Optional.of(planar(conv));
      default -> Optional.empty();
    };
  }

  private static boolean isMoved(Value value) {
    return value
        .producedBy(Dequantize.class)
        .filter(UnsqueezeBeforeDequantize::isMoved)
        .isPresent();
  }

  private static boolean isMoved(Quantization op) {
    return !(op.granularity() instanceof Blocked);
  }

  private static Value raised(Value matrices, int rank) {
    Value raised = matrices;
    for (int i = matrices.rank(); i < rank; i++) {
      raised = unsqueezed(raised, 0);
    }
    return raised;
  }

  private static Value planar(Conv conv) {
    Value sums =
        new Conv(
                unsqueezed(conv.x(), FIRST_SPATIAL),
                unsqueezed(conv.weights(), FIRST_SPATIAL),
                conv.bias(),
                planar(conv.window()),
                conv.groups(),
                conv.activation())
            .value();
    return Terms.squeeze(sums, FIRST_SPATIAL);
  }

  private static Window planar(Window line) {
    return new Window(
        behind(1, line.kernel()),
        behind(1, line.strides()),
        behind(1, line.dilations()),
        behind(0, line.before()),
        behind(0, line.after()),
        line.mode());
  }

  private static ImmutableLongArray behind(long first, ImmutableLongArray rest) {
    return ImmutableLongArray.builder().add(first).addAll(rest).build();
  }

  /** With one more axis, in front of what quantizes and dequantizes the value. */
  private static Value unsqueezed(Value value, int axis) {
    return value
        .producedBy(Quantization.class)
        .filter(UnsqueezeBeforeDequantize::isMoved)
        .map(op -> unsqueezed(op, axis))
        .orElseGet(() -> Terms.unsqueeze(value, axis));
  }

  private static Value unsqueezed(Quantization op, int axis) {
    Value x = unsqueezed(op.x(), axis);
    Granularity scales = beside(axis, op.granularity());
    return switch (op) {
      case Quantize quantize -> new Quantize(x, op.scale(), quantize.to(), scales).value();
      case Dequantize dequantize -> new Dequantize(x, op.scale(), dequantize.to(), scales).value();
    };
  }

  private static Granularity beside(int added, Granularity scales) {
    return scales instanceof PerAxis(int axis) && axis >= added ? new PerAxis(axis + 1) : scales;
  }
}
