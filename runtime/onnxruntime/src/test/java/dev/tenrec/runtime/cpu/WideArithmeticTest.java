package dev.tenrec.runtime.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.interpret.Interpreter;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.text.GraphParser;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WideArithmeticTest {
  /** Each result needs rounding, before the next operation reads it. */
  private static final String CHAIN =
      """
      chain (TYPE[n] x, TYPE[n] y) => (TYPE[n] z)
      {
        a = Add(x, y)
        b = Mul(a, y)
        c = Sub(b, x)
        z = Div(c, a)
      }
      """;

  @ParameterizedTest
  @ValueSource(strings = {"BFLOAT16", "FLOAT16"})
  void roundsAfterEachOperation(ElementType type) {
    Graph graph = GraphParser.parse(CHAIN.replace("TYPE", type.text()));
    ImmutableMap<String, Tensor> inputs =
        ImmutableMap.of("x", patterns(type, 1), "y", patterns(type, 2));
    try (OnnxRuntimeModel model = OnnxRuntimeModel.of(graph);
        Interpreter reference = Interpreter.of(graph)) {
      assertSame(only(model.run(inputs)), only(reference.run(inputs)));
    }
  }

  /** All kinds of numbers, infinities and NaN among them. */
  private static Tensor patterns(ElementType type, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return Tensor.ofBits(type, ImmutableLongArray.of(1 << 16), _ -> random.nextInt(1 << 16));
  }

  private static Tensor only(Map<String, Tensor> results) {
    return results.values().iterator().next();
  }

  private static void assertSame(Tensor actual, Tensor expected) {
    assertThat(actual.sizes()).isEqualTo(expected.sizes());
    for (long i = 0; i < expected.count(); i++) {
      assertThat(actual.getDouble(i))
          .as("element %d", i)
          .isEqualTo(Double.valueOf(expected.getDouble(i)));
    }
  }
}
