package dev.tenrec.ir;

import static dev.tenrec.ir.testing.Tensors.counting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.dim.Symbol;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.text.GraphParser;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SignatureTest {
  private static final Signature SIGNATURE =
      Signature.of(
          GraphParser.parse(
              "g (float[N,P + 1] mask, int64[N,P] past, bool b) => (float[N,P + 1] y = mask) {}"));

  private static Map<String, Tensor> inputs(long batch, long mask, long past) {
    return Map.of(
        "mask", counting(ElementType.FLOAT32, batch, mask),
        "past", counting(ElementType.INT64, batch, past),
        "b", counting(ElementType.BOOL));
  }

  @Test
  void namesAndTypesComeInOrder() {
    assertThat(SIGNATURE.inputs().keySet()).containsExactly("mask", "past", "b");
    assertThat(SIGNATURE.inputs().get("mask")).hasToString("float[N,P + 1]");
    assertThat(SIGNATURE.outputs()).containsOnlyKeys("y");
  }

  @Test
  void sizesBindSymbols() {
    assertThat(SIGNATURE.bind(inputs(2, 4, 3)))
        .containsOnly(Map.entry(new Symbol("N"), 2L), Map.entry(new Symbol("P"), 3L));
    assertThat(SIGNATURE.bind(inputs(0, 1, 0))).containsEntry(new Symbol("P"), 0L);
  }

  @Test
  void sizesThatAreExpressionsAreChecked() {
    assertThatThrownBy(() -> SIGNATURE.bind(inputs(2, 5, 3)))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("input 'mask' is float[2, 5]: size P + 1 is 4");
  }
}
