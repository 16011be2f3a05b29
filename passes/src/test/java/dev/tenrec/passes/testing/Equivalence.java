package dev.tenrec.passes.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.interpret.Interpreter;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.text.GraphPrinter;
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
    assertThat(actual.keySet()).containsExactlyElementsOf(expected.keySet());
    expected.forEach(
        (name, tensor) -> check(name, tensor, actual.getOrDefault(name, tensor), after));
  }

  private void check(String name, Tensor expected, Tensor actual, Graph after) {
    assertThat(actual.elementType()).as(name).isEqualTo(expected.elementType());
    assertThat(actual.sizes())
        .as("%s of %s", name, GraphPrinter.describe(after))
        .isEqualTo(expected.sizes());
    for (long i = 0; i < expected.count(); i++) {
      double wanted = expected.getDouble(i);
      double found = actual.getDouble(i);
      boolean close =
          Double.compare(wanted, found) == 0
              || Math.abs(wanted - found) <= tolerance * (1 + Math.abs(wanted));
      if (!close) {
        fail(
            "output %s, element %d of %s: %s became %s in%n%s",
            name, i, expected, wanted, found, GraphPrinter.describe(after));
      }
    }
  }
}
