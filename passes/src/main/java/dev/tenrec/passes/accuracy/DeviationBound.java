package dev.tenrec.passes.accuracy;

import com.google.common.base.Ascii;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a deviation may be at most: {@code cosine>=0.9999}, {@code snr>=40}, {@code max<=0.01}. */
public record DeviationBound(Metric metric, double limit) implements ErrorBound {
  private static final Pattern TEXT =
      Pattern.compile("(cosine|snr|max|mean)(>=|<=)([-+]?[0-9]*[.]?[0-9]+(?:[eE][-+]?[0-9]+)?)");

  /** What is bounded. */
  public enum Metric {
    COSINE(true),
    SNR(true),
    MAX(false),
    MEAN(false);

    private final boolean largerIsBetter;

    Metric(boolean largerIsBetter) {
      this.largerIsBetter = largerIsBetter;
    }

    /** The number that is compared. */
    public double of(Deviation deviation) {
      return switch (this) {
        case COSINE -> deviation.cosine();
        case SNR -> deviation.decibels();
        case MAX -> deviation.max();
        case MEAN -> deviation.mean();
      };
    }
  }

  /**
   * Reads a bound as users write it.
   *
   * @throws TenrecException with {@code INVALID_ARGUMENT} if it is none
   */
  public static DeviationBound parse(String text) {
    Matcher matcher = TEXT.matcher(text.replace(" ", ""));
    if (matcher.matches()) {
      Metric metric = Metric.valueOf(matcher.group(1).toUpperCase(Locale.ROOT));
      if (metric.largerIsBetter == matcher.group(2).equals(">=")) {
        return new DeviationBound(metric, limit(metric, text, matcher.group(3)));
      }
    }
    throw new TenrecException(
            ErrorCode.INVALID_ARGUMENT, "'%s' is no bound of an error".formatted(text))
        .advise("write cosine>=X, snr>=X (in dB), max<=X or mean<=X");
  }

  private static double limit(Metric metric, String text, String digits) {
    double limit = Double.parseDouble(digits);
    boolean possible =
        switch (metric) {
          case COSINE -> Math.abs(limit) <= 1;
          case SNR -> Double.isFinite(limit);
          case MAX, MEAN -> limit >= 0 && Double.isFinite(limit);
        };
    if (!possible) {
      throw new TenrecException(
              ErrorCode.INVALID_ARGUMENT, "'%s' holds always or never".formatted(text))
          .advise("a cosine is from -1 to 1; errors are not negative; all are finite");
    }
    return limit;
  }

  /** Whether a deviation is within the bound. */
  public boolean holds(Deviation deviation) {
    double number = metric.of(deviation);
    return metric.largerIsBetter ? number >= limit : number <= limit;
  }

  /**
   * The error that is bounded, of the output where it is largest: the metric itself, or its
   * negative where larger is better.
   */
  public double error(Comparison comparison) {
    return comparison.deviations().values().stream()
        .mapToDouble(deviation -> signed(metric.of(deviation)))
        .reduce(Double.NEGATIVE_INFINITY, Math::max);
  }

  /** What {@link #error} may be at most. */
  @Override
  public double largest() {
    return signed(limit);
  }

  /** What {@link #error} says, in words. */
  @Override
  public String describe(double error) {
    return String.format(Locale.ROOT, "%s %.6g", Ascii.toLowerCase(metric.name()), signed(error));
  }

  private double signed(double number) {
    return metric.largerIsBetter ? -number : number;
  }

  /** Whether all outputs are within the bound. */
  public boolean holds(Comparison comparison) {
    return comparison.deviations().values().stream().allMatch(this::holds);
  }
}
