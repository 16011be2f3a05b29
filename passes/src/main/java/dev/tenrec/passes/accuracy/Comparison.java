package dev.tenrec.passes.accuracy;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import dev.tenrec.ir.Executable;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.Tensor;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How far the results of one executable are from those of another.
 *
 * @param deviations by the name of the output, over all samples
 * @param samples how many times both ran
 */
public record Comparison(ImmutableMap<String, Deviation> deviations, long samples) {

  /**
   * Runs both.
   *
   * @param reference what is expected
   * @param candidate has an output for each of the reference's
   * @param samples inputs of both; read one after the other, and none is kept
   * @throws TenrecException with {@code INVALID_INPUT} if there are none
   */
  public static Comparison of(
      Executable reference, Executable candidate, Iterable<? extends Map<String, Tensor>> samples) {
    Map<String, DeviationMeter> meters = new LinkedHashMap<>();
    reference
        .signature()
        .outputs()
        .keySet()
        .forEach(name -> meters.put(name, new DeviationMeter()));
    long count = 0;
    for (Map<String, Tensor> sample : samples) {
      Map<String, Tensor> expected = reference.run(sample);
      Map<String, Tensor> actual = candidate.run(sample);
      meters.forEach((name, meter) -> meter.add(found(expected, name), found(actual, name)));
      count++;
    }
    if (count == 0) {
      throw new TenrecException(ErrorCode.INVALID_INPUT, "there are no samples to compare on")
          .advise("give data with at least one sample");
    }
    return new Comparison(
        ImmutableMap.copyOf(Maps.transformValues(meters, DeviationMeter::deviation)), count);
  }

  /** That of the output with the lowest ratio of signal to noise. */
  public Deviation worst() {
    return deviations.values().stream()
        .min(Comparator.comparingDouble(Deviation::decibels))
        .orElse(new Deviation(0, 0, 0, 0, 1, Double.POSITIVE_INFINITY));
  }

  private static Tensor found(Map<String, Tensor> results, String name) {
    Tensor tensor = results.get(name);
    if (tensor == null) {
      throw new TenrecException(
          ErrorCode.INVALID_ARGUMENT, "one of both has no output '%s'".formatted(name));
    }
    return tensor;
  }
}
