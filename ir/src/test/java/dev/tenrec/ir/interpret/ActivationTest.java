package dev.tenrec.ir.interpret;

import static dev.tenrec.ir.testing.Tensors.assertClose;
import static dev.tenrec.ir.testing.Tensors.sizes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.tenrec.ir.Elementwise.Activation;
import dev.tenrec.ir.Elementwise.ActivationKind;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ActivationTest {
  private static double activation(ActivationKind kind, double alpha, double beta, double x) {
    Tensor operand = Tensors.of(ElementType.FLOAT64, sizes(), x);
    return Evaluation.evaluate(v -> new Activation(kind, v.getFirst(), alpha, beta), operand)
        .getDouble(0);
  }

  /** By hand from the formulas. */
  @ParameterizedTest
  @CsvSource({
    "RELU, 0, 0, -2, 0",
    "RELU, 0, 0, 3, 3",
    "SIGMOID, 0, 0, 0, 0.5",
    "SIGMOID, 0, 0, 2, 0.8807970779778824",
    "SIGMOID, 0, 0, -1000, 0",
    "TANH, 0, 0, 0.5, 0.46211715726000973",
    "LEAKY_RELU, 0.1, 0, -2, -0.2",
    "LEAKY_RELU, 0.1, 0, 2, 2",
    "ELU, 2, 0, -1, -1.2642411176571153",
    "ELU, 2, 0, 1.5, 1.5",
    "SELU, 1.5, 2, -1, -1.8963616764856730",
    "SELU, 1.5, 2, 1, 2",
    "CELU, 2, 0, -2, -1.2642411176571153",
    "CELU, 2, 0, 3, 3",
    "SOFTSIGN, 0, 0, -3, -0.75",
    "SOFTPLUS, 0, 0, 0, 0.6931471805599453",
    "SOFTPLUS, 0, 0, 1000, 1000",
    "SOFTPLUS, 0, 0, -800, 0",
    "CLIP, -1, 6, -3, -1",
    "CLIP, -1, 6, 7, 6",
    "CLIP, -1, 6, 0.5, 0.5",
    "HARD_SIGMOID, 0.2, 0.5, 1, 0.7",
    "HARD_SIGMOID, 0.2, 0.5, -9, 0",
    "MISH, 0, 0, 0, 0",
    "MISH, 0, 0, 1, 0.8650983882673103",
    "MISH, 0, 0, -2, -0.2525014826957088",
    "MISH, 0, 0, 90, 90",
    "HARD_SWISH, 0, 0, 1, 0.6666666666666666",
    "HARD_SWISH, 0, 0, -4, 0",
    "HARD_SWISH, 0, 0, 5, 5",
    "THRESHOLDED_RELU, 1, 0, 1, 0",
    "THRESHOLDED_RELU, 1, 0, 1.5, 1.5",
    "GELU_ERF, 0, 0, 1, 0.8413447460685429",
    "GELU_TANH, 0, 0, 1, 0.8411919906082768",
    "SWISH, 1, 0, 1, 0.7310585786300049",
    "SWISH, 1.702, 0, 1, 0.8457957659328212",
  })
  void formulas(ActivationKind kind, double alpha, double beta, double x, double expected) {
    assertClose(
        Tensors.of(ElementType.FLOAT64, sizes(), activation(kind, alpha, beta, x)),
        Tensors.of(ElementType.FLOAT64, sizes(), expected),
        1e-15,
        1e-14);
  }

  @ParameterizedTest
  @EnumSource(ActivationKind.class)
  void nanStaysNan(ActivationKind kind) {
    double result = activation(kind, 1, 2, Double.NaN);
    assertThat(result)
        .isEqualTo(Double.valueOf(kind == ActivationKind.THRESHOLDED_RELU ? 0 : Double.NaN));
  }

  @Property
  void identitiesHold(@ForAll @DoubleRange(min = -40, max = 40) double x) {
    double sigmoid = activation(ActivationKind.SIGMOID, 0, 0, x);
    assertThat(activation(ActivationKind.SIGMOID, 0, 0, -x)).isCloseTo(1 - sigmoid, offset(1e-15));
    double softplus = activation(ActivationKind.SOFTPLUS, 0, 0, x);
    assertThat(softplus - activation(ActivationKind.SOFTPLUS, 0, 0, -x))
        .isCloseTo(x, offset(1e-12));
    assertThat(activation(ActivationKind.SWISH, 1, 0, x)).isCloseTo(x * sigmoid, offset(1e-12));
    double gelu = activation(ActivationKind.GELU_ERF, 0, 0, x);
    assertThat(gelu - activation(ActivationKind.GELU_ERF, 0, 0, -x)).isCloseTo(x, offset(1e-12));
    assertThat(activation(ActivationKind.GELU_TANH, 0, 0, x)).isCloseTo(gelu, offset(1e-3));
  }

  @Test
  void integersAreClippedWithinTheirType() {
    Tensor x = Tensor.ofLongs(ElementType.UINT64, sizes(3), i -> i - 1);
    Tensor clipped =
        Evaluation.evaluate(v -> new Activation(ActivationKind.CLIP, v.getFirst(), -5, 1e30), x);
    assertThat(clipped).isEqualTo(x);
    Tensor small =
        Evaluation.evaluate(
            v -> new Activation(ActivationKind.CLIP, v.getFirst(), -2, 3),
            Tensor.ofLongs(-9, 1, 9));
    assertThat(small).isEqualTo(Tensor.ofLongs(-2, 1, 3));
    Tensor narrow = Tensor.ofLongs(ElementType.INT8, sizes(2), i -> i == 0 ? -100 : 100);
    assertThat(
            Evaluation.evaluate(
                v ->
                    new Activation(
                        ActivationKind.CLIP, v.getFirst(), Double.NEGATIVE_INFINITY, 1000),
                narrow))
        .isEqualTo(narrow);
    assertThat(
            Evaluation.evaluate(v -> new Activation(ActivationKind.RELU, v.getFirst()), narrow)
                .toLongs())
        .containsExactly(0, 100);
  }
}
