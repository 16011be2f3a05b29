package dev.tenrec.ir.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenrec.ir.Graph;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.Tensor;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GraphTextTest {
  private static final String EVERY_OPERATION =
      """
      all (float[N,4,8,8] x, float[N,5,3] rows, int64[2] index, bool cond) => (float[N,4,8,8] y, float[N,4,8,8] z = x, float[N,K] w = flat) {
        one = Constant<value=float {1.0}>()
        vec = Constant<value=float[4] {1.0, -2.5, NaN, -Infinity}>()
        big = Constant<value=uint64[2] {18446744073709551615, 0}>()
        half = Constant<value=float16[2] {0.5, 65504.0}>()
        weights = Constant<value=float[4,1,1,1] {0.1, 0.2, 0.3, 0.4}>()
        c1 = Conv<strides=[2,2], pads=[0,0,1,1], groups=4>(x, weights, vec)
        ca = Conv<strides=[2,2], pads=[0,0,1,1], groups=4, activation=leaky_relu, alpha=0.1>(x, weights)
        c2 = ConvTranspose<strides=[2,2], groups=4, output_padding=[1,1]>(c1, weights)
        p = Pool<kind=average, strides=[2,2], padding=same_upper, kernel=[3,3]>(x)
        e = Exp(p)
        s = FloorDiv(e, one)
        r = LeakyRelu<alpha=0.01>(s)
        pr = ParametricRelu(r, one)
        sel = Select(cond, pr, r)
        h = Cast<to=float16>(sel)
        sm = Softmax<axis=2, logarithm=true>(rows)
        mm = MatMul<transpose_b=true>(sm, rows)
        ln = LayerNorm<axis=1, epsilon=1.0E-5>(x, one, one)
        rn = RmsNorm<axis=3, epsilon=1.0E-6>(ln, one)
        gn = GroupNorm<groups=2, epsilon=1.0E-5>(rn, vec, vec)
        cn = ChannelNorm<epsilon=1.0E-5>(gn, vec, vec)
        bn = BatchNorm<epsilon=1.0E-5>(cn, vec, vec, vec, vec)
        red = ReduceLogSumExp<axes=[0,2], keep_dims=true>(bn)
        arg = ArgMin<axis=1, last=true>(bn)
        k = Constant<value=int64[1] {2}>()
        top, at = TopK<axis=1, largest=false>(rows, k)
        cum = CumulativeSum<axis=1, reverse=true>(rows)
        four = Constant<value=int64[4] {1, 4, 16, 16}>()
        rs = Resize<scales=[1.0,1.0,2.0,2.0], interpolation=cubic, rounding=floor>(x, four)
        grid = Constant<value=float[1,1,1,2] {0.0, 0.0}>()
        gs = GridSample<interpolation=linear, border=reflection>(x, grid)
        dims = Sizes<dims=[N,8*N + 1,max(N, 3)]>()
        minus = Constant<value=int64[2] {0, -1}>()
        flat = Reshape<copy_zeros=true>(x, minus)
        u = Unsqueeze<axes=[0]>(flat)
        q = Squeeze<axes=[0]>(u)
        t = Transpose<permutation=[1,0]>(q)
        cat = Concat<axis=0>(t, t)
        sl = Slice<axes=[0,1], steps=[1,-1]>(cat, index, minus)
        pads = Constant<value=int64[4] {0, 0, 1, 1}>()
        pad = Pad<mode=edge>(sl, pads, one)
        ex = Expand(one, dims)
        ti = Tile(sl, index)
        g = Gather<axis=0>(rows, index)
        ge = GatherElements<axis=0>(index, index)
        pairs = Constant<value=int64[1,2] {0, 1}>()
        gn2 = GatherNd(rows, pairs)
        se = ScatterElements<kind=add, axis=0>(index, index, index)
        sn = ScatterNd(rows, pairs, gn2)
        nz = NonZero(x)
        bx = Constant<value=float[1,1,4] {0.0, 0.0, 1.0, 1.0}>()
        sc = Constant<value=float[1,1,1] {0.5}>()
        ns = NonMaxSuppression<centered=true>(bx, sc, k, one)
        nt = NonMaxSuppression(bx, sc, k, one, one)
        sh = ShapeOf(x)
        zero = Constant<value=int64 {0}>()
        step = Constant<value=int64 {1}>()
        ra = Range(zero, zero, step)
        last, seq = Scan<states=1, sequences=1, body=body (float[5,3] state, float[5,3] x) => (float[5,3] next, float[5,3] out = next) {
          next = Add(state, x)
        }>(gfirst, rows)
        y = Neg(x)
      }
      """
          .replace("gfirst", "zz")
          .replace("  y = Neg(x)", "  y = Neg(x)")
          .replace(
              "  last, seq",
              "  zi = Constant<value=int64 {0}>()\n  zz = Gather<axis=0>(rows, zi)\n  last, seq");

  @Test
  void everyOperationRoundTrips() {
    Graph graph = GraphParser.parse(EVERY_OPERATION);
    String printed = GraphPrinter.print(graph);
    assertThat(GraphPrinter.print(GraphParser.parse(printed))).isEqualTo(printed);
    assertThat(printed.lines().count()).isEqualTo(EVERY_OPERATION.lines().count());
    assertThat(printed)
        .contains(
            "rs = Resize<scales=[1.0,1.0,2.0,2.0], interpolation=cubic, rounding=floor>(x, four)");
  }

  @Test
  void unusualNamesAreQuoted() {
    Graph graph =
        GraphParser.parse(
            "\"my \\\"graph\\\"\" (float['batch size'] \"in put\") => (float[A] \"/out\") {"
                + " \"/out\" = Neg(\"in put\") }");
    String printed = GraphPrinter.print(graph);
    assertThat(printed).contains("float['batch size'] \"in put\"").contains("\"/out\" = Neg");
    assertThat(GraphPrinter.print(GraphParser.parse(printed))).isEqualTo(printed);
    assertThat(graph.inputs().getFirst().name()).isEqualTo("in put");
  }

  @Property
  void floatsRoundTripExactly(@ForAll int bits) {
    float number = Float.intBitsToFloat(bits);
    Graph graph =
        GraphParser.parse("g () => (float c) { c = Constant<value=float {" + number + "}>() }");
    Tensor back = graph.outputs().getFirst().value().constant().orElseThrow();
    assertThat(Float.floatToIntBits((float) back.getDouble(0)))
        .isEqualTo(Float.floatToIntBits(number));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "g () => (float y) { y = Neg(x) } | line 1, column 31: 'x' is not defined here",
        "g (float x) => (float y) { y = Nix(x) } | Nix: there is no such operation",
        "g (float x) => (float y) { y = Neg<axis=1>(x) } | Neg: there is no attribute 'axis'",
        "g (float x) => (float y) { y = Neg(x, x) } | Neg: takes 1 operands, not 2",
        "g (float x) => (float y) { y = Softmax<axis=7>(x) } | axis 7 does not exist in rank 0",
        "g (float x) => (float y) { y = Softmax<axis=many>(x) } | attribute 'axis' cannot be"
            + " 'many'",
        "g (float x) => (int64 y) { y = Neg(x) } | output y is float, not int64",
        "g (float x, float x) => () { } | two inputs are named 'x'",
        "g (float[N x) => () { } | missing ']'",
        "g () => (float y) { y = Constant<value=float[2] {1.0}>() } | 1 elements for float[2]",
        "g () => (float y) { y = Constant<value=float {1.x}>() } | expected '}'",
      })
  void errorsNamePlaceAndCause(String text, String message) {
    assertThatThrownBy(() -> GraphParser.parse(text))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "g", "g (", "\"", "g () => () {", "g (float[((((", "#"})
  void unfinishedTextIsAnError(String text) {
    assertThatThrownBy(() -> GraphParser.parse(text)).isInstanceOf(TenrecException.class);
  }

  @Property(tries = 2000)
  void damagedTextNeverFailsOtherwise(
      @ForAll @IntRange(max = 4000) int at, @ForAll @IntRange(max = 127) int character) {
    StringBuilder text = new StringBuilder(EVERY_OPERATION);
    text.setCharAt(at % text.length(), (char) character);
    try {
      GraphParser.parse(text.toString());
    } catch (TenrecException e) {
      assertThat(e.problem()).isNotEmpty();
    }
  }

  @Test
  void descriptionCutsConstantsAndShowsTypes() {
    Graph graph =
        GraphParser.parse(
            "g () => (float[20] y) { c = Constant<value=float[20] {"
                + "1.0, ".repeat(19)
                + "1.0}>() y = Neg(c) }");
    assertThat(GraphPrinter.describe(graph)).contains(", ...}").contains("# float[20]");
  }
}
