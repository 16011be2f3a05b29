package dev.tenrec.compiler.accuracy;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Executable;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How little a language model is surprised by a text: e to the power of the mean negative logarithm
 * of the probability that it gives to each token, having seen those before it.
 *
 * @param meanLoss the mean, in nats
 * @param predicted the token that it takes for the most likely one, for each
 */
public record Perplexity(double meanLoss, ImmutableLongArray predicted) {

  public double perplexity() {
    return Math.exp(meanLoss);
  }

  /** How many tokens were read. */
  public long tokens() {
    return predicted.length();
  }

  /**
   * Reads a text.
   *
   * @param output the output with the logarithms of the odds, [batch, context, vocabulary]; the
   *     first one if empty
   */
  public static Perplexity measure(Executable model, TokenWindows text, Optional<String> output) {
    String name = output.orElse(model.signature().outputs().keySet().iterator().next());
    long known = knownVocabulary(model.signature().outputs().get(name));
    if (known > 0) {
      text.requireTokensBelow(known);
    }
    double loss = 0;
    ImmutableLongArray.Builder predicted = ImmutableLongArray.builder();
    for (int batch = 0; batch < text.inputs().size(); batch++) {
      Tensor logits = model.run(text.inputs().get(batch)).get(name);
      Tensor next = text.next().get(batch);
      if (logits == null
          || logits.rank() != 3
          || !logits.sizes().subArray(0, 2).equals(next.sizes())) {
        throw LabelledData.invalid(
            "output '%s' is %s, not [batch, context, vocabulary]".formatted(name, logits));
      }
      if (logits.size(2) != known) {
        known = logits.size(2);
        text.requireTokensBelow(known);
      }
      for (int row = 0; row < next.count(); row++) {
        long best = best(logits, row);
        loss += loss(logits, row, best, next.getLong(row));
        predicted.add(best);
      }
    }
    ImmutableLongArray tokens = predicted.build();
    return new Perplexity(loss / tokens.length(), tokens);
  }

  /** How many tokens a model knows; 0 if its output does not tell. */
  private static long knownVocabulary(@Nullable TensorType logits) {
    return logits == null || logits.rank() != 3 ? 0 : logits.dim(2).value().orElse(0);
  }

  /** The most likely token; the first one if nothing is a number. */
  private static long best(Tensor logits, long row) {
    long vocabulary = logits.size(2);
    long first = row * vocabulary;
    long best = 0;
    for (long i = 1; i < vocabulary; i++) {
      if (logits.getDouble(first + i) > logits.getDouble(first + best)) {
        best = i;
      }
    }
    return best;
  }

  private static double loss(Tensor logits, long row, long best, long token) {
    long vocabulary = logits.size(2);
    long first = row * vocabulary;
    double largest = logits.getDouble(first + best);
    double sum = 0;
    for (long i = 0; i < vocabulary; i++) {
      sum += Math.exp(logits.getDouble(first + i) - largest);
    }
    return largest + Math.log(sum) - logits.getDouble(first + token);
  }
}
