package dev.tenrec.tensorrt;

import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import dev.tenrec.ir.text.GraphParser;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be done with tensors of sizes that are known only while the engine runs. */
class DataDependentSizesTest {
  private static final String GRAPH =
      """
      g (float[6,3] x, int64[6] mask) => (TYPE y) {
        found = NonZero(mask)
        at = Squeeze<axes=[0]>(found)
        rows = Gather<axis=0>(x, at)
        sizes = ShapeOf(at)
        zero = Constant<value=int64 {0}>()
        one = Constant<value=int64 {1}>()
        none = Constant<value=int64[1] {0}>()
        single = Constant<value=int64[1] {1}>()
        three = Constant<value=int64[1] {3}>()
        count = Squeeze<axes=[0]>(sizes)
        NODES
      }
      """;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "int64[?]; y = Range(zero, count, one)",
        "int64[1]; y = Mul(sizes, three)",
        "float[?,3]; y = Exp(rows)",
        "float[?,3]; y = Add(rows, rows)",
        "float[3]; y = ReduceSum<axes=[0]>(rows)",
        "float[?,3]; y = CumulativeSum<axis=0>(rows)",
        "float[?,3]; y = Softmax<axis=0>(rows)",
        "float[3,?]; y = Transpose<permutation=[1,0]>(rows)",
        "float[?]; m = Constant<value=int64[1] {-1}>() y = Reshape(rows, m)",
        "float[?,?,3]; s = Concat<axis=0>(single, sizes, three) y = Expand(rows, s)",
        "float[?,3]; y = Concat<axis=0>(rows, x, rows)",
        "float[?,3]; y = Slice<axes=[0]>(x, none, sizes)",
        "float[?,3]; y = Slice<axes=[0]>(rows, none, single)",
        "float[?,6]; r = Concat<axis=0>(sizes, single) y = Tile(x, r)",
        "float[?,?]; t = Transpose<permutation=[1,0]>(rows) y = MatMul(rows, t)",
        "float[?,3]; y, places = TopK<axis=0>(x, sizes)",
        "bool[?,?]; r = Range(zero, count, one) c = Unsqueeze<axes=[1]>(r) y = Equal(r, c)",
        "float[6,3]; c = Unsqueeze<axes=[1]>(at) s = Concat<axis=0>(sizes, three)"
            + " b = Expand(c, s) y = ScatterElements<axis=0>(x, b, rows)",
        "float[?,3]; again = NonZero(rows) s = ShapeOf(again) p = Slice<axes=[0]>(s, single, three)"
            + " n = Slice<axes=[0]>(x, none, p) y = Neg(n)",
        "float[?,3]; p = Concat<axis=0>(sizes, none, none, none) f = Constant<value=float {2.0}>()"
            + " y = Pad(x, p, f)"
      })
  void areSizesLikeOthers(String use) {
    String[] parts = use.split("; ", 2);
    LoweringCheck.check(
        GraphParser.parse(GRAPH.replace("TYPE", parts[0]).replace("NODES", parts[1])),
        Map.of(
            "x",
            Tensors.random(1, 6, 3),
            "mask",
            Tensor.ofLongs(ElementType.INT64, Tensors.sizes(6), i -> i % 3)));
  }
}
