package dev.tenrec.ir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.text.GraphParser;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What inference refuses and what it tells of open sizes. That it is right where sizes are known is
 * checked with every operation that the tests of the interpreter evaluate.
 */
class InferenceTest {
  private static final String OPERANDS =
      """
      g (float s, float[4] f4, float[5] f5, float[1,4,8,8] image, float[2,3,5] rows, float[N,M] open,
         double[4] d4, float[8,4,3,3] kernels, float[4,8,3,3] back, int64 i, int64[2] i2, int64[N] iN,
         int64[2,3,5] i235, bool[4] b4, float[1,2,2,2] grid, int32[4] j4, uint8[4] u4) => () {
        zero = Constant<value=int64 {0}>()
        one = Constant<value=int64 {1}>()
        nine = Constant<value=int64[1] {9}>()
        two = Constant<value=int64[2] {2, 3}>()
        none = Constant<value=int64[0] {}>()
        cut = Constant<value=int64[2] {-3, -3}>()
        negative = Constant<value=int64[4] {0, 0, -9, 0}>()
        minus = Constant<value=int64[2] {-1, -1}>()
        pair = Constant<value=int64[1,1] {1}>()
        fzero = Constant<value=float {0.0}>()
        fone = Constant<value=float {1.0}>()
        fbig = Constant<value=float {1.0e30}>()
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Not(f4) | NOT does not take float[4]",
        "Neg(b4) | NEG does not take bool[4]",
        "IsNan(b4) | IS_NAN does not take bool[4]",
        "Add(f4, d4) | operands float[4] and double[4] have different element types",
        "Add(b4, b4) | ADD does not take bool[4]",
        "And(f4, f4) | AND does not take float[4]",
        "Less(b4, b4) | LESS does not take bool[4]",
        "Mul(f4, f5) | shapes [[4], [5]] do not broadcast to each other",
        "Select(f4, f4, f4) | condition is float[4]",
        "Select(b4, f4, d4) | different element types",
        "Select(b4, f5, f5) | do not broadcast to each other",
        "Sigmoid(j4) | SIGMOID does not take int32[4]",
        "Relu(b4) | RELU does not take bool[4]",
        "ParametricRelu(f4, f5) | float[5] does not broadcast to float[4]",
        "ParametricRelu(s, f4) | float[4] does not broadcast to float",
        "ParametricRelu(f4, d4) | different element types",
        "Conv(image, kernels, f4) | bias is 4, not 8",
        "Conv(image, back) | channels is 4, not 8",
        "Conv<groups=3>(image, kernels) | channels is 4, not 12",
        "Conv<groups=0>(image, kernels) | channels is 4, not 0",
        "Conv<strides=[0,1]>(image, kernels) | must be positive",
        "Conv<strides=[1]>(image, kernels) | does not have one entry per kernel size",
        "Conv<dilations=[5,5]>(image, kernels) | larger than the padded input",
        "Conv(rows, kernels) | operand float[8,4,3,3] does not have rank 3",
        "Conv(i235, i235) | is not floating-point",
        "ConvTranspose(image, kernels) | channels is 4, not 8",
        "ConvTranspose<groups=3>(image, back) | is not divisible into 3 groups",
        "ConvTranspose(image, back, f4) | bias is 4, not 8",
        "ConvTranspose<output_padding=[1]>(image, back) | output padding",
        "ConvTranspose<pads=[9,9,9,9]>(image, back) | the result would be float[1,8,-8,-8]",
        "Pool<kind=max, kernel=[2]>(image) | does not have rank 3",
        "Pool<kind=max, kernel=[9,9]>(image) | larger than the padded input",
        "Pool<kind=average, kernel=[2]>(i235) | AVERAGE does not take int64[2,3,5]",
        "Pool<kind=max, kernel=[2]>(i235) | MAX does not take int64[2,3,5]",
        "MatMul(f4, f4) | has a rank below 2",
        "MatMul(rows, rows) | do not multiply",
        "MatMul<transpose_a=true, transpose_b=true>(rows, rows) | do not multiply",
        "MatMul(rows, i235) | different element types",
        "ReduceSum<axes=[3]>(rows) | axis 3 does not exist in rank 3",
        "ReduceSum<axes=[1,0]>(rows) | are not ascending",
        "ReduceSum<axes=[1,1]>(rows) | are not ascending",
        "ReduceSum<axes=[0]>(b4) | operand bool[4] is not numeric",
        "ArgMax<axis=0>(s) | axis 0 does not exist in rank 0",
        "TopK<axis=0>(f4, nine) | 9 elements of axis 0 of float[4]",
        "TopK<axis=0>(f4, none) | operand int64[0] is not a single element",
        "TopK<axis=0>(f4, s) | neither int32 nor int64",
        "CumulativeSum<axis=0>(b4) | not numeric",
        "CumulativeSum<axis=1>(f4) | axis 1 does not exist",
        "Softmax<axis=-1>(f4) | axis -1 does not exist",
        "Softmax<axis=0>(j4) | not floating-point",
        "LayerNorm<axis=1, epsilon=0.1>(rows, f4) | float[4] does not broadcast to float[2,3,5]",
        "LayerNorm<axis=1, epsilon=0.1>(rows, f5, image) | does not broadcast to",
        "RmsNorm<axis=3, epsilon=0.1>(rows, f5) | axis 3 does not exist",
        "GroupNorm<groups=3, epsilon=0.1>(image, f4, f4) | not divisible into 3 groups",
        "GroupNorm<epsilon=0.1>(image, f4, f5) | has not one element per channel",
        "BatchNorm<epsilon=0.1>(image, f4, f4, f4, s) | does not have rank 1",
        "BatchNorm<epsilon=0.1>(f4, f4, f4, f4, f4) | has a rank below 2",
        "Resize<interpolation=nearest>(rows, two) | 2 sizes for float[2,3,5]",
        "Resize<interpolation=nearest, scales=[1.0]>(open, two) | scales [1.0] for float[N,M]",
        "Resize<interpolation=nearest, scales=[1.0,0.0]>(open, two) | scales [1.0, 0.0]",
        "GridSample<interpolation=linear>(rows, rows) | grid float[2,3,5] does not fit",
        "GridSample<interpolation=linear>(image, rows) | does not have rank 4",
        "GridSample<interpolation=linear>(image, image) | does not fit",
        "Reshape(rows, two) | float[2,3,5] does not reshape to [2,3]",
        "Reshape(rows, minus) | , -1] is not a shape",
        "Reshape(rows, iN) | leaves the rank of the result open",
        "Reshape(rows, f4) | neither int32 nor int64",
        "Squeeze<axes=[0]>(rows) | axis 0 of float[2,3,5] is not 1",
        "Unsqueeze<axes=[0,0]>(rows) | repeat",
        "Unsqueeze<axes=[5]>(rows) | axis 5 does not exist in rank 4",
        "Transpose<permutation=[0,1]>(rows) | is not a permutation",
        "Transpose<permutation=[0,1,1]>(rows) | is not a permutation",
        "Concat<axis=0>(f4, d4) | different element types",
        "Concat<axis=1>(open, image) | does not have rank 2",
        "Concat<axis=2>(rows, i235) | different element types",
        "Concat<axis=1>(f4, f4) | axis 1 does not exist",
        "Slice<axes=[0,0], steps=[1,1]>(rows, two, two) | repeat",
        "Slice<axes=[0], steps=[1]>(rows, two, two) | for axes [0]",
        "Slice<axes=[0], steps=[1]>(rows, i2, i2) | for axes [0]",
        "Slice<axes=[0,1], steps=[1,0]>(rows, two, two) | steps [1, 0]",
        "Slice<axes=[0,3], steps=[1,1]>(rows, two, two) | axis 3 does not exist",
        "Pad(rows, two, s) | pads int64[2] for float[2,3,5]",
        "Pad(f4, cut, s) | the result would be float[-2]",
        "Pad(open, negative, f4) | operand float[4] is not a single element",
        "Pad(open, negative, i) | different element types",
        "Expand(rows, two) | do not broadcast to each other",
        "Expand(s, minus) | the result would be float[-1,-1]",
        "Tile(rows, two) | 2 repeats for float[2,3,5]",
        "Tile(f4, minus) | 2 repeats for float[4]",
        "Gather<axis=3>(rows, i) | axis 3 does not exist",
        "Gather<axis=0>(rows, f4) | neither int32 nor int64",
        "GatherElements<axis=0>(rows, i2) | does not have rank 3",
        "GatherNd(f4, i2) | do not address float[4]",
        "GatherNd(f4, iN) | has tuples of open length",
        "GatherNd(f4, i) | has a rank below 1",
        "GatherNd<batch_dims=1>(f4, i2) | with 1 batch dimensions",
        "ScatterElements<axis=0>(rows, i235, f4) | updates float[4] do not have the shape [2,3,5]",
        "ScatterElements<axis=0>(rows, i235, i235) | different element types",
        "ScatterElements<axis=5>(rows, i235, rows) | axis 5 does not exist",
        "ScatterNd(rows, i2, f4) | updates float[4] do not have the shape [5]",
        "ScatterNd(rows, i2, s) | updates float do not have the shape [5]",
        "ScatterNd(s, i2, s) | does not address float",
        "Range(zero, one, zero) | there is no end",
        "Range(fzero, fone, fzero) | there is no end",
        "Range(fzero, fbig, fone) | there is no end",
        "Range(zero, one, s) | different element types",
        "Range(i2, one, one) | does not have rank 0",
        "Sizes<dims=[N,M], scalar=true>() | 2 elements in a scalar",
        "Cast<to=float17>(f4) | float17",
      })
  void refusesWhatDoesNotFit(String operation, String message) {
    assertThatThrownBy(() -> GraphParser.parse(OPERANDS + "  y = " + operation + " }"))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "float[2] a | float[2] b = a, float[2] c = a | the body takes 1 values, not 2",
        "float[2] a, float[4] b | float[2] c = a, float[2] d = a | the body takes b: float[4], not"
            + " float[3]",
        "double[2] a, float[3] b | double[2] c = a, float[3] d = b | the body takes a:",
        "float[2] a, float[3] b | float[3] c = b, float[3] d = b | becomes float[3]",
        "float[2] a, float b | float[2] c = a, float d = b | the body takes b: float, not float[3]",
      })
  void refusesBodiesThatDoNotFit(String inputs, String outputs, String message) {
    String text =
        """
        g (float[2] s, float[T,3] x) => () {
          y, z = Scan<states=1, sequences=1, body=body (%s) => (%s) {}>(s, x)
        }
        """
            .formatted(inputs, outputs);
    assertThatThrownBy(() -> GraphParser.parse(text))
        .isInstanceOfSatisfying(
            TenrecException.class,
            e -> assertThat(e.code()).isIn(ErrorCode.INVALID_TYPE, ErrorCode.INVALID_MODEL))
        .hasMessageContaining(message);
  }

  /** Types of results where sizes are symbols. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Add(open, row) | float[N,M]",
        "Add(column, row) | float[N,M]",
        "Add(open, f4) | float[N,4]",
        "MatMul<transpose_b=true>(open, open) | float[N,N]",
        "Concat<axis=0>(open, open) | float[2*N,M]",
        "Concat<axis=1>(open, column) | float[N,M + 1]",
        "Reshape(open, flat) | float[M*N]",
        "Reshape<copy_zeros=true>(open, keep) | float[N,M/4,4]",
        "Slice<axes=[0], steps=[-1]>(open, last, start) | float[N,M]",
        "Slice<axes=[0], steps=[1]>(open, first, end) | float[max(0, N - 1),M]",
        "Slice<axes=[0], steps=[2]>(open, zeros, end) | float[(N + 1)/2,M]",
        "Slice<axes=[1], steps=[1]>(open, zeros, lastOnly) | float[N,max(0, M - 1)]",
        "Conv<strides=[2,2], pads=[1,1,1,1]>(pictures, kernels) | float[N,8,(H + 1)/2,(W + 1)/2]",
        "Conv<padding=same_upper, strides=[2,2]>(pictures, kernels) | float[N,8,(H + 1)/2,(W +"
            + " 1)/2]",
        "ConvTranspose<strides=[2,2]>(pictures, back) | float[N,8,2*H + 1,2*W + 1]",
        "Tile(open, twice) | float[2*N,3*M]",
        "ShapeOf(open) | int64[2]",
        "ReduceSum<axes=[0], keep_dims=true>(open) | float[1,M]",
        "ArgMax<axis=1>(open) | int64[N]",
        "Gather<axis=1>(open, iK) | float[N,K]",
      })
  void expressesOpenSizes(String operation, String type) {
    Graph graph =
        GraphParser.parse(
            """
            g (float[N,M] open, float[N,1] column, float[M] row, float[4] f4, int64[K] iK,
               float[N,4,H,W] pictures, float[8,4,3,3] kernels, float[4,8,3,3] back) => (%s y) {
              flat = Constant<value=int64[1] {-1}>()
              keep = Constant<value=int64[3] {0, -1, 4}>()
              zeros = Constant<value=int64[1] {0}>()
              first = Constant<value=int64[1] {1}>()
              last = Constant<value=int64[1] {-1}>()
              lastOnly = Constant<value=int64[1] {-1}>()
              start = Constant<value=int64[1] {-9223372036854775808}>()
              end = Constant<value=int64[1] {9223372036854775807}>()
              twice = Constant<value=int64[2] {2, 3}>()
              y = %s
            }
            """
                .formatted(type, operation));
    assertThat(graph.outputs().getFirst().value().type()).hasToString(type);
  }
}
