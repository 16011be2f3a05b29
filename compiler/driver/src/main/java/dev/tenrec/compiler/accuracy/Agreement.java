package dev.tenrec.compiler.accuracy;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Executable;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How two executables classify the same samples.
 *
 * @param reference the accuracy of the one that is expected to be right
 * @param candidate that of the other
 * @param changed how many samples they classify differently
 * @param samples how many there are
 */
public record Agreement(double reference, double candidate, long changed, long samples) {

  /** Classifies with both. */
  public static Agreement measure(
      Executable reference, Executable candidate, LabelledData data, Optional<String> output) {
    ImmutableLongArray expected = Classification.classes(reference, data, output);
    ImmutableLongArray actual = Classification.classes(candidate, data, output);
    return new Agreement(
        Classification.of(expected, data.labels()).accuracy(),
        Classification.of(actual, data.labels()).accuracy(),
        IntStream.range(0, expected.length()).filter(i -> expected.get(i) != actual.get(i)).count(),
        expected.length());
  }
}
