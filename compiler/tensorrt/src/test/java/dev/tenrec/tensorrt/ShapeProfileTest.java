package dev.tenrec.tensorrt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import dev.tenrec.tensorrt.ShapeProfile.Range;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShapeProfileTest {
  @Test
  void readsOptions() {
    ShapeProfile profile = ShapeProfile.parse(List.of("batch=1..8..32", "past length=4"));
    assertThat(profile.sizes())
        .containsExactly(
            Map.entry("batch", new Range(1, 8, 32)), Map.entry("past length", new Range(4, 4, 4)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "batch",
        "batch=",
        "=4",
        "batch=1..4",
        "batch=8..4..2",
        "batch=-1",
        "b=1..2..x",
        "batch=1..2..99999999999999999999"
      })
  void refusesOtherOptions(String option) {
    assertThatThrownBy(() -> ShapeProfile.parse(List.of(option)))
        .isInstanceOfSatisfying(
            TenrecException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
  }

  @Test
  void refusesTwoRangesForOneDimension() {
    assertThatThrownBy(() -> ShapeProfile.parse(List.of("n=1", "n=2")))
        .hasMessageContaining("two ranges for 'n'");
  }

  @Test
  void givesSizesOfExpressions() {
    ShapeProfile profile = ShapeProfile.parse(List.of("n=1..4..8", "m=2"));
    Shape shape = Shape.of(Dim.symbol("n"), Dim.of(3), Dim.symbol("n").plus(Dim.symbol("m")));
    assertThat(profile.min(shape)).isEqualTo(ImmutableLongArray.of(1, 3, 3));
    assertThat(profile.opt(shape)).isEqualTo(ImmutableLongArray.of(4, 3, 6));
    assertThat(profile.max(shape)).isEqualTo(ImmutableLongArray.of(8, 3, 10));
    assertThatThrownBy(() -> profile.min(Shape.of(Dim.symbol("other"))))
        .hasMessageContaining("no range is given for the dynamic dimension 'other'")
        .hasMessageContaining("--shape other=MIN..OPT..MAX");
  }

  @Test
  void coversInputs() {
    TensorType type = new TensorType(ElementType.FLOAT32, Shape.of(Dim.symbol("n"), Dim.of(2)));
    Signature signature = new Signature(ImmutableMap.of("x", type), ImmutableMap.of());
    Tensor three = Tensors.random(1, 3, 2);
    Tensor five = Tensors.random(1, 5, 2);
    Tensor two = Tensors.random(1, 2, 2);
    ShapeProfile profile =
        ShapeProfile.covering(
            signature, List.of(Map.of("x", three), Map.of("x", five), Map.of("x", two)));
    assertThat(profile.sizes()).containsExactly(Map.entry("n", new Range(2, 3, 5)));
  }

  @Test
  void knowsWhatIsOneForAllProfiles() {
    ShapeProfile small = ShapeProfile.parse(List.of("batch=1", "length=1..1..8"));
    ShapeProfile large = ShapeProfile.parse(List.of("batch=1..1..4", "length=1..8..8"));
    assertThat(ShapeProfile.ones(List.of(small))).containsExactly("batch", "length");
    assertThat(ShapeProfile.ones(List.of(small, large))).containsExactly("batch");
    assertThat(ShapeProfile.ones(List.of())).isEmpty();
  }
}
