package dev.tenrec.tensorrt;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Convolution;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.Window;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.tensorrt.layer.Coefficients;
import dev.tenrec.tensorrt.layer.MovementLayer;
import dev.tenrec.tensorrt.layer.MovementLayer.SampleMode;
import dev.tenrec.tensorrt.layer.NetworkTensor;
import dev.tenrec.tensorrt.layer.Vector;
import dev.tenrec.tensorrt.layer.WindowLayer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Lowers {@link Convolution}. */
final class ConvolutionLowering {
  private ConvolutionLowering() {}

  static NetworkTensor lower(Convolution op, Value result, Scope in) {
    return switch (op) {
      case Convolution.Conv conv -> convolution(conv, in);
      case Convolution.ConvTranspose conv -> transposed(conv, result, in);
    };
  }

  private static NetworkTensor convolution(Convolution.Conv op, Scope in) {
    Spatial spatial = Spatial.of(op.x(), op.window());
    Coefficients kernel = kernel(op.weights(), spatial, in);
    boolean inside = isParameter(kernel, op.bias());
    NetworkTensor result =
        in.add(
            new WindowLayer.Convolution(
                spatial.expand(in.of(op.x()), in),
                kernel,
                inside ? op.bias().map(b -> fixed(b.constant().orElseThrow())) : Optional.empty(),
                spatial.stride(),
                spatial.dilation(),
                spatial.padding(),
                op.groups()));
    NetworkTensor squeezed = spatial.restore(result, in);
    return inside ? squeezed : biased(squeezed, op.bias(), in);
  }

  /** The bias is a parameter only where the kernel is one, too; otherwise it is added. */
  private static boolean isParameter(Coefficients kernel, Optional<Value> bias) {
    return kernel instanceof Coefficients.Fixed
        && bias.map(b -> b.constant().isPresent()).orElse(true);
  }

  private static Coefficients fixed(Tensor tensor) {
    return new Coefficients.Fixed(tensor);
  }

  private static Coefficients kernel(Value weights, Spatial spatial, Scope in) {
    return weights
        .constant()
        .<Coefficients>map(tensor -> fixed(spatial.expand(tensor)))
        .orElseGet(() -> new Coefficients.Computed(spatial.expand(in.of(weights), in)));
  }

  private static NetworkTensor biased(NetworkTensor x, Optional<Value> bias, Scope in) {
    return bias.map(b -> in.sum(x, in.perChannel(b, x.rank()))).orElse(x);
  }

  /**
   * Output padding is less padding behind. Where there is not that much, the rest of it is zeros
   * behind the result, under the bias.
   */
  private static NetworkTensor transposed(Convolution.ConvTranspose op, Value result, Scope in) {
    Window window = op.window();
    List<Long> after = new ArrayList<>();
    boolean beyond = false;
    for (int i = 0; i < window.rank(); i++) {
      long rest = window.after().get(i) - op.outputPadding().get(i);
      after.add(Math.max(0, rest));
      beyond |= rest < 0;
    }
    Window trimmed =
        new Window(
            window.kernel(),
            window.strides(),
            window.dilations(),
            window.before(),
            ImmutableLongArray.copyOf(after),
            Window.Padding.EXPLICIT);
    Spatial spatial = Spatial.of(op.x(), trimmed);
    Coefficients kernel = kernel(op.weights(), spatial, in);
    boolean inside = !beyond && isParameter(kernel, op.bias());
    NetworkTensor deconvolved =
        in.add(
            new WindowLayer.Deconvolution(
                spatial.expand(in.of(op.x()), in),
                kernel,
                inside ? op.bias().map(b -> fixed(b.constant().orElseThrow())) : Optional.empty(),
                spatial.stride(),
                spatial.dilation(),
                spatial.padding(),
                op.groups()));
    NetworkTensor squeezed = spatial.restore(deconvolved, in);
    NetworkTensor extended = beyond ? extended(squeezed, result, in) : squeezed;
    return inside ? extended : biased(extended, op.bias(), in);
  }

  private static NetworkTensor extended(NetworkTensor x, Value result, Scope in) {
    long[] zeros = new long[x.rank()];
    long[] ones = new long[x.rank()];
    Arrays.fill(ones, 1);
    return in.add(
        new MovementLayer.Slice(
            x,
            Vector.of(zeros),
            in.vector(result.shape().dims()),
            Vector.of(ones),
            SampleMode.FILL,
            Optional.empty()));
  }
}
