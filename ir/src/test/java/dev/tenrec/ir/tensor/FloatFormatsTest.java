package dev.tenrec.ir.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import com.google.common.primitives.ImmutableLongArray;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Conversion to the narrow floating-point formats against tables of all their numbers, which are
 * built here from the formats' definitions.
 */
class FloatFormatsTest {
  private static final Set<ElementType> FORMATS =
      EnumSet.of(
          ElementType.FLOAT16,
          ElementType.BFLOAT16,
          ElementType.FLOAT8E4M3FN,
          ElementType.FLOAT8E4M3FNUZ,
          ElementType.FLOAT8E5M2,
          ElementType.FLOAT8E5M2FNUZ,
          ElementType.FLOAT4E2M1);

  /** The patterns of all magnitudes of each format. */
  private static final ImmutableMap<ElementType, NavigableMap<BigDecimal, Integer>> TABLES =
      Maps.toMap(FORMATS, FloatFormatsTest::magnitudes);

  /** The largest finite number, from the format's specification. */
  private static double largest(ElementType type) {
    return switch (type) {
      case FLOAT16 -> 65504;
      case BFLOAT16 -> 0x1.FEp127;
      case FLOAT8E4M3FN -> 448;
      case FLOAT8E4M3FNUZ -> 240;
      case FLOAT8E5M2, FLOAT8E5M2FNUZ -> 57344;
      case FLOAT4E2M1 -> 6;
      default -> throw new IllegalArgumentException(type.text());
    };
  }

  private static double decode(ElementType type, int pattern) {
    return Tensor.ofBits(type, ImmutableLongArray.of(), _ -> pattern).getDouble(0);
  }

  private static int encode(ElementType type, double value) {
    Tensor tensor = Tensor.ofDoubles(type, ImmutableLongArray.of(), _ -> value);
    return (int) tensor.getBits(0) & ((1 << type.bits()) - 1);
  }

  /** Exponent and mantissa bits by digits after the point: {@code sign exponent.mantissa}. */
  private static double byDefinition(int pattern, int bits, int mantissaBits, int bias) {
    String digits = Integer.toBinaryString(pattern | 1 << bits).substring(1);
    int exponent = Integer.parseInt(digits.substring(1, bits - mantissaBits), 2);
    double fraction = 0;
    double weight = 0.5;
    for (char digit : digits.substring(bits - mantissaBits).toCharArray()) {
      fraction += digit == '1' ? weight : 0;
      weight /= 2;
    }
    double magnitude =
        exponent == 0
            ? fraction * Math.pow(2, 1 - bias)
            : (1 + fraction) * Math.pow(2, exponent - bias);
    return digits.charAt(0) == '1' ? -magnitude : magnitude;
  }

  @ParameterizedTest
  @CsvSource({
    "FLOAT8E4M3FN, 8, 3, 7",
    "FLOAT8E4M3FNUZ, 8, 3, 8",
    "FLOAT8E5M2, 8, 2, 15",
    "FLOAT8E5M2FNUZ, 8, 2, 16",
    "FLOAT4E2M1, 4, 1, 1",
    "FLOAT16, 16, 10, 15",
    "BFLOAT16, 16, 7, 127"
  })
  void everyPatternDecodesByDefinition(ElementType type, int bits, int mantissaBits, int bias) {
    double largest = largest(type);
    for (int pattern = 0; pattern < 1 << bits; pattern++) {
      double actual = decode(type, pattern);
      double number = byDefinition(pattern, bits, mantissaBits, bias);
      boolean negativeZero = pattern == 1 << (bits - 1);
      if (Math.abs(number) > largest) {
        assertThat(Double.isFinite(actual)).as("%x of %s", pattern, type).isFalse();
      } else if (negativeZero && type.name().endsWith("UZ")) {
        assertThat(actual).isNaN();
      } else {
        assertThat(Double.doubleToRawLongBits(actual))
            .as("%x of %s", pattern, type)
            .isEqualTo(Double.doubleToRawLongBits(number));
      }
    }
  }

  @Test
  void infinitiesAndNanAreWhereTheFormatsHaveThem() {
    assertThat(decode(ElementType.FLOAT16, 0xFC00)).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(decode(ElementType.BFLOAT16, 0x7F80)).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(decode(ElementType.FLOAT8E5M2, 0x7C)).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(decode(ElementType.FLOAT8E5M2, 0x7D)).isNaN();
    assertThat(decode(ElementType.FLOAT8E4M3FN, 0xFF)).isNaN();
    assertThat(decode(ElementType.FLOAT8E4M3FN, 0x7E)).isEqualTo(448);
  }

  private static NavigableMap<BigDecimal, Integer> magnitudes(ElementType type) {
    NavigableMap<BigDecimal, Integer> table = new TreeMap<>();
    for (int pattern = 0; pattern < 1 << (type.bits() - 1); pattern++) {
      double value = decode(type, pattern);
      if (Double.isFinite(value)) {
        table.put(new BigDecimal(value), pattern);
      }
    }
    return table;
  }

  private static NavigableMap<BigDecimal, Integer> table(ElementType type) {
    return Objects.requireNonNull(TABLES.get(type));
  }

  /** The nearest number of the table, on a tie the one with an even pattern. */
  private static int nearest(ElementType type, BigDecimal value) {
    NavigableMap<BigDecimal, Integer> table = table(type);
    Map.Entry<BigDecimal, Integer> below = table.floorEntry(value);
    Map.Entry<BigDecimal, Integer> above = table.ceilingEntry(value);
    int order = value.subtract(below.getKey()).compareTo(above.getKey().subtract(value));
    boolean takeBelow = order < 0 || (order == 0 && below.getValue() % 2 == 0);
    return takeBelow ? below.getValue() : above.getValue();
  }

  @ParameterizedTest
  @FieldSource("FORMATS")
  void roundsToNearestAndTiesToEven(ElementType type) {
    NavigableMap<BigDecimal, Integer> table = table(type);
    List<Double> candidates = new ArrayList<>();
    BigDecimal before = BigDecimal.ZERO;
    for (BigDecimal number : table.keySet()) {
      double middle = before.add(number).divide(new BigDecimal(2)).doubleValue();
      // Next to the middle, where rounding to float32 on the way would land on it.
      candidates.addAll(
          List.of(number.doubleValue(), middle, Math.nextUp(middle), Math.nextDown(middle)));
      before = number;
    }
    for (double candidate : candidates) {
      double value = Math.max(0, candidate);
      int expected = nearest(type, new BigDecimal(value));
      assertThat(encode(type, value)).as("%s as %s", value, type).isEqualTo(expected);
      int negative = encode(type, -value);
      boolean unsignedZero = expected == 0 && type.name().endsWith("UZ");
      assertThat(negative)
          .as("-%s as %s", value, type)
          .isEqualTo(unsignedZero ? 0 : expected | 1 << (type.bits() - 1));
    }
  }

  @Provide
  Arbitrary<ElementType> formats() {
    return Arbitraries.of(FORMATS);
  }

  @Property
  void anyNumberRoundsToTheNearest(@ForAll double value, @ForAll("formats") ElementType type) {
    double magnitude = Math.abs(value) % largest(type);
    int expected = nearest(type, new BigDecimal(magnitude));
    assertThat(encode(type, magnitude)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "FLOAT16, Infinity, 7C00",
    "FLOAT16, 65519.99, 7BFF",
    "FLOAT16, 65520, 7C00",
    "FLOAT16, -1e300, FC00",
    "BFLOAT16, Infinity, 7F80",
    "BFLOAT16, 3.4e38, 7F80",
    "BFLOAT16, NaN, 7FC0",
    "FLOAT8E5M2, 1e6, 7B",
    "FLOAT8E5M2, Infinity, 7B",
    "FLOAT8E5M2, -Infinity, FB",
    "FLOAT8E5M2, NaN, 7E",
    "FLOAT8E5M2FNUZ, Infinity, 7F",
    "FLOAT8E5M2FNUZ, NaN, 80",
    "FLOAT8E4M3FN, 465, 7E",
    "FLOAT8E4M3FN, -1e9, FE",
    "FLOAT8E4M3FN, Infinity, 7E",
    "FLOAT8E4M3FN, NaN, 7F",
    "FLOAT8E4M3FNUZ, -Infinity, FF",
    "FLOAT8E4M3FNUZ, NaN, 80",
    "FLOAT4E2M1, 9, 7",
    "FLOAT4E2M1, -Infinity, F",
    "FLOAT4E2M1, NaN, 8",
    "FLOAT4E2M1, -3.5, E",
    "FLOAT8E8M0, 0, 0",
    "FLOAT8E8M0, 0.124, 7C",
    "FLOAT8E8M0, 0.125, 7C",
    "FLOAT8E8M0, 1.1, 80",
    "FLOAT8E8M0, 8, 82",
    "FLOAT8E8M0, NaN, FF",
    "FLOAT8E8M0, 1e300, FE",
  })
  void whatLiesBeyondSaturates(ElementType type, double value, String pattern) {
    assertThat(encode(type, value)).isEqualTo(Integer.parseInt(pattern, 16));
  }

  @Test
  void powersOfTwoDecode() {
    for (int pattern = 0; pattern < 255; pattern++) {
      double value = decode(ElementType.FLOAT8E8M0, pattern);
      assertThat(value).isEqualTo(Math.pow(2, pattern - 127));
      assertThat(encode(ElementType.FLOAT8E8M0, value)).isEqualTo(pattern);
    }
    assertThat(decode(ElementType.FLOAT8E8M0, 255)).isNaN();
  }
}
