package dev.tenrec.passes.testing;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.interpret.Interpreter;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.text.GraphPrinter;
import dev.tenrec.passes.check.Difference;
import dev.tenrec.passes.check.RandomInputs;
import java.util.Map;

/**
 * Whether two graphs compute the same, found by running both.
 *
 * @param tolerance how far elements may be apart, relative to {@code 1 + |expected|}
 * @param runs how many inputs are drawn
 */
public record Equivalence(double tolerance, int runs) {

  /** Fails unless both graphs give the same outputs for the same drawn inputs. */
  public void check(Graph before, Graph after, RandomInputs inputs) {
    for (int seed = 0; seed < runs; seed++) {
      ImmutableMap<String, Tensor> drawn = inputs.draw(before, seed);
      check(Interpreter.of(before).run(drawn), Interpreter.of(after).run(drawn), after);
    }
  }

  private void check(Map<String, Tensor> expected, Map<String, Tensor> actual, Graph after) {
    if (!expected.keySet().equals(actual.keySet())) {
      throw new AssertionError(
          "outputs %s became %s".formatted(expected.keySet(), actual.keySet()));
    }
    for (Difference difference : Difference.between(expected, actual)) {
      if (!difference.isWithin(tolerance)) {
        throw new AssertionError("%s in%n%s".formatted(difference, GraphPrinter.describe(after)));
      }
    }
  }
}
