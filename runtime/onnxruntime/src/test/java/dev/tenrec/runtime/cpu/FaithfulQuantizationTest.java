package dev.tenrec.runtime.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.interpret.Interpreter;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.text.GraphParser;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaithfulQuantizationTest {
  /** Quantization to signed types does not make negative numbers zero. */
  @ParameterizedTest
  @CsvSource({
    "Relu, int8",
    "Relu, int16",
    "Relu, float8e4m3fn",
    "Relu, float8e5m2",
    "Relu, int4",
    "'Clip<alpha=0.0,beta=6.0>', int8",
    "'Clip<alpha=0.0,beta=6.0>', float8e4m3fn"
  })
  void activationsBeforeQuantizationStay(String activation, String type) {
    Graph graph =
        GraphParser.parse(
            """
            g (float[N] x) => (float[N] y) {
              s = Constant<value=float {0.5}>()
              r = %s(x)
              q = Quantize<to=%s>(r, s)
              y = Dequantize<to=float>(q, s)
            }
            """
                .formatted(activation, type));
    Map<String, Tensor> inputs =
        Map.of("x", Tensor.ofFloats(ImmutableLongArray.of(5), -3, -0.6f, 0.7f, 2, 100));
    try (OnnxRuntimeModel model = OnnxRuntimeModel.of(graph)) {
      assertThat(model.run(inputs)).isEqualTo(Interpreter.of(graph).run(inputs));
    }
  }
}
