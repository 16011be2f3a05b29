package com.example;

import static dev.tenrec.passes.testing.RuleTester.rule;

import org.junit.jupiter.api.Test;

class MyPassTest {
  @Test
  void multipliesOut() {
    rule(new MyPass(3))
        .given("g (float[N] x) => (float[N] y) { k = Constant<value=float {3}>() y = Pow(x, k) }")
        .becomes("g (float[N] x) => (float[N] y) { a = Mul(x, x) y = Mul(a, x) }");
  }
}
