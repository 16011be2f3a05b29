package dev.tenrec.tensorrt.legalize;

import static dev.tenrec.passes.testing.RuleTester.rule;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Shuffle.Transpose;
import dev.tenrec.passes.simplify.EliminateDeadCode;
import dev.tenrec.passes.testing.RuleTester;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SequenceFirstTest {
  private static final String CONSTANTS =
      """
      w = Constant<value=float[4,4] {1, 2, 3, 4, -1, 0, 1, 2, 2, 2, -3, 1, 0, 1, 0, -1}>()
      c = Constant<value=float {0.05}>()
      h = Constant<value=int64[4] {0, 0, 2, 2}>()
      m = Constant<value=int64[3] {0, 0, 4}>()
      """;

  private static final String QUANTIZED =
      "i = Quantize<to=int8>(%1$s, c) d = Dequantize<to=float>(i, c) ";

  private static RuleTester sequenceFirst() {
    return rule(new SequenceFirst(ImmutableSet.of())).then(new EliminateDeadCode());
  }

  /** Attention of two heads to x, from products of what the first argument makes of it as d. */
  private static String attention(String data, String behind) {
    return """
    g (float[N,S,4] x) => (float[N,S,4] y) {
      %s%s
      p = MatMul(d, w)
      r = Reshape<copy_zeros=true>(p, h)
      q = Transpose<permutation=[0,2,1,3]>(r)
      k = Transpose<permutation=[0,2,1,3]>(r)
      v = Transpose<permutation=[0,2,1,3]>(r)
      a = ScaledDotProduct<scale=1>(q, k, v)
      t = Transpose<permutation=[0,2,1,3]>(a)
      o = Reshape<copy_zeros=true>(t, m)
      %s
    }
    """
        .formatted(CONSTANTS, data, behind);
  }

  @Test
  void aroundAttention() {
    String graph = attention(QUANTIZED.formatted("x"), "y = Add(o, x)");
    sequenceFirst()
        .given(graph)
        .withSize("S", 3)
        .becomes(
            """
            g (float[N,S,4] x) => (float[N,S,4] y) {
              e = Transpose<permutation=[1,0,2]>(x)
              %s
              i = Quantize<to=int8>(e, c)
              d = Dequantize<to=float>(i, c)
              p = MatMul(d, w)
              r = Reshape<copy_zeros=true>(p, h)
              q = Transpose<permutation=[1,2,0,3]>(r)
              k = Transpose<permutation=[1,2,0,3]>(r)
              v = Transpose<permutation=[1,2,0,3]>(r)
              a = ScaledDotProduct<scale=1>(q, k, v)
              t = Transpose<permutation=[2,0,1,3]>(a)
              o = Reshape<copy_zeros=true>(t, m)
              s = Add(o, e)
              y = Transpose<permutation=[1,0,2]>(s)
            }
            """
                .formatted(CONSTANTS));
  }

  /** What is not quantized behind it stays. */
  @Test
  void embeddingsAndPositionsInFrontOfAttention() {
    sequenceFirst()
        .given(
            """
            g (int64[N,S] x, float[1,S,4] f) => (float[N,4] y) {
              %s
              u = Constant<value=float[3,4] {1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3}>()
              z = Gather<axis=0>(u, x)
              b = Add(z, f)
              i = Quantize<to=int8>(b, c)
              d = Dequantize<to=float>(i, c)
              r = Reshape<copy_zeros=true>(d, h)
              q = Transpose<permutation=[0,2,1,3]>(r)
              k = Transpose<permutation=[0,2,3,1]>(r)
              a = MatMul(q, k)
              t = MatMul(a, q)
              j = Transpose<permutation=[0,2,1,3]>(t)
              o = Reshape<copy_zeros=true>(j, m)
              y = ReduceMean<axes=[1]>(o)
            }
            """
                .formatted(CONSTANTS))
        .withSize("S", 3)
        .withInput("x", 0, 2)
        .becomes(
            """
            g (int64[N,S] x, float[1,S,4] f) => (float[N,4] y) {
              u = Constant<value=float[3,4] {1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3}>()
              e = Transpose<permutation=[1,0]>(x)
              z = Gather<axis=0>(u, e)
              l = Transpose<permutation=[1,0,2]>(f)
              b = Add(z, l)
              c = Constant<value=float {0.05}>()
              i = Quantize<to=int8>(b, c)
              d = Dequantize<to=float>(i, c)
              h = Constant<value=int64[4] {0, 0, 2, 2}>()
              r = Reshape<copy_zeros=true>(d, h)
              q = Transpose<permutation=[1,2,0,3]>(r)
              k = Transpose<permutation=[1,2,3,0]>(r)
              a = MatMul(q, k)
              t = MatMul(a, q)
              j = Transpose<permutation=[0,2,1,3]>(t)
              m = Constant<value=int64[3] {0, 0, 4}>()
              o = Reshape<copy_zeros=true>(j, m)
              y = ReduceMean<axes=[1]>(o)
            }
            """);
  }

  /** Of each graph the test proves that it computes the same, and that most transposes are left. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "y = Tanh(n)",
        "y = LayerNorm<axis=2, epsilon=1e-5>(n, c4, c4)",
        "y = Softmax<axis=2>(n)",
        "y = Softmax<axis=1>(n)",
        "b = Greater(n, c) y = Select(b, n, x)",
        "b = Transpose<permutation=[0,2,1]>(n) e = Exp(b) y = Transpose<permutation=[0,2,1]>(e)",
        "b = Reshape<copy_zeros=true>(n, h) e = Transpose<permutation=[0,1,3,2]>(b)"
            + " y = Reshape<copy_zeros=true>(e, m)",
        "z = Sizes<dims=[N,S,2,2]>() b = Reshape(n, z) e = Exp(b) y = Reshape<copy_zeros=true>(e,"
            + " m)",
        "b = Add(n, c12) y = Tanh(b)",
        "f = Constant<value=int64[1] {0}>() g = Constant<value=int64[1] {1}>()"
            + " b = Slice<axes=[2], steps=[1]>(n, f, g) y = Mul(n, b)",
        "f = Constant<value=int64[1] {0}>() g = Constant<value=int64[1] {1}>()"
            + " b = Slice<axes=[1], steps=[1]>(n, f, g) y = Mul(n, b)",
        "b = ReduceMax<axes=[0,1], keep_dims=true>(n) y = Mul(n, b)",
        "b = Constant<value=float[4] {1, 2, 3, 4}>() e = Quantize<to=int8, axis=2>(n, b)"
            + " y = Dequantize<to=float, axis=2>(e, b)",
      })
  void whatFollows(String behind) {
    String constants =
        """
        c4 = Constant<value=float[4] {1, 2, 3, 4}>()
        c12 = Constant<value=float[1,3,4] {1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3}>()
        """;
    Graph graph =
        sequenceFirst()
            .given(attention(constants + QUANTIZED.formatted("x"), "n = Add(o, x) " + behind))
            .withSize("S", 3)
            .result();
    assertThat(graph.nodes().stream().flatMap(it -> moves(it.op())))
        .contains(ImmutableList.of(1, 2, 0, 3), ImmutableList.of(2, 0, 1, 3))
        .doesNotContain(ImmutableList.of(0, 2, 1, 3));
  }

  private static Stream<ImmutableList<Integer>> moves(Op op) {
    return op instanceof Transpose transpose ? Stream.of(transpose.permutation()) : Stream.empty();
  }

  @Test
  void oneSequenceAloneStays() {
    rule(new SequenceFirst(ImmutableSet.of("N")))
        .given(attention(QUANTIZED.formatted("x"), "y = Add(o, x)"))
        .isUnchanged();
  }

  @Test
  void floatingPointIsLeftToTensorRt() {
    rule(new SequenceFirst(ImmutableSet.of()))
        .given(attention("d = Tanh(x)", "y = Add(o, x)"))
        .isUnchanged();
  }

  /** Four transposes around attention, five of d, p, r, x and the output. */
  @Test
  void notWhereMoreIsMovedAtTheBorders() {
    String read =
        """
        b = Softmax<axis=1>(d)
        e = Softmax<axis=1>(p)
        f = Softmax<axis=1>(r)
        u = Reshape<copy_zeros=true>(f, m)
        g = Add(b, e)
        l = Add(g, u)
        y = Add(l, o)
        """;
    rule(new SequenceFirst(ImmutableSet.of()))
        .given(attention(QUANTIZED.formatted("x"), read))
        .isUnchanged();
  }

  /** Quantized queries are a region of their own, of heads, which is not exchanged. */
  @Test
  void quantizedHeads() {
    Graph graph =
        sequenceFirst()
            .given(
                attention(QUANTIZED.formatted("x"), "y = Add(o, x)")
                    .replace(
                        "a = ScaledDotProduct<scale=1>(q,",
                        "g = Quantize<to=int8>(q, c) l = Dequantize<to=float>(g, c) "
                            + "a = ScaledDotProduct<scale=1>(l,"))
            .withSize("S", 3)
            .result();
    assertThat(graph.nodes().stream().flatMap(it -> moves(it.op())))
        .contains(ImmutableList.of(1, 2, 0, 3));
  }

  /** Operations on values of one shape, whatever is exchanged, each of any values before it. */
  @Property(tries = 200)
  void anyGraph(@ForAll @Size(min = 1, max = 12) List<@IntRange(max = 699) Integer> choices) {
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < choices.size(); i++) {
      String a = "v" + choices.get(i) / 7 % (i + 1);
      String operation =
          switch (choices.get(i) % 7) {
            case 0 -> "v%d = Tanh(%s)";
            case 1 -> "v%d = Add(%s, v" + i + ")";
            case 2 -> "q%1$d = Quantize<to=int8>(%2$s, c) v%1$d = Dequantize<to=float>(q%1$d, c)";
            case 3 -> "v%d = Softmax<axis=1>(%s)";
            case 4 -> "v%d = MatMul(%s, w)";
            default -> "v%d = Transpose<permutation=[1,0,2]>(%s)";
          };
      body.append(operation.formatted(i + 1, a)).append('\n');
    }
    sequenceFirst()
        .given(
            "g (float[3,3,4] v0) => (float[3,3,4] y) { %s %s y = Add(v%d, v%d) }"
                .formatted(CONSTANTS, body, choices.size(), choices.size() - 1))
        .result();
  }
}
