package com.example;

import static dev.tenrec.passes.testing.RuleTester.rule;

import org.junit.jupiter.api.Test;

class FuseSoftsignTest {
  @Test
  void recognizesSoftsign() {
    rule(new FuseSoftsign())
        .given(
            """
            g (float[N] x) => (float[N] y) {
              one = Constant<value=float {1}>()
              a = Abs(x)
              d = Add(a, one)
              y = Div(x, d)
            }
            """)
        .becomes("g (float[N] x) => (float[N] y) { y = Softsign(x) }");
  }

  @Test
  void refusesTheSizeOfSomethingElse() {
    rule(new FuseSoftsign())
        .given(
            """
            g (float[N] x, float[N] z) => (float[N] y) {
              one = Constant<value=float {1}>()
              a = Abs(z)
              d = Add(a, one)
              y = Div(x, d)
            }
            """)
        .isRejected("is not the same value as x elsewhere");
  }

  @Test
  void refusesASumThatOthersRead() {
    rule(new FuseSoftsign())
        .given(
            """
            g (float[N] x) => (float[N] y, float[N] d) {
              one = Constant<value=float {1}>()
              a = Abs(x)
              d = Add(a, one)
              y = Div(x, d)
            }
            """)
        .isRejected("is read elsewhere too");
  }

  @Test
  void refusesAOneThatBroadcasts() {
    rule(new FuseSoftsign())
        .given(
            """
            g (float[N] x) => (float[1,N] y) {
              one = Constant<value=float[1,1] {1}>()
              a = Abs(x)
              d = Add(a, one)
              y = Div(x, d)
            }
            """)
        .isRejected("is broadcast to another shape");
  }
}
