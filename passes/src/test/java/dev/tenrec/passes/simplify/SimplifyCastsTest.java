package dev.tenrec.passes.simplify;

import static dev.tenrec.passes.testing.RuleTester.rule;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimplifyCastsTest {
  @Test
  void dropsACastToTheSameType() {
    rule(new SimplifyCasts())
        .given("g (float[3] x) => (float[3] y) { a = Cast<to=float>(x) y = Exp(a) }")
        .becomes("g (float[3] x) => (float[3] y) { y = Exp(x) }");
  }

  @Test
  void dropsADetourThroughAWiderType() {
    rule(new SimplifyCasts())
        .given(
            """
            g (float16[3] x) => (float16[3] y) {
              a = Cast<to=float>(x)
              b = Cast<to=float16>(a)
              y = Exp(b)
            }
            """)
        .becomes("g (float16[3] x) => (float16[3] y) { y = Exp(x) }");
  }

  @Test
  void goesStraightToTheLastType() {
    rule(new SimplifyCasts())
        .given("g (bool[3] x) => (float[3] y) { a = Cast<to=int64>(x) y = Cast<to=float>(a) }")
        .becomes("g (bool[3] x) => (float[3] y) { y = Cast<to=float>(x) }");
  }

  @Test
  void takesTheConditionForWhatIsNotZero() {
    rule(new SimplifyCasts())
        .given(
            """
            g (bool[3] c) => (bool[3] y, bool[3] z) {
              zero = Constant<value=float {0}>()
              low = Constant<value=float {-Infinity}>()
              a = Select(c, zero, low)
              b = Select(c, low, zero)
              y = Cast<to=bool>(a)
              e = Cast<to=bool>(b)
              z = Not(e)
            }
            """)
        .becomes("g (bool[3] c) => (bool[3] y, bool[3] z) { y = Not(c) z = Not(c) }");
  }

  @Test
  void leavesSelectionsThatAreAllZeroOrNoneOrWider() {
    for (String constants : new String[] {"float {0}|float {0}", "float {1}|float {2}"}) {
      String[] both = constants.split("\\|", -1);
      rule(new SimplifyCasts())
          .given(
              """
              g (bool[3] c) => (bool[3] y) {
                p = Constant<value=%s>()
                q = Constant<value=%s>()
                a = Select(c, p, q)
                y = Cast<to=bool>(a)
              }
              """
                  .formatted(both[0], both[1]))
          .isUnchanged();
    }
    rule(new SimplifyCasts())
        .given(
            """
            g (bool[3] c) => (bool[1,3] y) {
              p = Constant<value=float[1,1] {0}>()
              q = Constant<value=float[1,1] {1}>()
              a = Select(c, p, q)
              y = Cast<to=bool>(a)
            }
            """)
        .isUnchanged();
  }

  @Test
  void leavesADetourThroughANarrowerType() {
    rule(new SimplifyCasts())
        .given("g (float[3] x) => (float[3] y) { a = Cast<to=float16>(x) y = Cast<to=float>(a) }")
        .isUnchanged();
    rule(new SimplifyCasts())
        .given("g (int64[3] x) => (int64[3] y) { a = Cast<to=float>(x) y = Cast<to=int64>(a) }")
        .isUnchanged();
  }

  private static final String WEIGHTS =
      "g (int8[3] x) => (float16[3] y) { s = Constant<value=%s[3] {1, 2, 3}>() ";

  @ParameterizedTest
  @ValueSource(strings = {"float", "float16"})
  void dequantizesToTheTypeThatIsWanted(String scales) {
    rule(new SimplifyCasts())
        .given(
            WEIGHTS.formatted(scales)
                + "d = Dequantize<to=float, axis=0>(x, s) y = Cast<to=float16>(d) }")
        .becomes(WEIGHTS.formatted(scales) + "y = Dequantize<to=float16, axis=0>(x, s) }");
  }

  @ParameterizedTest
  @CsvSource({"double, float", "float, double", "float, float16"})
  void leavesWhatWouldBeRoundedOnceLess(String scales, String to) {
    rule(new SimplifyCasts())
        .given(
            "g (int8[3] x) => (bfloat16[3] y) { s = Constant<value=%s[3] {1, 2, 3}>()"
                    .formatted(scales)
                + " d = Dequantize<to=%s, axis=0>(x, s) y = Cast<to=bfloat16>(d) }".formatted(to))
        .isUnchanged();
  }

  @Test
  void leavesDequantizedIntegers() {
    rule(new SimplifyCasts())
        .given(
            "g (int8[3] x) => (int32[3] y) { s = Constant<value=float {0.5}>()"
                + " d = Dequantize<to=float>(x, s) y = Cast<to=int32>(d) }")
        .isUnchanged();
  }

  @ParameterizedTest
  @ValueSource(strings = {"float16", "bfloat16"})
  void quantizesHalfPrecisionAsItIs(String type) {
    String head = "g (%s[3] x) => (int8[3] y) { ".formatted(type);
    String scale = "s = Constant<value=float {0.5}>() ";
    rule(new SimplifyCasts())
        .given(head + scale + "c = Cast<to=float>(x) y = Quantize<to=int8>(c, s) }")
        .becomes(head + scale + "y = Quantize<to=int8>(x, s) }");
  }

  @ParameterizedTest
  @ValueSource(strings = {"double", "int32"})
  void leavesWhatIsRoundedBeforeItIsQuantized(String type) {
    rule(new SimplifyCasts())
        .given(
            "g (%s[3] x) => (int8[3] y) { s = Constant<value=float {0.5}>()".formatted(type)
                + " c = Cast<to=float>(x) y = Quantize<to=int8>(c, s) }")
        .isUnchanged();
  }

  @Property(tries = 2000)
  void aTypeThatHoldsAnotherKeepsItsNumbers(
      @ForAll ElementType wide, @ForAll ElementType narrow, @ForAll long bits) {
    if (SimplifyCasts.holds(wide, narrow) && narrow.kind() != ElementType.Kind.BOOLEAN) {
      Tensor number = number(narrow, bits);
      if (Double.isFinite(number.getDouble(0)) && number.getDouble(0) != 0) {
        assertThat(number(narrow, number(wide, number)))
            .as("%s in %s", narrow, wide)
            .isEqualTo(number);
      }
    }
  }

  private static Tensor number(ElementType type, long bits) {
    return type.isFloating()
        ? Tensor.ofDoubles(type, ImmutableLongArray.of(), _ -> bits / 64.0)
        : Tensor.ofLongs(type, ImmutableLongArray.of(), _ -> bits);
  }

  private static Tensor number(ElementType type, Tensor number) {
    boolean integers = type.isInteger() && number.elementType().isInteger();
    return integers
        ? Tensor.ofLongs(type, ImmutableLongArray.of(), _ -> number.getLong(0))
        : Tensor.ofDoubles(type, ImmutableLongArray.of(), _ -> number.getDouble(0));
  }
}
