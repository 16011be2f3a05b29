package dev.tenrec.passes.quantize;

import dev.tenrec.ir.Convolution.Conv;

/**
 * Groups of channels that are too small for convolutions in 8 bits. TensorRT 10.6 computes zeros,
 * infinities or no numbers for groups of 1, 8 and 16 channels whose results are read in floating
 * point, and the right numbers for 32 and 64; {@code testdata/results} has what was seen.
 */
public final class SmallGroups {
  private static final long SMALLEST = 32;

  private SmallGroups() {}

  /** Whether a convolution has several groups, with too few channels each. */
  public static boolean has(Conv conv) {
    return conv.groups() > 1 && channels(conv) < SMALLEST;
  }

  /** Channels that a group reads or gives, whichever are fewer; many if that is not known. */
  static long channels(Conv conv) {
    long in = conv.weights().dim(1).value().orElse(Long.MAX_VALUE);
    long out = conv.weights().dim(0).value().orElse(Long.MAX_VALUE);
    return Math.min(in, out / conv.groups());
  }
}
