package dev.tenrec.passes.quantize;

import dev.tenrec.ir.Contraction.MatMul;
import dev.tenrec.ir.Convolution.Conv;
import dev.tenrec.ir.Convolution.ConvTranspose;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.Window;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.tensor.ElementType;
import java.util.Optional;

/** Whether a GPU gains by computing in 8 bits, from the sizes of an operation. */
final class Gain {
  /** What its matrix units multiply at once. */
  private static final long TILE = 16;

  private static final long HALF_TILE = 8;
  private static final long LARGEST_FLOAT8_KERNEL = 32;

  private Gain() {}

  /** Why nothing is gained, if so. */
  static Optional<String> obstacle(Region region, ElementType type) {
    return switch (region.op()) {
      case Conv conv -> obstacle(conv, type);
      case ConvTranspose _ -> Optional.of("transposed convolutions have no kernels for 8 bits");
      case MatMul(Value a, Value b, boolean transposeA, boolean transposeB) -> {
        long rows = size(a.dim(a.rank() - (transposeA ? 1 : 2)));
        long sums = size(b.dim(b.rank() - (transposeB ? 1 : 2)));
        yield rows == 1
            ? Optional.of("a vector times a matrix waits for memory")
            : small(sums, size(b.dim(b.rank() - (transposeB ? 2 : 1))));
      }
      default -> Optional.empty();
    };
  }

  private static Optional<String> obstacle(Conv conv, ElementType type) {
    long in = size(conv.weights().dim(1));
    long out = size(conv.weights().dim(0));
    long kernel = kernel(conv.window());
    if (conv.groups() > 1 && in == 1) {
      return Optional.of("a depthwise convolution waits for memory");
    }
    if (SmallGroups.has(conv)) {
      return Optional.of(
          "groups of %d channels have no right kernel".formatted(SmallGroups.channels(conv)));
    }
    if (type.isFloating()) {
      return kernel > LARGEST_FLOAT8_KERNEL
          ? Optional.of("a kernel of %d is too large".formatted(kernel))
          : small(in, out);
    }
    if (in < TILE && kernel > 1 && conv.window().strides().equals(conv.window().kernel())) {
      return Optional.of("patches of %d channels have no fast kernel".formatted(in));
    }
    if (conv.groups() > 1) {
      return out % HALF_TILE == 0 && kernel > 1
          ? Optional.empty()
          : Optional.of("%d channels in %d groups are too small".formatted(out, conv.groups()));
    }
    // One side may be small, as in the first layer: it is filled up.
    boolean fits = Math.max(in, out) >= TILE && (in % HALF_TILE == 0 || out % HALF_TILE == 0);
    return fits ? Optional.empty() : small(in, out);
  }

  private static Optional<String> small(long in, long out) {
    return Math.min(in, out) < TILE
        ? Optional.of("%d channels from %d are too few".formatted(out, in))
        : Optional.empty();
  }

  private static long kernel(Window window) {
    return window.kernel().stream().reduce(1, (a, b) -> a * b);
  }

  private static long size(Dim dim) {
    return dim.value().orElse(Long.MAX_VALUE);
  }
}
