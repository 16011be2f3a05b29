package dev.tenrec.tensorrt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenrec.ir.Graph;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.runtime.bindings.TensorRtVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What some graphs become, layer by layer. */
class ListingTest {
  private static String listing(String text, TensorRtVersion version) {
    Graph graph = GraphParser.parse(text);
    RecordedNetwork network = new RecordedNetwork(version);
    Lowering.lower(graph, network);
    return network.listing();
  }

  private static String listing(String text) {
    return listing(text, TensorRtVersion.NEWEST);
  }

  @Test
  void convolutionOfOneDimension() {
    assertThat(
            listing(
                """
                g (float[N,1,L] x) => (float[N,1,?] y) {
                  w = Constant<value=float[1,1,3] {1, 2, 3}>()
                  b = Constant<value=float[1] {1}>()
                  c = Conv<pads=[1,1]>(x, w, b)
                  y = Relu(c)
                }
                """))
        .isEqualTo(
            """
            %0 = input 'x' : float[N,1,L]
            %1 = Shuffle[x=%0, first=[0, 1, 2], reshape=Optional[[0, 0, 0, 1]], zeroIsPlaceholder=true, second=[0, 1, 3, 2]] : float[N,1,1,L]
            %2 = Convolution[x=%1, kernel=float[1, 1, 1, 3], bias=Optional[float[1]], stride=[1, 1], dilation=[1, 1], padding=Padding[mode=EXPLICIT_ROUND_DOWN, before=[0, 1], after=[0, 1]], groups=1] : float[N,1,1,L]
            %3 = Shuffle[x=%2, first=[0, 1, 3, 2], reshape=Optional[[0, 0, 0]], zeroIsPlaceholder=true, second=[0, 1, 2]] : float[N,1,L]
            %4 = Activation[x=%3, type=RELU, alpha=0.0, beta=0.0] : float[N,1,L]
            output 'y' = %4
            """);
  }

  @Test
  void meanOfAllPixels() {
    assertThat(
            listing(
                """
                g (float16[N,2,7,7] x) => (float16[N,2] y) { y = ReduceMean<axes=[2,3]>(x) }
                """))
        .isEqualTo(
            """
            %0 = input 'x' : float16[N,2,7,7]
            %1 = Pooling[x=%0, type=AVERAGE, window=[7, 7], stride=[1, 1], padding=Padding[mode=EXPLICIT_ROUND_DOWN, before=[0, 0], after=[0, 0]], excludePadding=false] : float16[N,2,1,1]
            %2 = Shuffle[x=%1, first=[0, 1, 2, 3], reshape=Optional[[0, 0]], zeroIsPlaceholder=true, second=[0, 1]] : float16[N,2]
            output 'y' = %2
            """);
  }

  /** Too many or an open number of pixels, other types, and means that keep their axes. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "g (float[N,2,33,7] x) => (float[N,2] y) { y = ReduceMean<axes=[2,3]>(x) }",
        "g (float[N,2,H,7] x) => (float[N,2] y) { y = ReduceMean<axes=[2,3]>(x) }",
        "g (bfloat16[N,2,7,7] x) => (bfloat16[N,2] y) { y = ReduceMean<axes=[2,3]>(x) }",
        "g (float[N,2,7,7] x) => (float[N,7] y) { y = ReduceMean<axes=[1,2]>(x) }",
        "g (float[N,2,7,7] x) => (float[N,2,1,1] y) {"
            + " y = ReduceMean<axes=[2,3], keep_dims=true>(x) }"
      })
  void otherMeansAreReduced(String graph) {
    assertThat(listing(graph)).contains(" = Reduce[").doesNotContain("Pooling[");
  }

  @Test
  void reshapeWithOpenSizesNeedsNoShapeTensor() {
    assertThat(
            listing(
                """
                g (float[N,L,6] x) => (float[N,2,L,3] y) {
                  s = Sizes<dims=[N,L,2,3]>()
                  r = Reshape(x, s)
                  y = Transpose<permutation=[0,2,1,3]>(r)
                }
                """))
        .isEqualTo(
            """
            %0 = input 'x' : float[N,L,6]
            %1 = Shuffle[x=%0, first=[0, 1, 2], reshape=Optional[[0, 0, 2, 3]], zeroIsPlaceholder=true, second=[0, 1, 2, 3]] : float[N,L,2,3]
            %2 = Shuffle[x=%1, first=[0, 2, 1, 3], reshape=Optional.empty, zeroIsPlaceholder=true, second=[0, 1, 2, 3]] : float[N,2,L,3]
            output 'y' = %2
            """);
  }

  @Test
  void sizesAreComputedOnce() {
    assertThat(
            listing(
                """
                g (float[N,L,2] x, float[N,L,2] z) => (float[L,2*N] y, float[L,2*N,1] w) {
                  s = Sizes<dims=[L,2*N]>()
                  y = Reshape(x, s)
                  t = Sizes<dims=[L,2*N,1]>()
                  w = Reshape(z, t)
                }
                """))
        .isEqualTo(
            """
            %0 = input 'x' : float[N,L,2]
            %1 = input 'z' : float[N,L,2]
            %2 = Shape[x=%0] : int64[3]
            %3 = Slice[x=%2, start=[1], size=[1], stride=[1], mode=STRICT_BOUNDS, fill=Optional.empty] : int64[1]
            %4 = Slice[x=%2, start=[0], size=[1], stride=[1], mode=STRICT_BOUNDS, fill=Optional.empty] : int64[1]
            %5 = Constant[tensor=int64[1]] : int64[1]
            %6 = ElementWise[a=%4, b=%5, operation=PROD] : int64[1]
            %7 = Concatenation[inputs=[%3, %6], axis=0] : int64[2]
            %8 = Shuffle[x=%0, first=[0, 1, 2], reshape=Optional[%7], zeroIsPlaceholder=false, second=[0, 1]] : float[L,2*N]
            %9 = Constant[tensor=int64[1]] : int64[1]
            %10 = Concatenation[inputs=[%3, %6, %9], axis=0] : int64[3]
            %11 = Shuffle[x=%1, first=[0, 1, 2], reshape=Optional[%10], zeroIsPlaceholder=false, second=[0, 1, 2]] : float[L,2*N,1]
            output 'y' = %8
            output 'w' = %11
            """);
  }

  @Test
  void runningSumOfAnOldVersion() {
    String text =
        """
        g (int64[2,N] x) => (int64[2,N] y) {
          y = CumulativeSum<axis=1>(x)
        }
        """;
    assertThat(listing(text))
        .isEqualTo(
            """
            %0 = input 'x' : int64[2,N]
            %1 = CumulativeSum[x=%0, axis=1, exclusive=false, reverse=false] : int64[2,N]
            output 'y' = %1
            """);
    assertThat(listing(text, TensorRtVersion.OLDEST))
        .isEqualTo(
            """
            %0 = input 'x' : int64[2,N]
            %1 = Shape[x=%0] : int64[2]
            %2 = Slice[x=%1, start=[1], size=[1], stride=[1], mode=STRICT_BOUNDS, fill=Optional.empty] : int64[1]
            %3 = Constant[tensor=int64[]] : int64
            %4 = Constant[tensor=int64[1]] : int64[1]
            %5 = FillLinspace[dims=%2, start=%3, step=%4, type=INT64] : int64[N]
            %6 = Shuffle[x=%5, first=[0], reshape=Optional[[0, 1]], zeroIsPlaceholder=true, second=[0, 1]] : int64[N,1]
            %7 = Shuffle[x=%5, first=[0], reshape=Optional[[0, 1]], zeroIsPlaceholder=true, second=[1, 0]] : int64[1,N]
            %8 = ElementWise[a=%7, b=%6, operation=LESS] : bool[N,N]
            %9 = ElementWise[a=%7, b=%6, operation=EQUAL] : bool[N,N]
            %10 = ElementWise[a=%8, b=%9, operation=OR] : bool[N,N]
            %11 = Cast[x=%10, to=INT64] : int64[N,N]
            %12 = Shuffle[x=%0, first=[0, 1], reshape=Optional[[0, 0, 1]], zeroIsPlaceholder=true, second=[0, 2, 1]] : int64[2,1,N]
            %13 = Shuffle[x=%11, first=[0, 1], reshape=Optional[[0, 0, 1]], zeroIsPlaceholder=true, second=[2, 0, 1]] : int64[1,N,N]
            %14 = ElementWise[a=%12, b=%13, operation=PROD] : int64[2,N,N]
            %15 = Reduce[x=%14, operation=SUM, axes=[2], keepDims=false] : int64[2,N]
            output 'y' = %15
            """);
  }
}
