package dev.tenrec.passes.simplify;

import static dev.tenrec.passes.testing.RuleTester.rule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimplifyActivationsTest {
  private static String graph(String body) {
    return """
    g (float[N,3] x) => (float[N,3] y) {
      zero = Constant<value=float {0}>()
      one = Constant<value=float {1}>()
      many = Constant<value=float[3] {1, 2, 3}>()
      %s
    }
    """
        .formatted(body);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "y = Max(x, zero); y = Relu(x)",
        "a = Max(x, zero) y = Min(a, one); y = Clip<beta=1>(x)",
        "a = Min(x, one) y = Max(a, zero); y = Clip<beta=1>(x)",
        "a = Relu(x) y = Min(a, one); y = Clip<beta=1>(x)",
        "y = Clip<beta=Infinity>(x); y = Relu(x)",
        "a = Relu(x) y = Relu(a); y = Relu(x)",
        "a = Clip<alpha=-1, beta=2>(x) y = Clip<alpha=0, beta=3>(a); y = Clip<alpha=0, beta=2>(x)",
        "a = Clip<alpha=-Infinity, beta=Infinity>(x) y = Exp(a); y = Exp(x)"
      })
  void mergesLimits(String before, String after) {
    rule(new SimplifyActivations()).given(graph(before)).becomes(graph(after));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "y = Max(x, one)",
        "y = Min(x, one)",
        "y = Max(x, many)",
        "y = Relu(x)",
        "y = Clip<alpha=-1, beta=1>(x)",
        "a = Sigmoid(x) y = Relu(a)"
      })
  void leavesOtherLimits(String body) {
    rule(new SimplifyActivations()).given(graph(body)).isUnchanged();
  }

  @Test
  void leavesIntegers() {
    rule(new SimplifyActivations())
        .given(
            """
            g (int64[3] x) => (int64[3] y) {
              zero = Constant<value=int64 {0}>()
              y = Max(x, zero)
            }
            """)
        .isUnchanged();
  }
}
