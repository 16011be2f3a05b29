package dev.tenrec.tensorrt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenrec.ir.text.GraphParser;
import org.junit.jupiter.api.Test;

class EngineBuilderTest {
  private static int level(String nodes) {
    return EngineBuilder.suitableLevel(
        GraphParser.parse(
            """
            g (float[1,2,4,4] x, float[2,2,1,1] w) => (float[1,2,4,4] y) {
              %s
            }
            """
                .formatted(nodes)));
  }

  @Test
  void searchesLessWhereConvolutionsAreMost() {
    assertThat(level("a = Conv(x, w) b = Conv(a, w) y = MatMul(b, b)")).isEqualTo(2);
  }

  @Test
  void searchesAsUsualWhereProductsAreAsMany() {
    assertThat(level("a = Conv(x, w) y = MatMul(a, a)")).isEqualTo(3);
    assertThat(level("a = Conv(x, w) y = ScaledDotProduct(a, a, a)")).isEqualTo(3);
    assertThat(level("y = Relu(x)")).isEqualTo(3);
  }
}
