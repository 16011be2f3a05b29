package dev.tenrec.compiler.accuracy;

import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Executable;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.Objects;
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

  /** The class that a model gives each sample, -1 where it gives none. */
  static ImmutableLongArray classes(Executable model, LabelledData data, Optional<String> output) {
    String name = output.orElse(model.signature().outputs().keySet().iterator().next());
    TensorType type = model.signature().outputs().get(name);
    if (type == null) {
      throw LabelledData.invalid(
          "no output is named '%s'; the outputs are %s"
              .formatted(name, model.signature().outputs().keySet()));
    }
    // A wrong label is better found before hours of work than behind them.
    long known = knownClasses(type.shape());
    if (known > 0) {
      data.requireLabelsBelow(known);
    }
    ImmutableLongArray.Builder classes = ImmutableLongArray.builder();
    long remaining = data.labels().count();
    for (ImmutableMap<String, Tensor> batch : data.inputs()) {
      Tensor scores = Objects.requireNonNull(model.run(batch).get(name));
      requireScores(scores, data);
      if (scores.count() / scores.size(0) != known) {
        known = scores.count() / scores.size(0);
        data.requireLabelsBelow(known);
      }
      classes.addAll(classes(scores, known, Math.min(data.batch(), remaining)));
      remaining -= data.batch();
    }
    return classes.build();
  }

  /** How many classes there are; 0 if that depends on the samples. */
  private static long knownClasses(Shape scores) {
    return scores.rank() < 2
        ? 0
        : new Shape(scores.dims().subList(1, scores.rank())).elementCount().value().orElse(0);
  }

  private static void requireScores(Tensor scores, LabelledData data) {
    if (scores.rank() < 2 || scores.size(0) != data.batch() || scores.count() == 0) {
      throw LabelledData.invalid(
          "the output is %s, not [batch, classes] for a batch of %d"
              .formatted(scores, data.batch()));
    }
  }

  /** The classes of the first samples of a batch. */
  private static ImmutableLongArray classes(Tensor scores, long classes, long samples) {
    ImmutableLongArray.Builder best = ImmutableLongArray.builder();
    for (long row = 0; row < samples; row++) {
      best.add(best(scores, row * classes, classes));
    }
    return best.build();
  }

  /** The position of the largest of some scores; none, that is -1, if one is not a number. */
  private static long best(Tensor scores, long first, long classes) {
    long largest = 0;
    for (long i = 0; i < classes; i++) {
      double score = scores.getDouble(first + i);
      if (Double.isNaN(score)) {
        return -1;
      }
      if (score > scores.getDouble(first + largest)) {
        largest = i;
      }
    }
    return largest;
  }
}
