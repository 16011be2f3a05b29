package dev.tenrec.ir.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenrec.ir.Graph;
import org.junit.jupiter.api.Test;

class QuantizationTextTest {
  private static final String TEXT =
      """
      quantized (float[4,6] x, int32[4] n, int2[5] tiny) => (float[4,6] y, float[4,6] z) {
        s = Constant<value=float {0.5}>()
        q = Quantize<to=int8>(x, s)
        y = Dequantize<to=float>(q, s)
        rows = Constant<value=float[4] {1.0, 2.0, 3.0, 4.0}>()
        r = Quantize<to=int4, axis=0>(x, rows)
        blocks = Constant<value=float[4,2] {1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0}>()
        b = Quantize<to=float8e4m3fn, axis=1, block=3>(x, blocks)
        z = Dequantize<to=float, axis=1, block=3>(b, blocks)
        bits = BitCast<to=float>(n)
        flipped = BitNot(n)
        both = BitAnd(n, flipped)
        left = ShiftLeft(both, n)
        two = Constant<value=int2[5] {-2, -1, 0, 1, -2}>()
        sum = Add(tiny, two)
      }
      """;

  @Test
  void roundTrips() {
    Graph graph = GraphParser.parse(TEXT);
    assertThat(GraphPrinter.print(graph).strip()).isEqualTo(TEXT.strip());
  }
}
