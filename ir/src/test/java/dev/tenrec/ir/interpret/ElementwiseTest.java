package dev.tenrec.ir.interpret;

import static dev.tenrec.ir.interpret.Evaluation.evaluate;
import static dev.tenrec.ir.interpret.Evaluation.failure;
import static dev.tenrec.ir.testing.Tensors.assertClose;
import static dev.tenrec.ir.testing.Tensors.bools;
import static dev.tenrec.ir.testing.Tensors.floats;
import static dev.tenrec.ir.testing.Tensors.sizes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Elementwise.ParametricRelu;
import dev.tenrec.ir.Elementwise.Select;
import dev.tenrec.ir.Elementwise.Unary;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ElementwiseTest {
  private static Tensor unary(UnaryKind kind, Tensor x) {
    return evaluate(v -> new Unary(kind, v.getFirst()), x);
  }

  private static Tensor binary(BinaryKind kind, Tensor a, Tensor b) {
    return evaluate(v -> new Binary(kind, v.get(0), v.get(1)), a, b);
  }

  private static Tensor doubles(double... elements) {
    return Tensors.of(ElementType.FLOAT64, sizes(elements.length), elements);
  }

  private static Tensor integers(ElementType type, long... elements) {
    return Tensor.ofLongs(type, sizes(elements.length), i -> elements[i]);
  }

  /** Values from mathematical tables. */
  @ParameterizedTest
  @CsvSource({
    "ABS, -1.5, 1.5",
    "ACOS, 0.5, 1.0471975511965979",
    "ACOSH, 2, 1.3169578969248166",
    "ACOSH, 1, 0",
    "ACOSH, 1e300, 691.4686750787736",
    "ACOSH, 0.5, NaN",
    "ACOSH, -2, NaN",
    "ASIN, 0.5, 0.5235987755982989",
    "ASINH, 1, 0.881373587019543",
    "ASINH, -1e-9, -1e-9",
    "ASINH, 1e300, 691.4686750787736",
    "ASINH, -Infinity, -Infinity",
    "ATAN, 1, 0.7853981633974483",
    "ATANH, 0.5, 0.5493061443340549",
    "ATANH, -1, -Infinity",
    "ATANH, 2, NaN",
    "CEIL, -1.5, -1",
    "COS, 1, 0.5403023058681398",
    "COSH, 1, 1.543080634815244",
    "ERF, 0.1, 0.1124629160182849",
    "ERF, 1, 0.8427007929497149",
    "ERF, -2, -0.9953222650189527",
    "ERF, 5, 0.9999999999984626",
    "ERF, Infinity, 1",
    "ERF, NaN, NaN",
    "EXP, 1, 2.718281828459045",
    "FLOOR, -1.5, -2",
    "LOG, 10, 2.302585092994046",
    "LOG, -1, NaN",
    "NEG, 2, -2",
    "RECIPROCAL, 4, 0.25",
    "ROUND, 0.5, 0",
    "ROUND, 1.5, 2",
    "ROUND, 2.5, 2",
    "ROUND, -2.5, -2",
    "SIGN, -3, -1",
    "SIGN, NaN, NaN",
    "SIN, 1, 0.8414709848078965",
    "SINH, 1, 1.1752011936438014",
    "SQRT, 2, 1.4142135623730951",
    "TAN, 1, 1.5574077246549023",
  })
  void functionsOfOneNumber(UnaryKind kind, double x, double expected) {
    assertClose(unary(kind, doubles(x)), doubles(expected), 1e-300, 1e-14);
  }

  @Test
  void predicates() {
    Tensor x = floats(1, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
    assertThat(unary(UnaryKind.IS_NAN, x)).isEqualTo(bools(false, true, false, false));
    assertThat(unary(UnaryKind.IS_INF, x)).isEqualTo(bools(false, false, true, true));
    assertThat(unary(UnaryKind.NOT, bools(true, false))).isEqualTo(bools(false, true));
  }

  @Test
  void functionsOfIntegersAreExact() {
    long large = (1L << 62) + 1;
    Tensor x = integers(ElementType.INT64, large, -large, 0);
    assertThat(unary(UnaryKind.ABS, x).toLongs()).containsExactly(large, large, 0);
    assertThat(unary(UnaryKind.NEG, x).toLongs()).containsExactly(-large, large, 0);
    assertThat(unary(UnaryKind.SIGN, x).toLongs()).containsExactly(1, -1, 0);
    assertThat(unary(UnaryKind.ROUND, x)).isEqualTo(x);
    Tensor unsigned = integers(ElementType.UINT64, -1, 0);
    assertThat(unary(UnaryKind.ABS, unsigned)).isEqualTo(unsigned);
    assertThat(unary(UnaryKind.SIGN, unsigned).toLongs()).containsExactly(1, 0);
    Tensor lowest = integers(ElementType.INT8, -128);
    assertThat(unary(UnaryKind.NEG, lowest)).isEqualTo(lowest);
    assertThat(unary(UnaryKind.SQRT, integers(ElementType.INT32, 10)).toLongs()).containsExactly(3);
  }

  @Test
  void resultsAreRoundedToTheElementType() {
    Tensor third = binary(BinaryKind.DIV, floats(1), floats(3));
    assertThat(third.getDouble(0)).isEqualTo((double) (1f / 3f));
    Tensor half = Tensors.of(ElementType.FLOAT16, sizes(1), 2048);
    Tensor one = Tensors.of(ElementType.FLOAT16, sizes(1), 1);
    assertThat(binary(BinaryKind.ADD, half, one)).isEqualTo(half);
  }

  @ParameterizedTest
  @CsvSource({
    "ADD, 7, -3, 4",
    "SUB, 7, -3, 10",
    "MUL, 7, -3, -21",
    "DIV, 7, -2, -3.5",
    "DIV, 1, 0, Infinity",
    "FLOOR_DIV, 7, -2, -4",
    "MOD, 7, -3, -2",
    "MOD, -7, 3, 2",
    "MOD, -5.5, 2, 0.5",
    "FMOD, 7, -3, 1",
    "FMOD, -7, 3, -1",
    "POW, 2, 10, 1024",
    "POW, -8, 0.5, NaN",
    "POW, 1, NaN, 1",
    "POW, NaN, 0, 1",
    "POW, -1, Infinity, 1",
    "MIN, 1, NaN, NaN",
    "MAX, NaN, 1, NaN",
    "MIN, 1, -2, -2",
    "MAX, 1, -2, 1"
  })
  void functionsOfTwoNumbers(BinaryKind kind, double a, double b, double expected) {
    assertClose(binary(kind, doubles(a), doubles(b)), doubles(expected), 0, 1e-15);
  }

  @ParameterizedTest
  @CsvSource({
    "INT32, ADD, 2147483647, 1, -2147483648",
    "UINT8, SUB, 1, 2, 255",
    "INT8, MUL, 100, 2, -56",
    "INT64, MUL, 4611686018427387905, 4, 4",
    "INT64, DIV, -7, 2, -3",
    "INT64, FLOOR_DIV, -7, 2, -4",
    "INT64, MOD, -7, 3, 2",
    "INT64, MOD, 7, -3, -2",
    "INT64, FMOD, -7, 3, -1",
    "INT32, DIV, -2147483648, -1, -2147483648",
    "UINT64, DIV, -1, 2, 9223372036854775807",
    "UINT64, FLOOR_DIV, -1, 2, 9223372036854775807",
    "UINT64, MOD, -1, 10, 5",
    "UINT64, FMOD, -1, 10, 5",
    "UINT64, MAX, -1, 3, -1",
    "UINT64, MIN, -1, 3, 3",
    "INT64, MAX, -1, 3, 3",
    "INT64, POW, 3, 39, 4052555153018976267",
    "INT64, POW, 2, 64, 0",
    "INT64, POW, 0, 0, 1",
    "INT64, POW, 5, -1, 0",
    "INT64, POW, -1, -3, -1",
    "INT32, POW, -2, 3, -8"
  })
  void functionsOfTwoIntegers(ElementType type, BinaryKind kind, long a, long b, long expected) {
    assertThat(binary(kind, integers(type, a), integers(type, b)))
        .isEqualTo(integers(type, expected));
  }

  @ParameterizedTest
  @CsvSource({"DIV", "FLOOR_DIV", "MOD", "FMOD"})
  void integersAreNotDividedByZero(BinaryKind kind) {
    Tensor zero = integers(ElementType.INT32, 0);
    assertThat(failure(v -> new Binary(kind, v.get(0), v.get(1)), zero, zero))
        .hasMessageContaining("division of 0 by 0")
        .extracting(e -> e.code())
        .isEqualTo(ErrorCode.INVALID_INPUT);
  }

  @Test
  void comparisonsFollowTheSignAndRefuseNan() {
    Tensor a = floats(1, 2, Double.NaN, 0.0);
    Tensor b = floats(2, 2, Double.NaN, -0.0);
    assertThat(binary(BinaryKind.EQUAL, a, b)).isEqualTo(bools(false, true, false, true));
    assertThat(binary(BinaryKind.LESS, a, b)).isEqualTo(bools(true, false, false, false));
    assertThat(binary(BinaryKind.LESS_OR_EQUAL, a, b)).isEqualTo(bools(true, true, false, true));
    assertThat(binary(BinaryKind.GREATER, b, a)).isEqualTo(bools(true, false, false, false));
    assertThat(binary(BinaryKind.GREATER_OR_EQUAL, b, a)).isEqualTo(bools(true, true, false, true));
    Tensor largest = integers(ElementType.UINT64, -1);
    Tensor one = integers(ElementType.UINT64, 1);
    assertThat(binary(BinaryKind.LESS, largest, one)).isEqualTo(bools(false));
    assertThat(binary(BinaryKind.GREATER_OR_EQUAL, largest, one)).isEqualTo(bools(true));
    Tensor minusOne = integers(ElementType.INT64, -1);
    assertThat(binary(BinaryKind.LESS_OR_EQUAL, minusOne, integers(ElementType.INT64, 1)))
        .isEqualTo(bools(true));
    assertThat(binary(BinaryKind.GREATER, minusOne, minusOne)).isEqualTo(bools(false));
  }

  @Test
  void logic() {
    Tensor a = bools(false, false, true, true);
    Tensor b = bools(false, true, false, true);
    assertThat(binary(BinaryKind.AND, a, b)).isEqualTo(bools(false, false, false, true));
    assertThat(binary(BinaryKind.OR, a, b)).isEqualTo(bools(false, true, true, true));
    assertThat(binary(BinaryKind.XOR, a, b)).isEqualTo(bools(false, true, true, false));
    assertThat(binary(BinaryKind.EQUAL, a, b)).isEqualTo(bools(true, false, false, true));
  }

  @Test
  void operandsAreBroadcastToEachOther() {
    Tensor column = floats(sizes(3, 1), 10, 20, 30);
    Tensor row = floats(1, 2);
    assertThat(binary(BinaryKind.ADD, column, row))
        .isEqualTo(floats(sizes(3, 2), 11, 12, 21, 22, 31, 32));
    Tensor scalar = floats(sizes(), 1);
    assertThat(binary(BinaryKind.SUB, scalar, scalar)).isEqualTo(floats(sizes(), 0));
    assertThat(binary(BinaryKind.ADD, floats(sizes(0, 3)), floats(sizes(2, 1, 1), 1, 2)))
        .isEqualTo(floats(sizes(2, 0, 3)));
    Tensor blocks = Tensors.counting(ElementType.FLOAT32, 2, 1, 2);
    Tensor rows = floats(sizes(1, 2, 1), 0, 10);
    assertThat(binary(BinaryKind.ADD, blocks, rows))
        .isEqualTo(floats(sizes(2, 2, 2), 0, 1, 10, 11, 2, 3, 12, 13));
  }

  @Test
  void sizesThatDoNotBroadcastAreAnError() {
    Tensor two = Tensor.ofFloats(sizes(2), 1, 2);
    Tensor three = Tensor.ofFloats(sizes(3), 1, 2, 3);
    assertThat(failure(v -> new Binary(BinaryKind.ADD, v.get(0), v.get(1)), two, three))
        .hasMessageContaining("ADD: sizes [[2], [3]] do not broadcast to each other");
  }

  @Test
  void selectionKeepsPatterns() {
    Tensor nan = Tensor.ofBits(ElementType.FLOAT32, sizes(1), _ -> 0x7FC0_1234);
    Tensor chosen =
        evaluate(
            v -> new Select(v.get(0), v.get(1), v.get(2)),
            bools(true, false),
            nan,
            floats(sizes(2, 1), 1, 2));
    assertThat(chosen.sizes()).isEqualTo(sizes(2, 2));
    assertThat(chosen.getBits(0)).isEqualTo(0x7FC0_1234);
    assertThat(chosen.getDouble(3)).isEqualTo(2);
  }

  @Test
  void parametricReluScalesWhatIsNegative() {
    Tensor x = floats(sizes(2, 2), -1, 2, -3, Double.NaN);
    assertThat(
            evaluate(v -> new ParametricRelu(v.get(0), v.get(1)), x, floats(sizes(2, 1), 0.5, 2)))
        .isEqualTo(floats(sizes(2, 2), -0.5, 2, -6, Double.NaN));
    assertThat(failure(v -> new ParametricRelu(v.get(0), v.get(1)), floats(1), floats(1, 2)))
        .hasMessageContaining("ParametricRelu: x is float[1], not [2]");
  }
}
