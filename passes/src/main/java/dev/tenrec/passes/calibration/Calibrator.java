package dev.tenrec.passes.calibration;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Doubles;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;

/** Chooses up to which magnitude the numbers of a value are told apart when it is quantized. */
public sealed interface Calibrator {

  /** The bound; what is larger than the magnitude, or not positive, stands for the magnitude. */
  double choose(Distribution distribution, ElementType type);

  /** The largest magnitude: nothing is clipped. */
  record MinMax() implements Calibrator {
    @Override
    public double choose(Distribution distribution, ElementType type) {
      return distribution.magnitude();
    }
  }

  /** The largest magnitude of each few samples, averaged over them. */
  record MovingAverage() implements Calibrator {
    @Override
    public double choose(Distribution distribution, ElementType type) {
      return distribution.averageMagnitude();
    }
  }

  /**
   * The magnitude that some of the elements do not exceed.
   *
   * @param percent how many, of 100
   */
  record Percentile(double percent) implements Calibrator {
    public static final double DEFAULT = 99.99;

    public Percentile {
      if (!(percent > 0 && percent <= 100)) {
        throw new TenrecException(
                ErrorCode.INVALID_ARGUMENT, "%s is no percentile".formatted(percent))
            .advise("give a number above 0 and up to 100, for example percentile=99.99");
      }
    }

    @Override
    public double choose(Distribution distribution, ElementType type) {
      Histogram histogram = distribution.histogram();
      double wanted = histogram.total() * (percent / 100);
      long seen = histogram.count(0);
      int bin = 0;
      while (seen < wanted && bin + 1 < Histogram.BINS) {
        seen += histogram.count(++bin);
      }
      return bin == 0 ? 0 : histogram.upper(bin);
    }
  }

  /** The bound whose clipped and rounded distribution tells most about the original one. */
  record Entropy() implements Calibrator {
    @Override
    public double choose(Distribution distribution, ElementType type) {
      return LeastDivergence.bound(distribution);
    }
  }

  /** The bound with the least mean squared error. */
  record LeastError() implements Calibrator {
    @Override
    public double choose(Distribution distribution, ElementType type) {
      return new QuantizationError(distribution, type).leastBound();
    }
  }

  /**
   * Of what the other calibrators choose, the bound with the least error for this value. Large
   * errors count for more than their squares: those of clipping all have the same sign, and do not
   * cancel out in sums.
   */
  record Auto() implements Calibrator {
    private static final double POWER = 2.4;
    private static final ImmutableList<Calibrator> CANDIDATES =
        ImmutableList.of(
            new MinMax(),
            new MovingAverage(),
            new Percentile(99.999),
            new Percentile(99.99),
            new Percentile(99.9),
            new Entropy(),
            new LeastError());

    @Override
    public double choose(Distribution distribution, ElementType type) {
      QuantizationError error = new QuantizationError(distribution, type);
      double best = 0;
      double least = Double.POSITIVE_INFINITY;
      for (Calibrator candidate : CANDIDATES) {
        double bound = candidate.bound(distribution, type);
        double expected = error.of(bound, POWER);
        if (expected < least) {
          best = bound;
          least = expected;
        }
      }
      return best;
    }
  }

  /**
   * Positive and at most the largest magnitude, unless that is 0.
   *
   * @param type what the value is quantized to
   */
  default double bound(Distribution distribution, ElementType type) {
    double chosen = choose(distribution, type);
    return chosen > 0 && chosen < distribution.magnitude() ? chosen : distribution.magnitude();
  }

  /** What a value held, with the bound. */
  default Range range(Distribution distribution, ElementType type) {
    return new Range(distribution.min(), distribution.max(), bound(distribution, type));
  }

  /**
   * Reads {@code minmax}, {@code moving-average}, {@code percentile}, {@code percentile=99.9},
   * {@code entropy}, {@code mse} or {@code auto}.
   */
  static Calibrator parse(String text) {
    return switch (text) {
      case "minmax" -> new MinMax();
      case "moving-average" -> new MovingAverage();
      case "percentile" -> new Percentile(Percentile.DEFAULT);
      case "entropy" -> new Entropy();
      case "mse" -> new LeastError();
      case "auto" -> new Auto();
      default -> percentile(text);
    };
  }

  private static Calibrator percentile(String text) {
    String prefix = "percentile=";
    Double percent =
        text.startsWith(prefix) ? Doubles.tryParse(text.substring(prefix.length())) : null;
    if (percent == null) {
      throw new TenrecException(
              ErrorCode.INVALID_ARGUMENT, "there is no calibrator '%s'".formatted(text))
          .advise("choose minmax, moving-average, percentile=P, entropy, mse or auto");
    }
    return new Percentile(percent);
  }
}
