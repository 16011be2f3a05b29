package dev.tenrec.tensorrt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Indexing.NonMaxSuppression;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.tensorrt.legalize.Legalization;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The selection among an open number of boxes, computed by the layers that it becomes. */
class DecomposeSuppressionTest {
  private static Graph graph(String boxes, int most, boolean centered, boolean bounded) {
    return GraphParser.parse(
        """
        boxes (float[2,BOXES,4] boxes, float[2,3,BOXES] scores) => (int64[?,3] y) {
          most = Constant<value=int64[1] {MOST}>()
          overlap = Constant<value=float[1] {0.3}>()
          least = Constant<value=float[1] {-0.2}>()
          y = NonMaxSuppression<centered=CENTERED>(boxes, scores, most, overlapLEAST)
        }
        """
            .replace("BOXES", boxes)
            .replace("MOST", Integer.toString(most))
            .replace("CENTERED", Boolean.toString(centered))
            .replace("LEAST", bounded ? ", least" : ""));
  }

  private static Tensor halves(Random random, long... sizes) {
    return Tensor.ofDoubles(
        ElementType.FLOAT32, Tensors.sizes(sizes), _ -> random.nextInt(-2, 6) / 2.0);
  }

  @Property(tries = 25)
  void selects(
      @ForAll boolean centered,
      @ForAll boolean bounded,
      @ForAll @IntRange(max = 9) int most,
      @ForAll Random random) {
    LoweringCheck.check(
        graph("N", most, centered, bounded),
        Map.of("boxes", halves(random, 2, 7, 4), "scores", halves(random, 2, 3, 7)));
  }

  @ParameterizedTest
  @CsvSource({"5000, false", "5001, true", "N, true"})
  void leavesWhatTheLayerLooksAt(String boxes, boolean decomposed) {
    boolean selects =
        Legalization.EXACT.run(graph(boxes, 3, false, false)).nodes().stream()
            .anyMatch(node -> node.op() instanceof NonMaxSuppression);
    assertThat(selects).isEqualTo(!decomposed);
  }
}
