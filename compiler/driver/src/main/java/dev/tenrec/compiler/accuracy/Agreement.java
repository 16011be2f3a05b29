package dev.tenrec.compiler.accuracy;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Executable;
import java.util.stream.IntStream;

/**
 * How two executables do the same task.
 *
 * @param metric what their scores are
 * @param reference the score of the one that is expected to be right
 * @param candidate that of the other
 * @param changed for how many samples, or tokens, they choose differently
 * @param samples how many there are
 */
public record Agreement(
    Metric metric, double reference, double candidate, long changed, long samples) {

  /** Runs both. */
  public static Agreement measure(Executable reference, Executable candidate, Task task) {
    Task.Answers expected = task.answers(reference);
    Task.Answers actual = task.answers(candidate);
    return new Agreement(
        task.metric(),
        expected.score(),
        actual.score(),
        differences(expected.choices(), actual.choices()),
        expected.choices().length());
  }

  private static long differences(ImmutableLongArray expected, ImmutableLongArray actual) {
    return IntStream.range(0, expected.length())
        .filter(i -> expected.get(i) != actual.get(i))
        .count();
  }
}
