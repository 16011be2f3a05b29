package dev.tenrec.passes.precision;

import dev.tenrec.ir.Attention;
import dev.tenrec.ir.Contraction;
import dev.tenrec.ir.ControlFlow;
import dev.tenrec.ir.Convolution;
import dev.tenrec.ir.CustomOp;
import dev.tenrec.ir.Elementwise;
import dev.tenrec.ir.Elementwise.ActivationFunction;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Indexing;
import dev.tenrec.ir.Normalization;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Pooling;
import dev.tenrec.ir.Quantization;
import dev.tenrec.ir.Reduction;
import dev.tenrec.ir.Resampling;
import dev.tenrec.ir.Shuffle;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;

/** What the first result of an operation lies in, given what its operands lie in. */
record IntervalRules(Function<Value, Interval> intervals) {
  /** How far the elements of a normalized tensor are from their mean, in standard deviations. */
  private static final double DEVIATIONS = 8;

  /** Sums that come out smaller are taken as of the usual size. */
  private static final double LARGE = 1024;

  private static final double FLOAT8_MAX = 448;

  private Interval of(Value value) {
    return intervals.apply(value);
  }

  Interval of(Op op) {
    return switch (op) {
      case Attention attention -> of(attention);
      case Contraction.MatMul(Value a, Value b, _, boolean transposed) ->
          sums(a, b, b.rank() - (transposed ? 2 : 1));
      case Convolution.Conv conv -> {
        Interval sums = sums(conv.x(), conv.weights(), 0);
        yield conv.activation().map(function -> activated(sums, function)).orElse(sums);
      }
      case Convolution.ConvTranspose conv -> sums(conv.x(), conv.weights(), 1);
      case Elementwise elementwise -> of(elementwise);
      case Indexing indexing -> of(indexing);
      case Normalization normalization -> of(normalization);
      case Pooling.Pool pool -> of(pool.x()).or(Interval.proven(0, 0));
      case Quantization quantization -> of(quantization);
      case Reduction reduction -> of(reduction);
      // Cubic interpolation overshoots.
      case Resampling.Resize resize -> of(resize.x()).or(Interval.proven(0, 0)).times(2);
      case Resampling.GridSample sample -> of(sample.x()).or(Interval.proven(0, 0)).times(2);
      case Shuffle shuffle -> of(shuffle);
      case Source.Constant(Tensor tensor) -> LowConstants.interval(tensor);
      case Source _, ControlFlow _, CustomOp _ -> Interval.UNKNOWN;
    };
  }

  private Interval of(Attention op) {
    return switch (op) {
      case Attention.ScaledDotProduct attention -> of(attention.values());
      case Attention.RotaryEmbedding rotary -> {
        Interval x = of(rotary.x());
        yield x.symmetric(2 * x.magnitude() * Math.max(1, of(rotary.cos()).magnitude()));
      }
    };
  }

  private Interval of(Elementwise op) {
    return switch (op) {
      case Elementwise.Unary(UnaryKind kind, Value x) -> unary(kind, of(x));
      case Binary binary -> binary(binary);
      case Elementwise.Select(_, Value a, Value b) -> of(a).or(of(b));
      case Elementwise.Activation(var kind, Value x, double alpha, double beta) ->
          activated(of(x), new ActivationFunction(kind, alpha, beta));
      case Elementwise.ParametricRelu(Value x, Value slope) -> of(x).or(of(x).times(of(slope)));
      case Elementwise.Cast(Value x, _) ->
          x.elementType() == ElementType.BOOL
              ? Interval.UNIT
              : x.elementType().isFloating() ? of(x) : of(x).steep();
      case Elementwise.BitCast _ -> Interval.UNKNOWN;
    };
  }

  private static Interval unary(UnaryKind kind, Interval x) {
    return switch (kind) {
      case ABS -> x.masked() ? Interval.UNKNOWN : new Interval(0, x.magnitude(), x.basis(), false);
      case NEG -> x.masked() ? Interval.UNKNOWN : x.times(-1);
      case SQRT -> new Interval(0, Math.sqrt(Math.max(0, x.max())), x.basis(), false);
      case EXP -> new Interval(0, Math.exp(x.max()), x.basis(), false).steep();
      case CEIL, FLOOR, ROUND -> x.plus(Interval.proven(-1, 1));
      case COS, ERF, SIGN, SIN -> Interval.proven(-1, 1);
      case ACOS, ASIN, ATAN -> Interval.proven(-Math.PI, Math.PI);
      case IS_INF, IS_NAN, NOT -> Interval.UNIT;
      case ACOSH, ASINH, ATANH, BIT_NOT, LOG -> Interval.UNKNOWN;
      case COSH, RECIPROCAL, SINH, TAN -> Interval.DOUBTFUL;
    };
  }

  private Interval binary(Binary op) {
    Interval a = of(op.a());
    Interval b = of(op.b());
    return switch (op.kind()) {
      case ADD -> a.plus(b);
      case SUB -> a.minus(b);
      case MUL -> a.times(b);
      case DIV -> Shares.bound(op, a).orElseGet(() -> a.dividedBy(b));
      case MIN -> a.lower(b);
      case MAX -> a.higher(b);
      case AND, OR, XOR, EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> Interval.UNIT;
      case FLOOR_DIV, MOD, FMOD -> Interval.UNKNOWN;
      case POW -> Interval.DOUBTFUL;
      case BIT_AND, BIT_OR, BIT_XOR, SHIFT_LEFT, SHIFT_RIGHT -> Interval.UNKNOWN;
    };
  }

  private static Interval activated(Interval x, ActivationFunction function) {
    double alpha = function.alpha();
    double beta = function.beta();
    return switch (function.kind()) {
      case RELU -> x.clamp(0, Double.POSITIVE_INFINITY);
      case SIGMOID, HARD_SIGMOID -> Interval.UNIT;
      case TANH, SOFTSIGN -> Interval.proven(-1, 1);
      case CLIP -> x.clamp(alpha, beta);
      case SOFTPLUS -> x.clamp(0, Double.POSITIVE_INFINITY).plus(Interval.UNIT);
      case THRESHOLDED_RELU -> x.or(Interval.proven(0, 0));
      case LEAKY_RELU -> x.or(x.times(alpha));
      case ELU, CELU ->
          x.clamp(-Math.abs(alpha), Double.POSITIVE_INFINITY).or(Interval.proven(0, 0));
      case SELU -> x.clamp(-Math.abs(alpha), Double.POSITIVE_INFINITY).times(beta);
      case GELU_ERF, GELU_TANH, MISH, SWISH, HARD_SWISH -> x.or(Interval.proven(-1, 0));
    };
  }

  private Interval of(Indexing op) {
    return switch (op) {
      case Indexing.Gather gather -> of(gather.x());
      case Indexing.GatherElements gather -> of(gather.x());
      case Indexing.GatherNd gather -> of(gather.x());
      case Indexing.ScatterElements scatter ->
          scattered(scatter.kind(), of(scatter.x()), of(scatter.updates()));
      case Indexing.ScatterNd scatter ->
          scattered(scatter.kind(), of(scatter.x()), of(scatter.updates()));
      case Indexing.NonZero _, Indexing.NonMaxSuppression _ -> Interval.UNKNOWN;
    };
  }

  private static Interval scattered(Indexing.ScatterKind kind, Interval x, Interval updates) {
    return switch (kind) {
      case REPLACE, MIN, MAX -> x.or(updates);
      case ADD, MUL -> Interval.UNKNOWN;
    };
  }

  private Interval of(Normalization op) {
    return switch (op) {
      case Normalization.Softmax softmax -> softmax.logarithm() ? Interval.UNKNOWN : Interval.UNIT;
      case Normalization.LayerNorm norm ->
          norm.bias().map(bias -> normalized(norm.scale(), bias)).orElse(scaled(norm.scale()));
      case Normalization.RmsNorm norm -> scaled(norm.scale());
      case Normalization.GroupNorm norm -> normalized(norm.scale(), norm.bias());
      case Normalization.ChannelNorm norm -> normalized(norm.scale(), norm.bias());
      case Normalization.BatchNorm norm -> normalized(norm.scale(), norm.bias());
    };
  }

  private Interval normalized(Value scale, Value bias) {
    return scaled(scale).plus(of(bias));
  }

  private Interval scaled(Value scale) {
    return Interval.UNKNOWN.symmetric(DEVIATIONS * of(scale).magnitude());
  }

  private Interval of(Quantization op) {
    return switch (op) {
      case Quantization.Quantize _ -> Interval.UNKNOWN;
      case Quantization.Dequantize dequantize -> {
        ElementType type = dequantize.x().elementType();
        double largest = type == ElementType.FLOAT8E4M3FN ? FLOAT8_MAX : 1L << (type.bits() - 1);
        Interval scale = of(dequantize.scale());
        yield type.isInteger() || type == ElementType.FLOAT8E4M3FN
            ? scale.symmetric(scale.magnitude() * largest)
            : Interval.UNKNOWN;
      }
    };
  }

  private Interval of(Reduction op) {
    return switch (op) {
      case Reduction.Reduce reduce ->
          switch (reduce.kind()) {
            case MAX, MIN, MEAN -> of(reduce.x());
            case SUM -> sum(reduce);
            case L1, L2, SUM_SQUARE -> new Interval(0, 1, Interval.Basis.DOUBTFUL, false);
            case PROD, LOG_SUM, LOG_SUM_EXP -> Interval.DOUBTFUL;
          };
      case Reduction.TopK top -> of(top.x());
      case Reduction.ArgReduce _, Reduction.CumulativeSum _ -> Interval.DOUBTFUL;
    };
  }

  private Interval sum(Reduction.Reduce op) {
    double count = 1;
    for (int axis : op.axes()) {
      OptionalLong size = op.x().dim(axis).value();
      if (size.isEmpty()) {
        return of(op.x()).steep();
      }
      count *= size.getAsLong();
    }
    return of(op.x()).times(count).steep();
  }

  private Interval of(Shuffle op) {
    return switch (op) {
      case Shuffle.Concat concat ->
          concat.inputs().stream().map(this::of).reduce(Interval::or).orElse(Interval.UNKNOWN);
      case Shuffle.Pad pad -> of(pad.x()).or(of(pad.fill()));
      case Shuffle.Reshape _, Shuffle.Squeeze _, Shuffle.Unsqueeze _, Shuffle.Transpose _ ->
          of(op.operands().getFirst());
      case Shuffle.Slice _, Shuffle.Expand _, Shuffle.Tile _ -> of(op.operands().getFirst());
    };
  }

  /** Sums of products with weights, or with other values, of independent signs. */
  private Interval sums(Value x, Value weights, int channelAxis) {
    double size =
        of(x).magnitude()
            * weights
                .constant()
                .map(tensor -> largestNorm(tensor, channelAxis))
                .orElseGet(() -> of(weights).magnitude());
    return size < LARGE ? Interval.UNKNOWN : Interval.UNKNOWN.symmetric(size);
  }

  /** The largest Euclidean norm of the weights of one channel. */
  private static double largestNorm(Tensor weights, int channelAxis) {
    List<Long> sizes = weights.sizes().asList();
    if (sizes.size() <= channelAxis) {
      return LowConstants.interval(weights).magnitude();
    }
    long channels = Math.max(1, sizes.get(channelAxis));
    long inner = sizes.stream().skip(channelAxis + 1L).reduce(1L, (a, b) -> a * b);
    double[] squares = new double[Math.toIntExact(channels)];
    for (long i = 0; i < weights.count(); i++) {
      double number = weights.getDouble(i);
      squares[(int) (i / Math.max(1, inner) % channels)] += number * number;
    }
    double largest = 0;
    for (double square : squares) {
      largest = Double.isFinite(square) ? Math.max(largest, square) : largest;
    }
    return Math.sqrt(largest);
  }
}
