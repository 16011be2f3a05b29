package dev.tenrec.tensorrt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Resampling.Border;
import dev.tenrec.ir.Resampling.GridSample;
import dev.tenrec.ir.Resampling.Interpolation;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.tensorrt.legalize.Legalization;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sampling that TensorRT has no layer for, computed by the layers that it becomes. */
class DecomposeGridSampleTest {
  /** Eighths, so that no rounding decides which element is the nearest. */
  private static Tensor grid(Random random, long... sizes) {
    return Tensor.ofDoubles(
        ElementType.FLOAT32, Tensors.sizes(sizes), _ -> random.nextInt(-12, 13) / 8.0 + 0.03);
  }

  @Property(tries = 30)
  void overThreeDimensionsAndOne(
      @ForAll boolean linear,
      @ForAll Border border,
      @ForAll boolean alignCorners,
      @ForAll Random random) {
    Interpolation interpolation = linear ? Interpolation.LINEAR : Interpolation.NEAREST;
    LoweringCheck.check(
        v -> new GridSample(v.get(0), v.get(1), interpolation, border, alignCorners),
        Tensors.random(random.nextLong(), 2, 3, 4, 5, 6),
        grid(random, 2, 7, 2, 5, 3));
    LoweringCheck.check(
        v -> new GridSample(v.get(0), v.get(1), interpolation, border, alignCorners),
        Tensors.random(random.nextLong(), 2, 3, 4),
        grid(random, 2, 7, 1));
  }

  @ParameterizedTest
  @CsvSource({"'2,2', 2, false", "'2,2,2', 3, true", "'2', 1, true"})
  void leavesWhatHasALayer(String sizes, int dimensions, boolean decomposed) {
    Graph graph =
        GraphParser.parse(
            """
            g (float[1,1,%s] x, float[1,%s,%d] grid) => (float[1,1,%s] y) {
              y = GridSample<interpolation=linear>(x, grid)
            }
            """
                .formatted(sizes, sizes, dimensions, sizes));
    boolean samples =
        Legalization.EXACT.run(graph).nodes().stream()
            .anyMatch(node -> node.op() instanceof GridSample);
    assertThat(samples).isEqualTo(!decomposed);
  }
}
