package dev.tenrec.tensorrt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.interpret.Interpreter;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.runtime.Engine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Builds an engine and runs it, where there is a GPU. */
class GpuTest {
  private static final Graph GRAPH =
      GraphParser.parse(
          """
          g (float[N,2,4,4] x, int64[N] i) => (float[N,3,4,4] y, float[N,96] z, int64[N] j) {
            w = Constant<value=float[3,2,1,1] {1, 2, 3, 4, 5, 6}>()
            b = Constant<value=float[3] {-1, 0, 1}>()
            c = Conv(x, w, b)
            y = HardSwish(c)
            s = Constant<value=int64[2] {0, 48}>()
            f = Reshape<copy_zeros=true>(y, s)
            e = Exp(f)
            z = Concat<axis=1>(e, f)
            j = CumulativeSum<axis=0>(i)
          }
          """);

  @BeforeEach
  void requireGpu() {
    assumeTrue(Gpu.canBuild(), "skipped: no GPU with TensorRT");
  }

  @TempDir private Path folder;

  private static Map<String, Tensor> inputs(int batch) {
    return ImmutableMap.of(
        "x", Tensors.random(batch, batch, 2, 4, 4), "i", Tensor.ofLongs(new long[batch]));
  }

  @Test
  void engineComputesWhatTheGraphSays() throws IOException {
    ShapeProfile profile = ShapeProfile.parse(List.of("N=1..2..4"));
    Path file = folder.resolve("engine.plan");
    try (Plan plan = EngineBuilder.build(GRAPH, BuildOptions.of(profile))) {
      plan.write(file);
    }
    try (Engine engine = Engine.load(file, Signature.of(GRAPH))) {
      // Sizes grow and shrink, so that buffers are made anew and used again.
      for (int batch : new int[] {1, 4, 2}) {
        Map<String, Tensor> inputs = inputs(batch);
        Map<String, Tensor> outputs = engine.run(inputs);
        Tensors.assertClose(outputs, Interpreter.of(GRAPH).run(inputs), 1e-4, 1e-3);
        engine.show(inputs, shown -> assertThat(shown).isEqualTo(outputs));
      }
      assertThatThrownBy(() -> engine.run(inputs(5)))
          .isInstanceOf(TenrecException.class)
          .hasMessageContaining("1..4");
      assertThat(engine.run(inputs(1))).hasSize(3);
    }
  }
}
