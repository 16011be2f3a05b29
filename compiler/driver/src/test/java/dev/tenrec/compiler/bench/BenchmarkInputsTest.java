package dev.tenrec.compiler.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.tensorrt.ShapeProfile;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What engines are timed with. */
class BenchmarkInputsTest {
  private static final Graph LOOKUP =
      GraphParser.parse(
          """
          lookup (int64[batch,length] tokens, float[batch,length] weights) => (float[batch,length] y) {
            table = Constant<value=float[3] {1.0, 2.0, 3.0}>()
            found = Gather<axis=0>(table, tokens)
            y = Mul(found, weights)
          }
          """);

  private static final Signature SIGNATURE = Signature.of(LOOKUP);

  private static Tensor input(ImmutableMap<String, Tensor> inputs, String name) {
    return Objects.requireNonNull(inputs.get(name));
  }

  @Test
  void theBatchIsTheFirstDimension() {
    ShapeProfile profile =
        BenchmarkInputs.sizes(
            SIGNATURE, ShapeProfile.parse(List.of("length=2..5..9")), Optional.of(32L));
    assertThat(profile.sizes())
        .containsEntry("batch", new ShapeProfile.Range(32, 32, 32))
        .containsEntry("length", new ShapeProfile.Range(2, 5, 9));
  }

  @Test
  void inputsHaveTheSizesThatTheEngineIsTunedForAndFitTheModel() {
    ShapeProfile profile = ShapeProfile.parse(List.of("batch=2", "length=2..5..9"));
    ImmutableMap<String, Tensor> inputs = BenchmarkInputs.of(LOOKUP, profile);
    assertThat(input(inputs, "tokens").sizes()).isEqualTo(ImmutableLongArray.of(2, 5));
    assertThat(LongStream.of(input(inputs, "tokens").toLongs()))
        .allMatch(token -> token >= 0 && token < 3);
    assertThat(DoubleStream.of(input(inputs, "weights").toDoubles()))
        .anyMatch(weight -> weight > 0);
  }

  @Test
  void inputsOfAPlanAreNotAllZero() {
    ShapeProfile profile = ShapeProfile.parse(List.of("batch=2", "length=3"));
    ImmutableMap<String, Tensor> inputs = BenchmarkInputs.of(SIGNATURE, profile);
    assertThat(input(inputs, "tokens").toLongs()).containsOnly(1);
    assertThat(DoubleStream.of(input(inputs, "weights").toDoubles()))
        .anyMatch(weight -> weight > 0);
  }

  @Test
  void aFixedFirstDimensionIsNoBatchOfAnotherSize() {
    Signature fixed =
        Signature.of(GraphParser.parse("g (float[4,3] x) => (float[4,3] y) { y = Neg(x) }"));
    assertThat(BenchmarkInputs.sizes(fixed, ShapeProfile.NONE, Optional.of(4L)))
        .isEqualTo(ShapeProfile.NONE);
    assertThatThrownBy(() -> BenchmarkInputs.sizes(fixed, ShapeProfile.NONE, Optional.of(8L)))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("first dimension");
  }
}
