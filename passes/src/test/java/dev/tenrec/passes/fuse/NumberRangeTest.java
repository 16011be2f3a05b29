package dev.tenrec.passes.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenrec.ir.text.GraphParser;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumberRangeTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "y = Add(low, table) | true",
        "a = Add(low, low) y = Add(a, table) | false",
        "y = Select(c, zero, low) | true",
        "y = Select(c, zero, inf) | false",
        "f = Cast<to=float>(i) y = Mul(f, table) | true",
        "f = Cast<to=float>(c) y = Sub(zero, f) | true",
        "h = Cast<to=float16>(i) y = Cast<to=float>(h) | false",
        "y = Gather<axis=0>(table, i) | true",
        "y = Gather<axis=0>(nan, i) | false",
        "n = Neg(table) t = Unsqueeze<axes=[0]>(n) u = Transpose<permutation=[1,0]>(t) y ="
            + " Squeeze<axes=[1]>(u) | true",
        "y = Concat<axis=0>(inf, inf) | false",
        "y = Exp(table) | false",
        "y = Max(table, x) | false",
        "y = Add(x, table) | false"
      })
  void tellsWhetherElementsAreFinite(String nodes, boolean finite) {
    var graph =
        GraphParser.parse(
            """
            g (float[2] x, int64[2] i, bool[2] c) => (float[2] y) {
              zero = Constant<value=float {0}>()
              low = Constant<value=float {-3.4028235E38}>()
              inf = Constant<value=float[1] {-Infinity}>()
              table = Constant<value=float[2] {-1.5, 2}>()
              nan = Constant<value=float[2] {NaN, 2}>()
              %s
            }
            """
                .formatted(nodes));
    assertThat(NumberRange.of(graph.outputs().getFirst().value()).isFinite()).isEqualTo(finite);
  }
}
