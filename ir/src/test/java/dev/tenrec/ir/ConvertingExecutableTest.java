package dev.tenrec.ir;

import static dev.tenrec.ir.testing.Tensors.sizes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.interpret.Interpreter;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import dev.tenrec.ir.text.GraphParser;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConvertingExecutableTest {
  /** Runs a graph as if it were of other types. */
  private static Tensor run(String inner, String model, Tensor x) {
    Signature signature = Signature.of(GraphParser.parse(model));
    Executable converting =
        new ConvertingExecutable(Interpreter.of(GraphParser.parse(inner)), signature);
    assertThat(converting.signature()).isEqualTo(signature);
    return converting.run(Map.of("x", x)).values().iterator().next();
  }

  private static Tensor doubled(String inner, String model, Tensor x) {
    return run(
        "g (%s[2] x) => (%s[2] y) { y = Add(x, x) }".formatted(inner, inner),
        "g (%s[2] x) => (%s[2] y) { y = Add(x, x) }".formatted(model, model),
        x);
  }

  @Test
  void integersKeepTheirLowBits() {
    Tensor x = Tensors.of(ElementType.UINT8, sizes(2), 100, 200);
    assertThat(doubled("int32", "uint8", x))
        .isEqualTo(Tensors.of(ElementType.UINT8, sizes(2), 200, 144));
    Tensor large = Tensors.of(ElementType.UINT32, sizes(2), 5, 0xFFFFFFFFL);
    assertThat(doubled("int64", "uint32", large))
        .isEqualTo(Tensors.of(ElementType.UINT32, sizes(2), 10, 0xFFFFFFFEL));
  }

  @Test
  void doublesAreRounded() {
    Tensor x = Tensors.of(ElementType.FLOAT64, sizes(2), 0.1, Double.POSITIVE_INFINITY);
    assertThat(doubled("float", "double", x))
        .isEqualTo(
            Tensors.of(ElementType.FLOAT64, sizes(2), 0.1f + 0.1f, Double.POSITIVE_INFINITY));
  }

  @Test
  void whatHasTheTypeAlreadyIsNotCopied() {
    Tensor x = Tensors.of(ElementType.FLOAT32, sizes(2), 1, 2);
    assertThat(Conversion.ofInput("x", x, ElementType.FLOAT32)).isSameAs(x);
  }

  @Test
  void saysWhichElementIsOutOfRange() {
    Tensor x = Tensors.of(ElementType.FLOAT64, sizes(2), 1, -1e300);
    assertThatThrownBy(() -> doubled("float", "double", x))
        .isInstanceOfSatisfying(
            TenrecException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED))
        .hasMessageContaining("element 1 of input 'x' is -1.0E300; it is computed in float");
    Tensor unsigned = Tensor.ofLongs(ElementType.UINT64, sizes(2), i -> i == 0 ? 1 : -1);
    assertThatThrownBy(() -> doubled("int64", "uint64", unsigned))
        .hasMessageContaining("is 18446744073709551615; it is computed in int64");
  }

  @Test
  void checksInputsAgainstTheModel() {
    Tensor x = Tensors.of(ElementType.INT32, sizes(2), 1, 2);
    assertThatThrownBy(() -> doubled("int32", "uint8", x))
        .hasMessageContaining("input 'x' must be uint8[2]");
  }

  @Test
  void knowsWhatStandsForWhat() {
    assertThat(Conversion.exists(ElementType.INT16, ElementType.INT32)).isTrue();
    assertThat(Conversion.exists(ElementType.FLOAT64, ElementType.FLOAT32)).isTrue();
    assertThat(Conversion.exists(ElementType.BOOL, ElementType.INT32)).isFalse();
    assertThat(Conversion.exists(ElementType.UINT8, ElementType.FLOAT32)).isFalse();
  }
}
