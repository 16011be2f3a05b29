package dev.tenrec.compiler.accuracy;

import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.passes.accuracy.ErrorBound;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a model must reach at its task: {@code accuracy>=0.99}, {@code perplexity<=42}. */
public record TaskBound(Metric metric, double limit) implements ErrorBound {
  private static final Pattern TEXT =
      Pattern.compile("(accuracy|perplexity)(>=|<=)([0-9]*[.]?[0-9]+(?:[eE][-+]?[0-9]+)?)");

  /** Whether a bound as users write it means a task. */
  static boolean isMeant(String text) {
    return text.strip().startsWith("accuracy") || text.strip().startsWith("perplexity");
  }

  /**
   * Reads a bound as users write it.
   *
   * @throws TenrecException with {@code INVALID_ARGUMENT} if it is none
   */
  public static TaskBound parse(String text) {
    Matcher matcher = TEXT.matcher(text.replace(" ", ""));
    if (matcher.matches()) {
      TaskBound bound =
          new TaskBound(
              Metric.valueOf(matcher.group(1).toUpperCase(Locale.ROOT)),
              Double.parseDouble(matcher.group(3)));
      if (bound.metric.largerIsBetter() == matcher.group(2).equals(">=") && bound.isPossible()) {
        return bound;
      }
    }
    throw new TenrecException(
            ErrorCode.INVALID_ARGUMENT, "'%s' is no bound of a task".formatted(text))
        .advise("write accuracy>=X with X from 0 to 1, or perplexity<=X with X from 1");
  }

  private boolean isPossible() {
    return switch (metric) {
      case ACCURACY -> limit <= 1;
      case PERPLEXITY -> limit >= 1 && Double.isFinite(limit);
    };
  }

  /** Whether a score is within the bound. */
  public boolean holds(double score) {
    return error(score) <= largest();
  }

  /** The score, or its negative where larger is better. */
  public double error(double score) {
    return metric.largerIsBetter() ? -score : score;
  }

  /** What {@link #error} may be at most. */
  @Override
  public double largest() {
    return error(limit);
  }

  /** What {@link #error} says, in words. */
  @Override
  public String describe(double error) {
    return String.format(Locale.ROOT, "%s %.8g", metric, error(error));
  }

  @Override
  public String toString() {
    return "%s%s%s".formatted(metric, metric.largerIsBetter() ? ">=" : "<=", limit);
  }
}
