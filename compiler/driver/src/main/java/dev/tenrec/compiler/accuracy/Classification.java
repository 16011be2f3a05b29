package dev.tenrec.compiler.accuracy;

import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
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
    return of(classes(model, data, output), data.labels());
  }

  static Classification of(ImmutableLongArray classes, Tensor labels) {
    long correct = 0;
    for (int i = 0; i < classes.length(); i++) {
      correct += classes.get(i) == labels.getLong(i) ? 1 : 0;
    }
    return new Classification(correct, labels.count());
  }

  /** The class that a model gives each sample. */
  static ImmutableLongArray classes(Executable model, LabelledData data, Optional<String> output) {
    String name = output.orElse(model.signature().outputs().keySet().iterator().next());
    ImmutableLongArray.Builder classes = ImmutableLongArray.builder();
    long remaining = data.labels().count();
    for (ImmutableMap<String, Tensor> batch : data.batches()) {
      Tensor scores = model.run(batch).get(name);
      if (scores == null) {
        throw LabelledData.invalid(
            "no output is named '%s'; the outputs are %s"
                .formatted(name, model.signature().outputs().keySet()));
      }
      classes.addAll(classes(scores, remaining));
      remaining -= scores.size(0);
    }
    return classes.build();
  }

  /** The classes of the first samples of a batch. */
  private static ImmutableLongArray classes(Tensor scores, long samples) {
    if (scores.rank() < 2 || scores.size(0) == 0) {
      throw LabelledData.invalid("the output is %s, not [batch, classes]".formatted(scores));
    }
    long classes = scores.count() / scores.size(0);
    ImmutableLongArray.Builder best = ImmutableLongArray.builder();
    for (long row = 0; row < Math.min(scores.size(0), samples); row++) {
      long largest = 0;
      for (long i = 1; i < classes; i++) {
        if (scores.getDouble(row * classes + i) > scores.getDouble(row * classes + largest)) {
          largest = i;
        }
      }
      best.add(largest);
    }
    return best.build();
  }
}
