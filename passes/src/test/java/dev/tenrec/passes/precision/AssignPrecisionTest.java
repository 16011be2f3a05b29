package dev.tenrec.passes.precision;

import static dev.tenrec.passes.testing.RuleTester.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.Elementwise.Cast;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.passes.Pipeline;
import dev.tenrec.passes.VerifyEach;
import dev.tenrec.passes.calibration.CalibrationTable;
import dev.tenrec.passes.calibration.Range;
import dev.tenrec.passes.check.RandomInputs;
import dev.tenrec.passes.testing.Equivalence;
import dev.tenrec.passes.testing.RandomGraph;
import dev.tenrec.passes.testing.RuleTester;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class AssignPrecisionTest {
  private static RuleTester halfPrecision() {
    return rule(new AssignPrecision(ElementType.FLOAT16)).within(5e-3);
  }

  @Test
  void castsAtTheBoundaryAndConvertsConstants() {
    halfPrecision()
        .given(
            """
            g (float[N,2] x) => (float[N,2] y) {
              w = Constant<value=float[2,2] {1, 2, 3, 0.1}>()
              p = MatMul(x, w)
              y = Relu(p)
            }
            """)
        .becomes(
            """
            g (float[N,2] x) => (float[N,2] y) {
              h = Cast<to=float16>(x)
              w = Constant<value=float16[2,2] {1, 2, 3, 0.1}>()
              p = MatMul(h, w)
              r = Relu(p)
              y = Cast<to=float>(r)
            }
            """);
  }

  @Test
  void attendsInHalfPrecisionWithMasksAsTheyAre() {
    halfPrecision()
        .given(
            """
            g (float[1,2,N,4] q, float[N] m, float[N,2] cos) => (float[1,2,N,4] y) {
              mask = Exp(m)
              rotated = RotaryEmbedding(q, cos, cos)
              y = ScaledDotProduct<scale=0.5>(rotated, q, q, mask)
            }
            """)
        .becomes(
            """
            g (float[1,2,N,4] q, float[N] m, float[N,2] cos) => (float[1,2,N,4] y) {
              mask = Exp(m)
              h = Cast<to=float16>(q)
              c = Cast<to=float16>(cos)
              rotated = RotaryEmbedding(h, c, c)
              p = ScaledDotProduct<scale=0.5>(rotated, h, h, mask)
              y = Cast<to=float>(p)
            }
            """);
  }

  @Test
  void normalizesInFloatAndRoundsOnceForAllReaders() {
    halfPrecision()
        .given(
            """
            g (float[N,2] x) => (float[N,2] y) {
              s = Constant<value=float[2] {1, 2}>()
              w = Constant<value=float[2,2] {1, 2, 3, 4}>()
              a = MatMul(x, w)
              n = RmsNorm<axis=1, epsilon=0.5>(a, s)
              b = MatMul(n, w)
              c = MatMul(n, w)
              y = Add(b, c)
            }
            """)
        .becomes(
            """
            g (float[N,2] x) => (float[N,2] y) {
              h = Cast<to=float16>(x)
              w = Constant<value=float16[2,2] {1, 2, 3, 4}>()
              a = MatMul(h, w)
              up = Cast<to=float>(a)
              s = Constant<value=float[2] {1, 2}>()
              n = RmsNorm<axis=1, epsilon=0.5>(up, s)
              down = Cast<to=float16>(n)
              b = MatMul(down, w)
              c = MatMul(down, w)
              sum = Add(b, c)
              y = Cast<to=float>(sum)
            }
            """);
  }

  @Test
  void readsTheUnroundedValueWhereItExists() {
    halfPrecision()
        .given(
            """
            g (float[N,2] x) => (float[N,2] y, float[N,2] z) {
              y = Softmax<axis=1>(x)
              z = Exp(y)
            }
            """)
        .isUnchanged();
  }

  @Test
  void keepsLargeResultsInFloatUntilAProduct() {
    halfPrecision()
        .given(
            """
            g (float[N,2] x) => (float[N,2] y) {
              e = Exp(x)
              s = ReduceSum<axes=[1], keep_dims=true>(e)
              d = Div(e, s)
              y = MatMul(d, d)
            }
            """)
        .withSize("N", 2)
        .becomes(
            """
            g (float[N,2] x) => (float[N,2] y) {
              e = Exp(x)
              s = ReduceSum<axes=[1], keep_dims=true>(e)
              d = Div(e, s)
              h = Cast<to=float16>(d)
              p = MatMul(h, h)
              y = Cast<to=float>(p)
            }
            """);
  }

  @Test
  void givesMasksALowFiniteNumber() {
    String graph =
        """
        g (bool[N,2] m, float[N,2] x) => (float[N,2] y) {
          zero = Constant<value=float {0}>()
          never = Constant<value=float {-3.4028235E38}>()
          mask = Select(m, zero, never)
          s = Add(x, mask)
          y = Softmax<axis=1>(s)
        }
        """;
    halfPrecision()
        .given(graph)
        .becomes(
            """
            g (bool[N,2] m, float[N,2] x) => (float[N,2] y) {
              zero = Constant<value=float16 {0}>()
              never = Constant<value=float16 {-32752}>()
              mask = Select(m, zero, never)
              h = Cast<to=float16>(x)
              s = Add(h, mask)
              up = Cast<to=float>(s)
              y = Softmax<axis=1>(up)
            }
            """);
    assertThat(plan(graph)).contains("mask constant -3.4028235E38 becomes -32752.0");
  }

  @Test
  void keepsOperationsInFloatWhoseConstantsDoNotFit() {
    String graph =
        """
        g (float[N] x) => (float[N] y, float[N] z) {
          large = Constant<value=float {1.0E12}>()
          fine = Constant<value=float {1.0E-12}>()
          y = Mul(x, large)
          z = Add(x, fine)
        }
        """;
    halfPrecision().given(graph).isUnchanged();
    assertThat(plan(graph))
        .contains("the constant 1.0E12 exceeds float16")
        .contains("the constant 1.0E-12 is too fine for float16");
  }

  @Test
  void keepsPositionsInFloat() {
    String graph =
        """
        g (int64[N] positions) => (float[N,2] y) {
          f = Constant<value=float[1,2] {1, 0.001}>()
          p = Cast<to=float>(positions)
          column = Unsqueeze<axes=[1]>(p)
          angles = MatMul(column, f)
          y = Cos(angles)
        }
        """;
    halfPrecision().given(graph).isUnchanged();
    assertThat(plan(graph)).contains("follows an operand in float32");
  }

  @Test
  void castsBooleansAndIntegersStraightToTheLowType() {
    Range small = new Range(0, 9, 9);
    rule(assign(new CalibrationTable(ImmutableMap.of("w", small)), PrecisionOverrides.NONE))
        .within(5e-3)
        .given(
            """
            g (bool[N,2] m, int64[2,2] i) => (float[N,2] y) {
              f = Cast<to=float>(m)
              w = Cast<to=float>(i)
              y = MatMul(f, w)
            }
            """)
        .becomes(
            """
            g (bool[N,2] m, int64[2,2] i) => (float[N,2] y) {
              f = Cast<to=float16>(m)
              w = Cast<to=float16>(i)
              p = MatMul(f, w)
              y = Cast<to=float>(p)
            }
            """);
  }

  @Test
  void leavesOtherTypesAlone() {
    halfPrecision()
        .given(
            """
            g (int64[N] i, double[N] d, float16[N] h) => (int64[N] a, double[N] b, float16[N] c) {
              a = Neg(i)
              b = Exp(d)
              c = Relu(h)
            }
            """)
        .isUnchanged();
  }

  @Test
  void leavesRecurrencesInFloat() {
    halfPrecision()
        .given(
            """
            g (float[2] s, float[T,2] xs) => (float[2] last, float[T,2] y) {
              last, all = Scan<states=1, sequences=1, body=
                b (float[2] h, float[2] x) => (float[2] next, float[2] step = next) {
                  next = Add(x, h)
                }>(s, xs)
              y = Relu(all)
            }
            """)
        .isUnchanged();
  }

  @Test
  void printsWhatItDecides() {
    assertThat(
            plan(
                """
                g (float[N,2] x) => (float[N,2] y) {
                  a = MatMul(x, x)
                  y = Softmax<axis=1>(a)
                }
                """))
        .isEqualTo(
            """
            value                                    operation      computed   seen as    because
            a                                        MatMul         float16    float16    products gain most
            y                                        Softmax        float      float16    accumulates or curves, and is rounded afterwards
            """
                .replace("\n", System.lineSeparator()));
  }

  @Test
  void takesNoOtherType() {
    assertThatThrownBy(() -> new AssignPrecision(ElementType.INT8))
        .hasMessageContaining("precision int8 is neither float16 nor bfloat16");
  }

  @Property(tries = 100)
  void keepsRandomGraphsValidAndNearlyEqual(@ForAll long seed) {
    Graph graph = Pipeline.standard().run(RandomGraph.of(seed, 15));
    Graph after =
        Pipeline.of(new AssignPrecision(ElementType.FLOAT16)).run(graph, new VerifyEach());
    assertThat(after.nodes()).noneMatch(AssignPrecisionTest::castsACast);
    RandomInputs inputs = new RandomInputs(RandomGraph.SIZES.getFirst(), ImmutableMap.of());
    new Equivalence(0.2, 1).check(graph, after, inputs);
  }

  private static boolean castsACast(Node node) {
    return node.op() instanceof Cast cast && cast.x().producedBy(Cast.class).isPresent();
  }

  private static AssignPrecision assign(CalibrationTable table, PrecisionOverrides overrides) {
    return new AssignPrecision(ElementType.FLOAT16, table, overrides);
  }

  private static String plan(String graph) {
    return new AssignPrecision(ElementType.FLOAT16).plan(GraphParser.parse(graph)).toString();
  }
}
