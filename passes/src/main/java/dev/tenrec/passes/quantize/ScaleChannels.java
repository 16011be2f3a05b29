package dev.tenrec.passes.quantize;

import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableDoubleArray;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.passes.Pass;
import dev.tenrec.passes.PassContext;

/**
 * Divides channels of values by factors, and multiplies the weights that they meet, so that the
 * graph computes what it did: see {@link Seam}.
 *
 * @param factors for each channel, by the names of the values
 */
public record ScaleChannels(ImmutableMap<String, ImmutableDoubleArray> factors) implements Pass {
  @Override
  public String name() {
    return "scale-channels";
  }

  @Override
  public boolean runsInBodies() {
    return false;
  }

  /**
   * @throws TenrecException if a value cannot be divided, or has another number of channels
   */
  @Override
  public Graph run(Graph graph, PassContext context) {
    ImmutableMap<String, Seam> seams = factors.isEmpty() ? ImmutableMap.of() : Seam.of(graph);
    OtherConstants constants = new OtherConstants();
    factors.forEach((name, numbers) -> {
      Seam seam = seams.get(name);
      if (seam == null) {
        throw invalid("the channels of '%s' cannot have factors".formatted(name));
      }
      if (numbers.length() != seam.channels()) {
        throw invalid(
            "%d factors for the %d channels of '%s'"
                .formatted(numbers.length(), seam.channels(), name));
      }
      seam.divide(numbers, constants);
    });
    return constants.in(graph);
  }

  private static TenrecException invalid(String problem) {
    return new TenrecException(ErrorCode.INVALID_INPUT, problem)
        .advise("calibrate this model again");
  }
}
