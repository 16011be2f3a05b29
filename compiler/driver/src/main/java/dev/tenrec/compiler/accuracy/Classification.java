package dev.tenrec.compiler.accuracy;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.Executable;
import dev.tenrec.ir.tensor.Tensor;
import java.util.Optional;

/**
 * Top-1 accuracy: how often the largest element of an output is at the position of the label.
 *
 * @param correct how many samples were classified as labelled
 * @param samples how many there were
 */
public record Classification(long correct, long samples) {

  public double accuracy() {
    return (double) correct / samples;
  }

  /**
   * Classifies samples.
   *
   * @param output the output to read, [batch, classes]; the first one if empty
   */
  public static Classification measure(
      Executable model, LabelledData data, Optional<String> output) {
    String name = output.orElse(model.signature().outputs().keySet().iterator().next());
    long first = 0;
    long correct = 0;
    for (ImmutableMap<String, Tensor> batch : data.batches()) {
      Tensor scores = model.run(batch).get(name);
      if (scores == null) {
        throw LabelledData.invalid(
            "no output is named '%s'; the outputs are %s"
                .formatted(name, model.signature().outputs().keySet()));
      }
      correct += correct(scores, data.labels(), first);
      first += scores.size(0);
    }
    return new Classification(correct, data.labels().count());
  }

  private static long correct(Tensor scores, Tensor labels, long first) {
    if (scores.rank() < 2 || scores.size(0) == 0) {
      throw LabelledData.invalid("the output is %s, not [batch, classes]".formatted(scores));
    }
    long classes = scores.count() / scores.size(0);
    long rows = Math.min(scores.size(0), labels.count() - first);
    long correct = 0;
    for (long row = 0; row < rows; row++) {
      long best = 0;
      for (long i = 1; i < classes; i++) {
        if (scores.getDouble(row * classes + i) > scores.getDouble(row * classes + best)) {
          best = i;
        }
      }
      correct += best == labels.getLong(first + row) ? 1 : 0;
    }
    return correct;
  }
}
