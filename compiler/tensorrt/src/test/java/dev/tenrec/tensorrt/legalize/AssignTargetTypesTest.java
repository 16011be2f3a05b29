package dev.tenrec.tensorrt.legalize;

import static dev.tenrec.passes.testing.RuleTester.rule;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.passes.Pipeline;
import org.junit.jupiter.api.Test;

class AssignTargetTypesTest {
  private static final AssignTargetTypes EXACT = new AssignTargetTypes(false);
  private static final AssignTargetTypes NARROWING = new AssignTargetTypes(true);

  private static void refuses(String graph, String message) {
    assertThatThrownBy(() -> Pipeline.of(EXACT).run(GraphParser.parse(graph)))
        .hasMessageContaining("[UNSUPPORTED]")
        .hasMessageContaining(message)
        .hasMessageContaining("pass --allow-narrowing");
  }

  @Test
  void leavesTensorRtsTypesAlone() {
    rule(EXACT)
        .given(
            """
            g (float[3] x, int64[3] i, bool[3] c) => (float[3] y, int32[3] j) {
              a = Cast<to=float>(i)
              b = Add(x, a)
              y = Select(c, a, b)
              j = Cast<to=int32>(i)
            }
            """)
        .isUnchanged();
  }

  @Test
  void wrapsOnlyWhereTheNumbersMatter() {
    rule(EXACT)
        .given(
            """
            g (int8[3] x, int8[3] z) => (int8[3] y, bool[3] c) {
              a = Add(x, z)
              y = Mul(a, z)
              c = Less(a, x)
            }
            """)
        .withInput("x", -128, 127)
        .withInput("z", -128, 127)
        .becomes(
            """
            g (int8[3] x, int8[3] z) => (int8[3] y, bool[3] c) {
              i = Cast<to=int32>(x)
              j = Cast<to=int32>(z)
              a = Add(i, j)
              p = Mul(a, j)
              h = Constant<value=int32 {128}>()
              m = Constant<value=int32 {256}>()
              s = Add(a, h)
              r = Mod(s, m)
              w = Sub(r, h)
              c = Less(w, i)
              y = Cast<to=int8>(p)
            }
            """);
  }

  @Test
  void doesNotWrapWhatStaysInRange() {
    rule(EXACT)
        .given(
            """
            g (uint16[3,2] x, uint16[3,2] z) => (bool[3,2] c, float[3,2] f) {
              a = Max(x, z)
              b = Transpose<permutation=[1,0]>(a)
              d = Transpose<permutation=[1,0]>(b)
              c = Less(d, x)
              f = Cast<to=float>(d)
            }
            """)
        .withInput("x", 0, 65535)
        .becomes(
            """
            g (uint16[3,2] x, uint16[3,2] z) => (bool[3,2] c, float[3,2] f) {
              i = Cast<to=int32>(x)
              j = Cast<to=int32>(z)
              a = Max(i, j)
              b = Transpose<permutation=[1,0]>(a)
              d = Transpose<permutation=[1,0]>(b)
              c = Less(d, i)
              f = Cast<to=float>(d)
            }
            """);
  }

  @Test
  void theLargestOfNothingIsTheLowestNumberOfTheModelsType() {
    rule(EXACT)
        .given(
            """
            g (int8[N,2] x) => (int8[2] y, int8[2] z) {
              y = ReduceMax<axes=[0]>(x)
              z = ReduceMin<axes=[0]>(x)
            }
            """)
        .withSize("N", 0)
        .becomes(
            """
            g (int8[N,2] x) => (int8[2] y, int8[2] z) {
              i = Cast<to=int32>(x)
              a = ReduceMax<axes=[0]>(i)
              l = Constant<value=int32 {-128}>()
              b = Max(a, l)
              c = ReduceMin<axes=[0]>(i)
              h = Constant<value=int32 {127}>()
              d = Min(c, h)
              y = Cast<to=int8>(b)
              z = Cast<to=int8>(d)
            }
            """);
  }

  @Test
  void bytesAreCastByWayOfFloat() {
    rule(EXACT)
        .given("g (uint8[3] x) => (bool[3] y) { y = Less(x, x) }")
        .becomes(
            """
            g (uint8[3] x) => (bool[3] y) {
              f = Cast<to=float>(x)
              i = Cast<to=int32>(f)
              y = Less(i, i)
            }
            """);
  }

  @Test
  void bytesStayWhereTheyAreCastAtTheBorder() {
    rule(EXACT)
        .given(
            """
            g (uint8[3] x) => (uint8[3] y) { a = Cast<to=float>(x) b = Exp(a) y = Cast<to=uint8>(b) }
            """)
        .withInput("x", 0, 5)
        .becomes(
            """
            g (uint8[3] x) => (uint8[3] y) { a = Cast<to=float>(x) b = Exp(a) y = Cast<to=uint8>(b) }
            """);
  }

  @Test
  void doublesThatAreOnlyMovedAreExact() {
    rule(EXACT)
        .given(
            """
            g (float[3] x) => (double[3] y, bool[3] c) {
              a = Cast<to=double>(x)
              b = Constant<value=double {0.5}>()
              y = Max(a, b)
              c = Less(a, y)
            }
            """)
        .becomes(
            """
            g (float[3] x) => (double[3] y, bool[3] c) {
              b = Constant<value=float {0.5}>()
              a = Max(x, b)
              y = Cast<to=double>(a)
              c = Less(x, a)
            }
            """);
  }

  @Test
  void doublesThatAreCastToFloatMayBeRoundedBefore() {
    rule(EXACT)
        .given(
            """
            g (double[2,3] x) => (float[3,2] y) {
              a = Transpose<permutation=[1,0]>(x)
              y = Cast<to=float>(a)
            }
            """)
        .becomes(
            """
            g (double[2,3] x) => (float[3,2] y) {
              a = Cast<to=float>(x)
              y = Transpose<permutation=[1,0]>(a)
            }
            """);
  }

  @Test
  void refusesToComputeDoublesInFloat() {
    refuses(
        "g (double[3] x) => (double[3] y) { y = Exp(x) }",
        "TensorRT would compute double in float, which holds 24 bits of precision");
    refuses("g (double[3] x) => (double[3] y) { y = Abs(x) }", "double in float");
    refuses("g (double[3] x) => (double[3] y) { y = Neg(x) }", "double in float");
    refuses("g (double[3] x) => (bool[3] y) { y = Less(x, x) }", "double in float");
    refuses("g (double[3] x) => (float16[3] y) { y = Cast<to=float16>(x) }", "double in float");
    refuses("g (int64[3] x) => (double[3] y) { y = Cast<to=double>(x) }", "double in float");
    refuses(
        "g (float[3] x) => (bool[3] y) { a = Cast<to=double>(x) b = Constant<value=double {0.1}>()"
            + " y = Less(a, b) }",
        "double in float");
  }

  @Test
  void computesDoublesInFloatWhereThatIsAllowed() {
    rule(NARROWING)
        .given(
            "g (double[3] x) => (double[3] y) { a = Constant<value=double {0.1}>() b = Exp(x) y ="
                + " Add(a, b) }")
        .becomes(
            """
            g (double[3] x) => (double[3] y) {
              f = Cast<to=float>(x)
              a = Constant<value=float {0.1}>()
              b = Exp(f)
              c = Add(a, b)
              y = Cast<to=double>(c)
            }
            """);
  }

  @Test
  void refusesConstantsThatNoFloatReaches() {
    assertThatThrownBy(() ->
            Pipeline.of(NARROWING)
                .run(
                    GraphParser.parse(
                        "g (double[3] x) => (double[3] y) { a = Constant<value=double {1e300}>() y"
                            + " = Add(a, x) }")))
        .hasMessageContaining("1.0E300 in float");
  }

  @Test
  void uint64KeepsItsBits() {
    rule(EXACT)
        .given("g (uint64[3] x, uint64[3] z) => (uint64[3] y) { a = Mul(x, z) y = Sub(a, x) }")
        .becomes(
            """
            g (uint64[3] x, uint64[3] z) => (uint64[3] y) {
              i = Cast<to=int64>(x)
              j = Cast<to=int64>(z)
              a = Mul(i, j)
              b = Sub(a, i)
              y = Cast<to=uint64>(b)
            }
            """);
    refuses("g (uint64[3] x, uint64[3] z) => (bool[3] y) { y = Less(x, z) }", "uint64 in int64");
    refuses("g (float[3] x) => (uint64[3] y) { y = Cast<to=uint64>(x) }", "uint64 in int64");
  }

  @Test
  void uint64ThatIsKnownToBeSmallIsExact() {
    rule(EXACT)
        .given(
            """
            g (uint16[3] x) => (float[3] y) {
              a = Cast<to=uint64>(x)
              b = Constant<value=uint64 {3}>()
              c = Div(a, b)
              y = Cast<to=float>(c)
            }
            """)
        .withInput("x", 0, 65535)
        .becomes(
            """
            g (uint16[3] x) => (float[3] y) {
              i = Cast<to=int32>(x)
              a = Cast<to=int64>(i)
              b = Constant<value=int64 {3}>()
              c = Div(a, b)
              y = Cast<to=float>(c)
            }
            """);
  }

  @Test
  void floatsOfEightBitsAreRoundedAtTheOutputs() {
    rule(EXACT)
        .given("g (float[3] x) => (float8e5m2[3] y) { a = Cast<to=float8e5m2>(x) y = Neg(a) }")
        .becomes("g (float[3] x) => (float8e5m2[3] y) { a = Neg(x) y = Cast<to=float8e5m2>(a) }");
    assertThatThrownBy(() ->
            Pipeline.of(NARROWING)
                .run(
                    GraphParser.parse(
                        "g (float[3] x) => (float[3] y) { a = Cast<to=float8e5m2>(x) y ="
                            + " Cast<to=float>(a) }")))
        .hasMessageContaining("does not round to float8e5m2");
  }

  @Test
  void clipsAtTheLimitsOfTheModelsType() {
    rule(EXACT)
        .given("g (int8[3] x) => (int8[3] y) { y = Clip<alpha=-Infinity,beta=Infinity>(x) }")
        .withInput("x", -128, 127)
        .becomes(
            """
            g (int8[3] x) => (int8[3] y) {
              i = Cast<to=int32>(x)
              a = Clip<alpha=-128,beta=127>(i)
              y = Cast<to=int8>(a)
            }
            """);
  }
}
