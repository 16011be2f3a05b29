package dev.tenrec.passes.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Quantization.Quantize;
import dev.tenrec.ir.interpret.Interpreter;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.ir.text.ValueNames;
import dev.tenrec.passes.PassContext;
import dev.tenrec.passes.calibration.CalibrationTable;
import dev.tenrec.passes.calibration.Range;
import dev.tenrec.passes.check.GeneratedInputs;
import dev.tenrec.passes.precision.PrecisionOverride;
import dev.tenrec.passes.precision.PrecisionOverrides;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantizeAttentionTest {
  private static final Graph GRAPH =
      GraphParser.parse(
          """
          g (float[2,2,5,4] q, float[2,1,7,4] k, float[2,1,7,3] v, bool[2,1,5,7] seen)
              => (float[2,2,5,3] z) {
            y = ScaledDotProduct<scale=-0.5>(q, k, v, seen)
            z = Neg(y)
          }
          """);

  private static Graph run(ElementType type, PrecisionOverrides overrides, Range... ranges) {
    ImmutableMap.Builder<String, Range> table = ImmutableMap.builder();
    List<String> names = List.of("q", "k", "v");
    for (int i = 0; i < ranges.length; i++) {
      table.put(names.get(i), ranges[i]);
    }
    return new QuantizeAttention(type, new CalibrationTable(table.buildOrThrow()), overrides)
        .run(GRAPH, PassContext.unlimited());
  }

  private static Range range(double bound) {
    return new Range(-bound, bound, bound);
  }

  private static List<Double> bounds(Graph graph, double largest) {
    return graph.nodes().stream()
        .filter(node -> node.op() instanceof Quantize)
        .map(node -> largest * node.op().operands().get(1).constant().orElseThrow().getDouble(0))
        .toList();
  }

  @ParameterizedTest
  @CsvSource({"INT8, 127", "FLOAT8E4M3FN, 448"})
  void roundsWhatBothProductsRead(ElementType type, double largest) {
    Graph quantized = run(type, PrecisionOverrides.NONE, range(6), range(4), range(2));
    assertThat(bounds(quantized, largest))
        .usingElementComparator((a, b) -> Math.abs(a - b) < 1e-4 ? 0 : Double.compare(a, b))
        .containsExactlyInAnyOrder(3.0, 4.0, 1.0, 2.0);
  }

  @Test
  void computesNearlyTheSame() {
    ImmutableMap<String, Tensor> inputs = GeneratedInputs.of(GRAPH, 1).inputs();
    Range all = range(largest(inputs));
    Graph quantized = run(ElementType.INT8, PrecisionOverrides.NONE, all, all, all);
    double[] exact = z(GRAPH, inputs);
    double[] rounded = z(quantized, inputs);
    assertThat(rounded).isNotEqualTo(exact);
    assertThat(rounded).containsExactly(exact, offset(0.05 * all.bound()));
  }

  private static double largest(ImmutableMap<String, Tensor> inputs) {
    return inputs.values().stream()
        .flatMapToDouble(tensor -> Arrays.stream(tensor.toDoubles()))
        .map(Math::abs)
        .max()
        .orElseThrow();
  }

  /** What is computed from some inputs. */
  private static double[] z(Graph graph, ImmutableMap<String, Tensor> inputs) {
    try (Interpreter interpreter = Interpreter.of(graph)) {
      return interpreter.run(inputs).values().asList().getFirst().toDoubles();
    }
  }

  @Test
  void leavesTheNamesOfOtherValues() {
    Graph quantized = run(ElementType.INT8, PrecisionOverrides.NONE, range(1), range(1), range(1));
    ValueNames names = ValueNames.of(quantized);
    assertThat(quantized.nodes().getLast().op().operands())
        .singleElement()
        .satisfies(value -> assertThat(names.of(value)).isEqualTo("y"));
  }

  @Test
  void leavesWhatIsNotKnown() {
    assertThat(run(ElementType.INT8, PrecisionOverrides.NONE, range(1), range(1))).isSameAs(GRAPH);
    assertThat(run(ElementType.INT8, PrecisionOverrides.NONE, range(1), range(0), range(1)))
        .isSameAs(GRAPH);
  }

  @Test
  void leavesWhatTheUserWantsOtherwise() {
    PrecisionOverrides wish =
        new PrecisionOverrides(ImmutableList.of(PrecisionOverride.parse("name:y=fp16")));
    assertThat(run(ElementType.INT8, wish, range(1), range(1), range(1))).isSameAs(GRAPH);
  }
}
