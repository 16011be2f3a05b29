package dev.tenrec.passes.quantize.weights;

import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.passes.precision.PrecisionOverrides;

/**
 * How weights are quantized.
 *
 * @param type int8 or int4
 * @param block how many weights of an output share a scale; 0 stands for all
 * @param overrides of the user: weights stay as they are where one matches an operation that reads
 *     them
 */
public record WeightSettings(
    ElementType type, int block, WeightMethod method, PrecisionOverrides overrides) {
  /** Without overrides. */
  public WeightSettings(ElementType type, int block, WeightMethod method) {
    this(type, block, method, PrecisionOverrides.NONE);
  }

  public WeightSettings {
    WholeNumbers.of(type);
    if (block < 0) {
      throw new TenrecException(
          ErrorCode.INVALID_ARGUMENT, "blocks of %d weights".formatted(block));
    }
  }
}
