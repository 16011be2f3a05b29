package dev.tenrec.tensorrt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tenrec.ir.Graph;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.text.GraphParser;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** TensorRT's own judgement, where it is set up; {@link LoweringCheck} asks for it, too. */
class NetworkValidatorTest {
  @BeforeEach
  void requireValidation() {
    assumeTrue(
        NetworkValidator.isAvailable(),
        "skipped: TensorRT's validation without a GPU is not set up");
  }

  @Test
  void oneBuilderServesManyNetworks() {
    Graph graph =
        GraphParser.parse("g (float[N,4] x) => (float[N,4] y) { y = Softmax<axis=1>(x) }");
    for (int i = 1; i <= 30; i++) {
      ShapeProfile profile = ShapeProfile.parse(List.of("N=1..%d..64".formatted(i)));
      assertThat(NetworkValidator.validate(graph, List.of(profile)).accepted()).isTrue();
    }
  }

  @Test
  void inputsThatDecideSizesAreRefused() {
    Graph graph =
        GraphParser.parse("g (float[6] x, int64[2] s) => (float[A,B] y) { y = Reshape(x, s) }");
    assertThatThrownBy(() -> NetworkValidator.validate(graph, List.of(ShapeProfile.NONE)))
        .isInstanceOfSatisfying(
            TenrecException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED))
        .hasMessageContaining("the elements of input 's' decide sizes");
  }
}
