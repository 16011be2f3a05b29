package dev.tenrec.passes.precision;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.passes.calibration.CalibrationTable;
import dev.tenrec.passes.calibration.Range;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What values hold decides where preferences would have let them be rounded, and the reverse. */
class PrecisionRangesTest {
  private static final ElementType LOW = ElementType.FLOAT16;

  private static PrecisionPlan plan(String body, Map<String, Range> ranges, ElementType low) {
    Graph graph =
        GraphParser.parse(
            "g (float[4,8] x, bool[4,8] m, int64[4,8] i) => (float[4,8] y) {%n%s}".formatted(body));
    CalibrationTable table = new CalibrationTable(ImmutableMap.copyOf(ranges));
    return new AssignPrecision(low, table, PrecisionOverrides.NONE).plan(graph);
  }

  private static PrecisionPlan.Row row(PrecisionPlan plan, String name) {
    return plan.rows().entrySet().stream()
        .filter(entry -> entry.getKey().name().equals(name))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseThrow();
  }

  private static Range range(double size) {
    return new Range(-size, size / 2, size);
  }

  @ParameterizedTest
  @CsvSource({
    "16000, float16, float16, products gain most",
    "17000, float, float, 'a reaches 1.70e+04, which is too much for float16'",
    "0.00025, float16, float16, products gain most",
    "0.0002, float, float, 'a stays below 0.000200, which is too fine for float16'",
    "0, float16, float16, products gain most",
  })
  void observedRangesLeaveRoomForOtherSamples(
      double size, String computed, String seen, String reason) {
    String body = "w = MatMul<transpose_b=true>(x, x) a = MatMul(w, x) y = Relu(a)";
    PrecisionPlan.Row row = row(plan(body, Map.of("a", range(size)), LOW), "a");
    assertThat(row.computed().text()).isEqualTo(computed);
    assertThat(row.seen().text()).isEqualTo(seen);
    assertThat(row.reason()).isEqualTo(reason);
  }

  @Test
  void bfloat16HoldsWhatFloat32Holds() {
    String body = "e = Exp(x) y = Mul(e, x)";
    PrecisionPlan plan = plan(body, Map.of("y", range(1e9)), ElementType.BFLOAT16);
    assertThat(row(plan, "y").reason()).isEqualTo("follows an operand in float32");
    assertThat(row(plan("y = Mul(x, x)", Map.of("y", range(1e9)), ElementType.BFLOAT16), "y"))
        .extracting(PrecisionPlan.Row::computed)
        .isEqualTo(ElementType.BFLOAT16);
  }

  @Test
  void inputsAreObservedToo() {
    PrecisionPlan plan = plan("y = Relu(x)", Map.of("x", range(1e5)), LOW);
    assertThat(row(plan, "y").reason())
        .isEqualTo("x reaches 1.00e+05, which is too much for float16");
  }

  @ParameterizedTest
  @CsvSource({"Exp(x)", "'ReduceSum<axes=[1], keep_dims=true>(x)'"})
  void productsReadWhatIsKnownToBeSmall(String operation) {
    String text =
        "a = %s b = Mul(a, x) c = MatMul<transpose_b=true>(b, x) y = MatMul(c, x)"
            .formatted(operation);
    assertThat(row(plan(text, Map.of(), LOW), "c").reason())
        .isEqualTo("reads b, which may exceed float16");
    assertThat(row(plan(text, Map.of("b", range(9)), LOW), "c").computed()).isEqualTo(LOW);
    assertThat(row(plan(text, Map.of(), ElementType.BFLOAT16), "c").computed())
        .isEqualTo(ElementType.BFLOAT16);
  }

  @Test
  void boundedFunctionsNeedNoData() {
    String body =
        """
        s = Sigmoid(x)
        e = Exp(s)
        large = Constant<value=float {60000}>()
        fits = Mul(s, large)
        two = Constant<value=float {2}>()
        beyond = Mul(fits, two)
        c = MatMul<transpose_b=true>(e, x)
        y = MatMul(c, beyond)
        """;
    PrecisionPlan plan = plan(body, Map.of(), LOW);
    assertThat(row(plan, "fits").computed()).isEqualTo(LOW);
    assertThat(row(plan, "beyond").reason())
        .isEqualTo("beyond may reach 1.20e+05, which is too much for float16");
    assertThat(row(plan, "c").computed()).isEqualTo(LOW);
    assertThat(row(plan, "y").reason()).contains("beyond may reach");
  }

  @Test
  void sharesOfAWholeAreSmall() {
    String body =
        """
        e = Exp(x)
        s = ReduceSum<axes=[1], keep_dims=true>(e)
        d = Div(e, s)
        n = ReduceL2<axes=[1], keep_dims=true>(x)
        eps = Constant<value=float {0.000001}>()
        g = Max(n, eps)
        u = Div(x, g)
        c = MatMul<transpose_b=true>(d, u)
        y = MatMul(c, x)
        """;
    assertThat(row(plan(body, Map.of(), LOW), "c").computed()).isEqualTo(LOW);
  }

  @Test
  void masksMayBeLow() {
    String body =
        """
        f = Cast<to=float>(m)
        never = Constant<value=float {-1.0E12}>()
        mask = Mul(f, never)
        y = Add(x, mask)
        """;
    PrecisionPlan plan = plan(body, Map.of("mask", range(1e12), "y", range(1e12)), LOW);
    assertThat(row(plan, "mask").computed()).isEqualTo(ElementType.FLOAT32);
    Range masked = new Range(-1e12, 5, 1e12);
    plan = plan(body, Map.of("mask", masked, "y", masked), LOW);
    assertThat(row(plan, "mask").computed()).isEqualTo(LOW);
    assertThat(row(plan, "mask").reason()).contains("mask constant -1.0E12 becomes -32752.0");
    assertThat(row(plan, "y").computed()).isEqualTo(LOW);
  }

  @ParameterizedTest
  @CsvSource({"2048, float16, holds small integers", "2049, float, too large or too fine to round"})
  void integersAreRoundedOnlyWhereTheyStayWhatTheyAre(double size, String seen, String reason) {
    String body = "f = Cast<to=float>(i) y = Add(f, x)";
    PrecisionPlan.Row row = row(plan(body, Map.of("f", range(size)), LOW), "f");
    assertThat(row.seen().text()).isEqualTo(seen);
    assertThat(row.reason()).isEqualTo(reason);
  }

  @Test
  void largeWeightsMakeLargeSums() {
    String body =
        """
        a = Constant<value=float[8,8] {%s}>()
        w = MatMul(x, a)
        y = Relu(w)
        """;
    String large = "40000, ".repeat(63) + "40000";
    assertThat(row(plan(body.formatted(large), Map.of(), LOW), "w").reason())
        .isEqualTo("w may reach 1.13e+05, which is too much for float16");
    String usual = "1, ".repeat(63) + "1";
    assertThat(row(plan(body.formatted(usual), Map.of(), LOW), "w").computed()).isEqualTo(LOW);
  }
}
