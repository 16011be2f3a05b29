package dev.tenrec.passes.quantize;

import java.util.Locale;

/** What can be done before numbers are rounded, so that less is lost. */
public enum Remedy {
  /** {@link ChannelFactors} between convolutions, whose biases are corrected too. */
  EQUALIZE,
  /** {@link ChannelFactors} in front of matrix products. */
  SMOOTH,
  /** Biases of convolutions make up for what rounded weights add on average. */
  CORRECT_BIASES;

  /** The name as commands have it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
