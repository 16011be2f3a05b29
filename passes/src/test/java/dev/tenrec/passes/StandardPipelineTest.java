package dev.tenrec.passes;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.ir.text.GraphPrinter;
import dev.tenrec.passes.check.RandomInputs;
import dev.tenrec.passes.testing.Equivalence;
import dev.tenrec.passes.testing.RandomGraph;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class StandardPipelineTest {
  @Property(tries = 300)
  void keepsTheMeaningOfRandomGraphs(@ForAll long seed) {
    Graph graph = RandomGraph.of(seed, 30);
    Graph after;
    try {
      after = Pipeline.standard().run(graph, new VerifyEach());
    } catch (RuntimeException e) {
      throw new AssertionError("on " + GraphPrinter.print(graph), e);
    }
    for (ImmutableMap<String, Long> sizes : RandomGraph.SIZES) {
      RandomInputs inputs = new RandomInputs(sizes, ImmutableMap.of());
      new Equivalence(1e-4, 1).check(graph, after, inputs);
    }
  }

  @Property(tries = 100)
  void findsNothingMoreToDoInItsOwnResult(@ForAll long seed) {
    Graph once = Pipeline.standard().run(RandomGraph.of(seed, 30));
    PassContext again = PassContext.unlimited();
    Pipeline.standard().run(once, again);
    assertThat(again.applications()).as(() -> GraphPrinter.print(once)).isEmpty();
  }

  @Test
  void turnsAnExportedBlockIntoItsFewOperations() {
    Graph graph =
        GraphParser.parse(
            """
            block (float[N,S,4] x) => (float[N,S,4] y) {
              two = Constant<value=float {2}>()
              epsilon = Constant<value=float {0.001}>()
              scale = Constant<value=float[4] {1, 2, 3, 4}>()
              squared = Pow(x, two)
              mean = ReduceMean<axes=[2], keep_dims=true>(squared)
              shifted = Add(mean, epsilon)
              root = Sqrt(shifted)
              inverse = Reciprocal(root)
              normed = Mul(x, inverse)
              scaled = Mul(scale, normed)
              shape = ShapeOf(scaled)
              at = Constant<value=int64[2] {0, 1}>()
              ns = Gather<axis=0>(shape, at)
              heads = Constant<value=int64[2] {2, 2}>()
              target = Concat<axis=0>(ns, heads)
              split = Reshape(scaled, target)
              turned = Transpose<permutation=[0,2,1,3]>(split)
              key = Transpose<permutation=[0,1,3,2]>(turned)
              scores = MatMul(turned, key)
              probabilities = Softmax<axis=3>(scores)
              mixed = MatMul(probabilities, turned)
              back = Transpose<permutation=[0,2,1,3]>(mixed)
              flat = Reshape(back, shape)
              gate = Sigmoid(flat)
              swish = Mul(flat, gate)
              y = Add(x, swish)
            }
            """);
    String after = GraphPrinter.print(Pipeline.standard().run(graph, new VerifyEach()));
    assertThat(after)
        .isEqualTo(
            """
            block (float[N,S,4] x) => (float[N,S,4] y) {
              scale = Constant<value=float[4] {1.0, 2.0, 3.0, 4.0}>()
              scaled = RmsNorm<axis=2, epsilon=0.0010000000474974513>(x, scale)
              v0 = Constant<value=int64[4] {0, 0, 2, 2}>()
              split = Reshape<copy_zeros=true>(scaled, v0)
              turned = Transpose<permutation=[0,2,1,3]>(split)
              mixed = ScaledDotProduct(turned, turned, turned)
              back = Transpose<permutation=[0,2,1,3]>(mixed)
              v1 = Constant<value=int64[3] {0, 0, 4}>()
              flat = Reshape<copy_zeros=true>(back, v1)
              swish = Swish<alpha=1.0>(flat)
              y = Add(x, swish)
            }
            """);
  }
}
