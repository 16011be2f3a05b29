package dev.tenrec.onnx;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Optional;

/**
 * How many inputs operators of ONNX have at most, in any opset. Source: the operators' schemas in
 * ONNX's documentation.
 */
final class InputCounts {
  /** After each number, the operators with so many; what is not here takes any number. */
  private static final String SCHEMAS =
      """
      0 Constant RandomNormal RandomUniform SequenceEmpty
      1 Abs Acos Acosh ArgMax ArgMin Asin Asinh Atan Atanh AveragePool Bernoulli BitCast BitwiseNot
      1 BlackmanWindow Cast Ceil Celu ConcatFromSequence ConstantOfShape Cos Cosh DepthToSpace Det
      1 DynamicQuantizeLinear Elu Erf Exp EyeLike Flatten Floor Gelu GlobalAveragePool GlobalLpPool
      1 GlobalMaxPool HammingWindow HannWindow HardSigmoid HardSwish Hardmax Identity If
      1 ImageDecoder IsInf IsNaN LRN LeakyRelu Log LogSoftmax LpNormalization LpPool MaxPool
      1 MeanVarianceNormalization Mish Multinomial Neg NonZero Not Optional OptionalGetElement
      1 OptionalHasElement RandomNormalLike RandomUniformLike Reciprocal RegexFullMatch Relu Round
      1 Selu SequenceLength Shape Shrink Sigmoid Sign Sin Sinh Size Softmax Softplus Softsign
      1 SpaceToDepth Sqrt StringNormalizer StringSplit Swish Tan Tanh TfIdfVectorizer
      1 ThresholdedRelu Transpose Unique
      2 Add AffineGrid And BitShift BitwiseAnd BitwiseOr BitwiseXor CastLike CenterCropPad Compress
      2 CumProd CumSum Div Equal Expand Gather GatherElements GatherND Greater GreaterOrEqual
      2 GridSample Less LessOrEqual MatMul Mod Mul Or PRelu Pow RMSNormalization ReduceL1 ReduceL2
      2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum
      2 ReduceSumSquare Reshape ReverseSequence SequenceAt SequenceErase Split SplitToSequence
      2 Squeeze StringConcat Sub TopK Trilu Unsqueeze Upsample Xor
      3 Clip Col2Im Conv ConvTranspose DFT DequantizeLinear Dropout Gemm GroupNormalization
      3 InstanceNormalization LayerNormalization MaxUnpool NegativeLogLikelihoodLoss OneHot
      3 QuantizeLinear Range RoiAlign Scatter ScatterElements ScatterND SequenceInsert
      3 SoftmaxCrossEntropyLoss TensorScatter Tile Where
      4 ConvInteger MatMulInteger Pad Resize RotaryEmbedding STFT
      5 BatchNormalization DeformConv MelWeightMatrix NonMaxSuppression Slice
      6 GRU RNN
      7 Attention
      8 LSTM QLinearMatMul
      9 QLinearConv
      """;

  private static final ImmutableMap<String, Integer> MOST = read();

  private InputCounts() {}

  private static ImmutableMap<String, Integer> read() {
    ImmutableMap.Builder<String, Integer> most = ImmutableMap.builder();
    for (String line : Splitter.on('\n').omitEmptyStrings().split(SCHEMAS)) {
      List<String> words = Splitter.on(' ').splitToList(line);
      words.stream().skip(1).forEach(name -> most.put(name, Integer.valueOf(words.getFirst())));
    }
    return most.buildOrThrow();
  }

  /** The most inputs that an operator of ONNX itself has, if there is a most. */
  static Optional<Integer> most(String operator) {
    return Optional.ofNullable(MOST.get(operator));
  }
}
