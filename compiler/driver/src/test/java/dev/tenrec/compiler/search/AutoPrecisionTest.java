package dev.tenrec.compiler.search;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tenrec.compiler.Backend;
import dev.tenrec.compiler.Precision;
import dev.tenrec.compiler.PrecisionSettings;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.passes.accuracy.DeviationBound;
import dev.tenrec.passes.calibration.CalibrationTable;
import dev.tenrec.passes.calibration.Range;
import dev.tenrec.passes.check.GeneratedInputs;
import dev.tenrec.passes.search.PrecisionSearch;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class AutoPrecisionTest {
  private static final String NUMBERS =
      LongStream.range(0, 16 * 16)
          .mapToObj(i -> String.valueOf((i * 37 % 101 - 50) / 400.0))
          .collect(Collectors.joining(", "));

  /** Two products, of which the first makes numbers of which one is a thousand times the others. */
  private static final Graph GRAPH =
      GraphParser.parse(
          """
          g (float[8,16] x) => (float[8,16] y) {
            w = Constant<value=float[16,16] {%s}>()
            easy = MatMul(x, w)
            far = Constant<value=float[16] {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1000}>()
            spread = Mul(easy, far)
            hard = MatMul(spread, w)
            y = Relu(hard)
          }
          """
              .formatted(NUMBERS));

  private static final CalibrationTable TABLE =
      new CalibrationTable(
          ImmutableMap.of("x", new Range(-1, 1, 1), "spread", new Range(-2000, 2000, 4000)));

  private final List<String> lines = new ArrayList<>();

  private PrecisionSettings find(String bound) {
    ImmutableList<ImmutableMap<String, Tensor>> samples =
        IntStream.range(0, 3)
            .mapToObj(seed -> GeneratedInputs.of(GRAPH, seed).inputs())
            .collect(ImmutableList.toImmutableList());
    return new AutoPrecision(
            DeviationBound.parse(bound),
            ImmutableList.of(ElementType.INT8),
            20,
            Backend.INTERPRETER,
            lines::add)
        .find(GRAPH, new PrecisionSettings(Precision.AUTO, TABLE), samples);
  }

  @Test
  void quantizesWhatTheToleranceAllows() {
    assertThat(find("snr>=5").exceptions().values()).containsOnly(ElementType.INT8);
    assertThat(lines).last().isEqualTo("2 of 2 regions quantized");
  }

  @Test
  void leavesInFloatWhatHurts() {
    assertThat(find("snr>=25").exceptions().values())
        .containsExactlyInAnyOrder(ElementType.INT8, PrecisionSearch.FLOAT);
    assertThat(lines).last().isEqualTo("1 of 2 regions quantized");
  }

  @Test
  void computesInSinglePrecisionWhatHalfPrecisionDoesNotAllow() {
    assertThat(find("snr>=120").precision()).isEqualTo(Precision.FP32);
    assertThat(lines).last().asString().contains("half precision is not accurate enough");
  }
}
