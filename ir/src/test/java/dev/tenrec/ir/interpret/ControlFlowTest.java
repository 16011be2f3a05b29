package dev.tenrec.ir.interpret;

import static dev.tenrec.ir.interpret.Evaluation.run;
import static dev.tenrec.ir.testing.Tensors.counting;
import static dev.tenrec.ir.testing.Tensors.floats;
import static dev.tenrec.ir.testing.Tensors.sizes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenrec.ir.Graph;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.text.GraphParser;
import org.junit.jupiter.api.Test;

class ControlFlowTest {
  private static Graph runningSums(boolean reverse) {
    return GraphParser.parse(
        """
        g (float[2] s, float[T,2] x, float c) => (float[2] last, float[T,2] sums) {
          last, sums = Scan<states=1, sequences=1, reverse=%s,
            body=body (float[2] state, float[2] step, float bias)
                => (float[2] next, float[2] out = scaled) {
              next = Add(state, step)
              scaled = Mul(next, bias)
            }>(s, x, c)
        }
        """
            .formatted(reverse));
  }

  @Test
  void statesRunForwardAndStepsAreCollected() {
    var outputs =
        run(
            runningSums(false),
            floats(100, 0),
            floats(sizes(3, 2), 1, 2, 3, 4, 5, 6),
            floats(sizes(), 10));
    assertThat(outputs)
        .containsEntry("last", floats(109, 12))
        .containsEntry("sums", floats(sizes(3, 2), 1010, 20, 1040, 60, 1090, 120));
  }

  @Test
  void reverseReadsAndCollectsFromTheEnd() {
    var outputs =
        run(
            runningSums(true),
            floats(0, 0),
            floats(sizes(3, 2), 1, 2, 3, 4, 5, 6),
            floats(sizes(), 1));
    assertThat(outputs)
        .containsEntry("last", floats(9, 12))
        .containsEntry("sums", floats(sizes(3, 2), 9, 12, 8, 10, 5, 6));
  }

  @Test
  void noStepsLeaveTheStatesAndCollectNothing() {
    var outputs = run(runningSums(false), floats(7, 8), floats(sizes(0, 2)), floats(sizes(), 1));
    assertThat(outputs)
        .containsEntry("last", floats(7, 8))
        .containsEntry("sums", floats(sizes(0, 2)));
  }

  @Test
  void sizesOfTheBodyFollowItsOperands() {
    Graph graph =
        GraphParser.parse(
            """
            g (int64[N,K] x) => (int64[N,K] y) {
              y = Scan<states=0, sequences=1,
                body=body (int64[C] row) => (int64[C] out) {
                  size = Sizes<dims=[C], scalar=true>()
                  out = Mul(row, size)
                }>(x)
            }
            """);
    assertThat(run(graph, counting(ElementType.INT64, 2, 3)).get("y"))
        .isEqualTo(Tensor.ofLongs(0, 3, 6, 9, 12, 15).withSizes(sizes(2, 3)));
    assertThat(run(graph, counting(ElementType.INT64, 0, 3)))
        .containsEntry("y", counting(ElementType.INT64, 0, 3));
  }

  @Test
  void sequencesMustBeOfEqualLength() {
    Graph graph =
        GraphParser.parse(
            """
            g (float[N] a, float[M] b) => (float[N] y) {
              y = Scan<states=0, sequences=2,
                body=body (float p, float q) => (float r) { r = Add(p, q) }>(a, b)
            }
            """);
    assertThat(run(graph, floats(1, 2), floats(10, 20))).containsEntry("y", floats(11, 22));
    assertThatThrownBy(() -> run(graph, floats(1, 2), floats(1)))
        .hasMessageContaining("Scan: float[1] does not have 2 steps");
  }
}
