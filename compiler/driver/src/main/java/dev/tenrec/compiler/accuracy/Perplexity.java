package dev.tenrec.compiler.accuracy;

import dev.tenrec.ir.Executable;
import dev.tenrec.ir.tensor.Tensor;
import java.util.Optional;

/**
 * How little a language model is surprised by a text: e to the power of the mean negative logarithm
 * of the probability that it gives to each token, having seen those before it.
 *
 * @param meanLoss the mean, in nats
 * @param tokens how many there were
 */
public record Perplexity(double meanLoss, long tokens) {

  public double perplexity() {
    return Math.exp(meanLoss);
  }

  /**
   * Reads a text.
   *
   * @param output the output with the logarithms of the odds, [batch, context, vocabulary]; the
   *     first one if empty
   */
  public static Perplexity measure(Executable model, TokenWindows text, Optional<String> output) {
    String name = output.orElse(model.signature().outputs().keySet().iterator().next());
    double loss = 0;
    long tokens = 0;
    for (int batch = 0; batch < text.inputs().size(); batch++) {
      Tensor logits = model.run(text.inputs().get(batch)).get(name);
      Tensor next = text.next().get(batch);
      if (logits == null || logits.rank() != 3 || logits.count() % next.count() != 0) {
        throw LabelledData.invalid(
            "output '%s' is %s, not [batch, context, vocabulary]".formatted(name, logits));
      }
      for (int row = 0; row < next.count(); row++) {
        loss += loss(logits, row, next.getLong(row));
      }
      tokens += next.count();
    }
    return new Perplexity(loss / tokens, tokens);
  }

  private static double loss(Tensor logits, long row, long token) {
    long vocabulary = logits.size(2);
    if (token < 0 || token >= vocabulary) {
      throw LabelledData.invalid("token %d is none of %d".formatted(token, vocabulary));
    }
    long first = row * vocabulary;
    double largest = Double.NEGATIVE_INFINITY;
    for (long i = 0; i < vocabulary; i++) {
      largest = Math.max(largest, logits.getDouble(first + i));
    }
    double sum = 0;
    for (long i = 0; i < vocabulary; i++) {
      sum += Math.exp(logits.getDouble(first + i) - largest);
    }
    return largest + Math.log(sum) - logits.getDouble(first + token);
  }
}
