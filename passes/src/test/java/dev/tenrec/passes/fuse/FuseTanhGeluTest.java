package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.testing.RuleTester.rule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FuseTanhGeluTest {
  private static String graph(String body) {
    return """
    g (float[N] x) => (float[N] y) {
      three = Constant<value=float {3}>()
      two = Constant<value=float {2}>()
      k = Constant<value=float {0.044715}>()
      f = Constant<value=float {0.7978846}>()
      one = Constant<value=float {1}>()
      half = Constant<value=float {0.5}>()
      %s
    }
    """
        .formatted(body);
  }

  private static final String END = " t = Tanh(e) s = Add(t, one) h = Mul(x, half) y = Mul(h, s)";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a = Pow(x, three) b = Mul(a, k) d = Add(x, b) e = Mul(d, f)",
        "q = Mul(x, x) a = Mul(x, q) b = Mul(a, k) d = Add(x, b) e = Mul(f, d)",
        "q = Pow(x, two) a = Mul(q, k) b = Mul(a, x) d = Add(b, x) e = Mul(d, f)",
        "p = Mul(x, k) q = Mul(p, x) b = Add(q, one) d = Mul(x, f) e = Mul(d, b)",
        "q = Mul(x, x) p = Mul(q, k) b = Add(one, p) d = Mul(x, b) e = Mul(d, f)"
      })
  void recognizesEverySpelling(String argument) {
    rule(new FuseTanhGelu())
        .given(graph(argument + END))
        .becomes("g (float[N] x) => (float[N] y) { y = GeluTanh(x) }");
  }

  @Test
  void refusesAnotherConstant() {
    rule(new FuseTanhGelu())
        .given(graph("a = Pow(x, three) b = Mul(a, k) d = Add(x, b) e = Mul(d, half)" + END))
        .isRejected("is not the constant 0.79788");
  }

  @Test
  void refusesAnotherPower() {
    rule(new FuseTanhGelu())
        .given(graph("a = Pow(x, two) b = Mul(a, k) d = Add(x, b) e = Mul(d, f)" + END))
        .isUnchanged();
  }

  @Test
  void refusesAnInnerValueThatOthersRead() {
    rule(new FuseTanhGelu())
        .given(
            graph(
                "a = Pow(x, three) b = Mul(a, k) d = Add(x, b) e = Mul(d, f) t = Tanh(e)"
                    + " s = Add(t, one) h = Mul(x, half) r = Mul(h, s) y = Add(r, t)"))
        .isRejected("is read elsewhere too");
  }
}
