package dev.tenrec.compiler.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.compiler.Backend;
import dev.tenrec.compiler.Precision;
import dev.tenrec.compiler.PrecisionSettings;
import dev.tenrec.compiler.accuracy.LabelledData;
import dev.tenrec.compiler.accuracy.Metric;
import dev.tenrec.compiler.accuracy.TaskBound;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.ir.text.GraphPrinter;
import dev.tenrec.passes.accuracy.DeviationBound;
import dev.tenrec.passes.calibration.CalibrationTable;
import dev.tenrec.passes.calibration.Range;
import dev.tenrec.passes.check.GeneratedInputs;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
  private final List<String> built = new ArrayList<>();

  private PrecisionSettings find(String bound) {
    return find(bound, ImmutableSet.of(Precision.INT8, Precision.FP16), Optional.empty());
  }

  private PrecisionSettings find(
      String bound, ImmutableSet<Precision> candidates, Optional<LatencyMeter> latency) {
    return find(DeviationBound.parse(bound), candidates, latency);
  }

  private PrecisionSettings find(
      DeviationBound bound, ImmutableSet<Precision> candidates, Optional<LatencyMeter> latency) {
    return find(new PrecisionSettings(Precision.AUTO, TABLE), bound, candidates, latency);
  }

  private PrecisionSettings find(
      PrecisionSettings given,
      DeviationBound bound,
      ImmutableSet<Precision> candidates,
      Optional<LatencyMeter> latency) {
    ImmutableList<ImmutableMap<String, Tensor>> samples =
        IntStream.range(0, 3)
            .mapToObj(seed -> GeneratedInputs.of(GRAPH, seed).inputs())
            .collect(ImmutableList.toImmutableList());
    Requirement requirement = new Requirement.OfOutputs(bound, samples);
    return new AutoPrecision(requirement, candidates, 40, Backend.INTERPRETER, latency, lines::add)
        .find(GRAPH, given);
  }

  @Test
  void quantizesWhatTheToleranceAllows() {
    PrecisionSettings found = find("snr>=5");
    assertThat(found.exceptions().values()).containsOnly(ElementType.INT8);
    assertThat(found.precision()).isEqualTo(Precision.AUTO);
    assertThat(lines).last().isEqualTo("2 operations: 2 in int8");
  }

  @Test
  void leavesInHalfPrecisionWhatHurts() {
    PrecisionSettings found = find("snr>=25");
    assertThat(found.exceptions().values())
        .containsExactlyInAnyOrder(ElementType.INT8, ElementType.FLOAT16);
    assertThat(lines).last().isEqualTo("2 operations: 1 in float16, 1 in int8");
    assertThat(GraphPrinter.print(found.pipeline().run(GRAPH))).contains("int8", "float16");
  }

  @Test
  void leavesInSinglePrecisionWhatHalfPrecisionHurts() {
    PrecisionSettings found = find("snr>=77");
    assertThat(found.exceptions().values()).contains(ElementType.FLOAT32);
    assertThat(found.floating()).isEqualTo(Precision.FP16);
  }

  @ParameterizedTest
  @ValueSource(strings = {"snr>=40", "snr>=77"})
  void callsHalfPrecisionByItsName(String bound) {
    PrecisionSettings found = find(bound, ImmutableSet.of(Precision.FP16), Optional.empty());
    assertThat(found.precision()).isEqualTo(Precision.FP16);
    String same = GraphPrinter.print(found.in(Precision.AUTO).pipeline().run(GRAPH));
    assertThat(GraphPrinter.print(found.pipeline().run(GRAPH))).isEqualTo(same);
  }

  @Test
  void computesInSinglePrecisionWhatNothingElseAllows() {
    DeviationBound impossible = new DeviationBound(DeviationBound.Metric.MAX, -1);
    assertThat(find(impossible, ImmutableSet.of(Precision.FP16), Optional.empty()).precision())
        .isEqualTo(Precision.FP32);
    assertThat(lines).last().asString().contains("nothing but float32 is accurate enough");
  }

  @Test
  void triesFloat8AndBfloat16OnRequest() {
    PrecisionSettings found =
        find("snr>=20", ImmutableSet.of(Precision.FP8, Precision.BF16), Optional.empty());
    assertThat(found.exceptions().values())
        .containsAnyOf(ElementType.FLOAT8E4M3FN, ElementType.BFLOAT16)
        .doesNotContain(ElementType.INT8, ElementType.FLOAT16);
    assertThat(found.floating()).isEqualTo(Precision.BF16);
  }

  /** One sample with the scores 1 and another, of which 16 bits may lose the difference. */
  private PrecisionSettings classify(float second, long label) {
    Graph graph =
        GraphParser.parse(
            """
            g (float[N,2] x) => (float[N,2] y) {
              w = Constant<value=float[2,2] {1, 0, 0, 1}>()
              h = MatMul(x, w)
              y = Relu(h)
            }
            """);
    ImmutableMap<String, Tensor> arrays =
        ImmutableMap.of(
            "x",
            Tensor.ofFloats(ImmutableLongArray.of(1, 2), 1, second),
            "label",
            Tensor.ofLongs(label));
    LabelledData data = LabelledData.of(Signature.of(graph), arrays, "label");
    Requirement requirement = new Requirement.OfTask(new TaskBound(Metric.ACCURACY, 1), data);
    return new AutoPrecision(
            requirement,
            ImmutableSet.of(Precision.FP16, Precision.BF16),
            40,
            Backend.INTERPRETER,
            Optional.empty(),
            lines::add)
        .find(graph, PrecisionSettings.of(Precision.AUTO));
  }

  @Test
  void goesByTheTask() {
    assertThat(classify(1.0001f, 1).exceptions().values()).contains(ElementType.FLOAT32);
    assertThat(lines).first().asString().contains("all in float16: accuracy 0.0000000");
  }

  @Test
  void refusesATaskThatCannotBeDone() {
    assertThatThrownBy(() -> classify(2, 0))
        .hasMessageContaining("accuracy>=1.0 does not hold: accuracy 0.0000000 in single");
  }

  @Test
  void leavesOutWhatIsNotFaster() {
    ImmutableSet<Precision> candidates =
        ImmutableSet.of(Precision.INT8, Precision.FP16, Precision.BF16);
    PrecisionSettings found = find("snr>=5", candidates, measuring(1.2, 1.0));
    assertThat(found.exceptions().values()).containsOnly(ElementType.FLOAT16);
    assertThat(lines)
        .contains("all in int8: 1.2000 ms, which gains nothing", "all in fp16: 1.0000 ms");
    assertThat(built).containsExactly("int8", "float16");
  }

  @Test
  void keepsWhatIsFaster() {
    ImmutableSet<Precision> candidates = ImmutableSet.of(Precision.INT8, Precision.FP16);
    PrecisionSettings found = find("snr>=5", candidates, measuring(0.9, 1.0));
    assertThat(found.exceptions().values()).containsOnly(ElementType.INT8);
    assertThat(lines).contains("all in int8: 0.9000 ms", "all in fp16: 1.0000 ms");
  }

  @Test
  void holdsEightBitsAgainstMoreExactOnes() {
    ImmutableSet<Precision> candidates =
        ImmutableSet.of(Precision.INT8, Precision.FP8, Precision.BF16);
    PrecisionSettings found = find("snr>=5", candidates, measuring(0.9, 0.8, 1.0));
    assertThat(found.exceptions().values()).containsOnly(ElementType.FLOAT8E4M3FN);
    assertThat(built).containsExactly("int8", "float8e4m3fn", "bfloat16");
  }

  @Test
  void buildsNothingWhereThereIsNothingToLeaveOut() {
    find("snr>=5", ImmutableSet.of(Precision.FP16, Precision.BF16), measuring());
    PrecisionSettings uncalibrated = PrecisionSettings.of(Precision.AUTO);
    ImmutableSet<Precision> candidates = ImmutableSet.of(Precision.INT8, Precision.FP16);
    find(uncalibrated, DeviationBound.parse("snr>=5"), candidates, measuring());
    assertThat(built).isEmpty();
    assertThat(lines).last().isEqualTo("2 operations: 2 in float16");
  }

  /** Notes for each engine the first type that it has of those with the fewest bits. */
  private Optional<LatencyMeter> measuring(Double... milliseconds) {
    return Optional.of((forms, _) -> {
      forms.stream()
          .map(GraphPrinter::print)
          .map(AutoPrecisionTest::fewestBits)
          .forEach(built::add);
      return ImmutableList.copyOf(milliseconds);
    });
  }

  private static String fewestBits(String graph) {
    return Stream.of("int8", "float8e4m3fn", "float16", "bfloat16")
        .filter(type -> Pattern.compile("\\b%s\\b".formatted(type)).matcher(graph).find())
        .findFirst()
        .orElse("float");
  }
}
