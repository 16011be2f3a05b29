package dev.tenrec.ir.text;

import static dev.tenrec.ir.text.OpText.camel;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Attention.CausalMask;
import dev.tenrec.ir.Attention.RotaryEmbedding;
import dev.tenrec.ir.Attention.ScaledDotProduct;
import dev.tenrec.ir.Attention.Scoring;
import dev.tenrec.ir.Contraction.MatMul;
import dev.tenrec.ir.Convolution.Conv;
import dev.tenrec.ir.Convolution.ConvTranspose;
import dev.tenrec.ir.Elementwise.Activation;
import dev.tenrec.ir.Elementwise.ActivationFunction;
import dev.tenrec.ir.Elementwise.ActivationKind;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Elementwise.BitCast;
import dev.tenrec.ir.Elementwise.Cast;
import dev.tenrec.ir.Elementwise.ParametricRelu;
import dev.tenrec.ir.Elementwise.Select;
import dev.tenrec.ir.Elementwise.Unary;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Indexing.Gather;
import dev.tenrec.ir.Indexing.GatherElements;
import dev.tenrec.ir.Indexing.GatherNd;
import dev.tenrec.ir.Indexing.NonMaxSuppression;
import dev.tenrec.ir.Indexing.NonZero;
import dev.tenrec.ir.Indexing.ScatterElements;
import dev.tenrec.ir.Indexing.ScatterKind;
import dev.tenrec.ir.Indexing.ScatterNd;
import dev.tenrec.ir.Normalization.BatchNorm;
import dev.tenrec.ir.Normalization.ChannelNorm;
import dev.tenrec.ir.Normalization.GroupNorm;
import dev.tenrec.ir.Normalization.LayerNorm;
import dev.tenrec.ir.Normalization.RmsNorm;
import dev.tenrec.ir.Normalization.Softmax;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Pooling.Pool;
import dev.tenrec.ir.Pooling.PoolKind;
import dev.tenrec.ir.Quantization.Dequantize;
import dev.tenrec.ir.Quantization.Granularity;
import dev.tenrec.ir.Quantization.Quantize;
import dev.tenrec.ir.Reduction.ArgReduce;
import dev.tenrec.ir.Reduction.CumulativeSum;
import dev.tenrec.ir.Reduction.Reduce;
import dev.tenrec.ir.Reduction.ReduceKind;
import dev.tenrec.ir.Reduction.TopK;
import dev.tenrec.ir.Resampling.Border;
import dev.tenrec.ir.Resampling.Coordinates;
import dev.tenrec.ir.Resampling.GridSample;
import dev.tenrec.ir.Resampling.Interpolation;
import dev.tenrec.ir.Resampling.Resize;
import dev.tenrec.ir.Resampling.ResizeMode;
import dev.tenrec.ir.Resampling.Rounding;
import dev.tenrec.ir.Shuffle.Concat;
import dev.tenrec.ir.Shuffle.Expand;
import dev.tenrec.ir.Shuffle.Pad;
import dev.tenrec.ir.Shuffle.PadMode;
import dev.tenrec.ir.Shuffle.Reshape;
import dev.tenrec.ir.Shuffle.Slice;
import dev.tenrec.ir.Shuffle.Squeeze;
import dev.tenrec.ir.Shuffle.Tile;
import dev.tenrec.ir.Shuffle.Transpose;
import dev.tenrec.ir.Shuffle.Unsqueeze;
import dev.tenrec.ir.Source.Constant;
import dev.tenrec.ir.Source.Range;
import dev.tenrec.ir.Source.ShapeOf;
import dev.tenrec.ir.Source.Sizes;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.Window;
import dev.tenrec.ir.Window.Padding;
import java.util.function.Function;

/** The table from names to operations; the counterpart of {@link OpPrinter}. */
final class OpParser {
  static final double CUBIC_COEFFICIENT = -0.75;

  private static final ImmutableMap<String, Function<OpReader, Op>> TABLE = table();

  private OpParser() {}

  static Op op(OpReader in) {
    Function<OpReader, Op> reader = TABLE.get(in.name());
    if (reader == null) {
      throw in.error("there is no such operation");
    }
    Op op = reader.apply(in);
    in.expectAllRead();
    return op;
  }

  private static ImmutableMap<String, Function<OpReader, Op>> table() {
    ImmutableMap.Builder<String, Function<OpReader, Op>> on = ImmutableMap.builder();
    attention(on);
    elementwise(on);
    contractions(on);
    normalizations(on);
    quantizations(on);
    reductions(on);
    shuffles(on);
    indexing(on);
    sources(on);
    ControlFlowParser.register(on);
    return on.buildOrThrow();
  }

  private static void attention(ImmutableMap.Builder<String, Function<OpReader, Op>> on) {
    on.put(
        "ScaledDotProduct",
        in ->
            new ScaledDotProduct(
                in.operand(),
                in.operand(),
                in.operand(),
                in.optionalOperand(),
                new Scoring(
                    in.number("scale", 1),
                    in.number("soft_cap", 0),
                    in.kind("causal", CausalMask.NONE))));
    on.put(
        "RotaryEmbedding",
        in ->
            new RotaryEmbedding(
                in.operand(), in.operand(), in.operand(), in.flag("interleaved", false)));
  }

  private static void elementwise(ImmutableMap.Builder<String, Function<OpReader, Op>> on) {
    for (UnaryKind kind : UnaryKind.values()) {
      on.put(camel(kind), in -> new Unary(kind, in.operand()));
    }
    for (BinaryKind kind : BinaryKind.values()) {
      on.put(camel(kind), in -> new Binary(kind, in.operand(), in.operand()));
    }
    for (ActivationKind kind : ActivationKind.values()) {
      on.put(
          camel(kind),
          in -> new Activation(kind, in.operand(), in.number("alpha", 0), in.number("beta", 0)));
    }
    on.put("Select", in -> new Select(in.operand(), in.operand(), in.operand()));
    on.put("Cast", in -> new Cast(in.operand(), in.elementType("to")));
    on.put("BitCast", in -> new BitCast(in.operand(), in.elementType("to")));
    on.put("ParametricRelu", in -> new ParametricRelu(in.operand(), in.operand()));
  }

  private static void contractions(ImmutableMap.Builder<String, Function<OpReader, Op>> on) {
    on.put("Conv", OpParser::conv);
    on.put("ConvTranspose", OpParser::convTranspose);
    on.put(
        "Pool",
        in ->
            new Pool(
                in.kind("kind", PoolKind.class),
                in.operand(),
                window(in, in.longs("kernel", ImmutableLongArray.of()))));
    on.put(
        "MatMul",
        in ->
            new MatMul(
                in.operand(),
                in.operand(),
                in.flag("transpose_a", false),
                in.flag("transpose_b", false)));
    on.put("Resize", OpParser::resize);
    on.put(
        "GridSample",
        in ->
            new GridSample(
                in.operand(),
                in.operand(),
                in.kind("interpolation", Interpolation.class),
                in.kind("border", Border.ZEROS),
                in.flag("align_corners", false)));
  }

  private static void normalizations(ImmutableMap.Builder<String, Function<OpReader, Op>> on) {
    on.put(
        "Softmax",
        in -> new Softmax(in.operand(), in.integer("axis"), in.flag("logarithm", false)));
    on.put(
        "LayerNorm",
        in ->
            new LayerNorm(
                in.operand(),
                in.operand(),
                in.optionalOperand(),
                in.integer("axis"),
                in.number("epsilon")));
    on.put(
        "RmsNorm",
        in -> new RmsNorm(in.operand(), in.operand(), in.integer("axis"), in.number("epsilon")));
    on.put(
        "ChannelNorm",
        in -> new ChannelNorm(in.operand(), in.operand(), in.operand(), in.number("epsilon")));
    on.put(
        "GroupNorm",
        in ->
            new GroupNorm(
                in.operand(),
                in.operand(),
                in.operand(),
                in.integer("groups", 0),
                in.number("epsilon")));
    on.put(
        "BatchNorm",
        in ->
            new BatchNorm(
                in.operand(),
                in.operand(),
                in.operand(),
                in.operand(),
                in.operand(),
                in.number("epsilon")));
  }

  private static void quantizations(ImmutableMap.Builder<String, Function<OpReader, Op>> on) {
    on.put(
        "Quantize",
        in -> new Quantize(in.operand(), in.operand(), in.elementType("to"), granularity(in)));
    on.put(
        "Dequantize",
        in -> new Dequantize(in.operand(), in.operand(), in.elementType("to"), granularity(in)));
  }

  private static Granularity granularity(OpReader in) {
    long axis = in.integer("axis", -1);
    long block = in.integer("block", 0);
    if (axis < 0) {
      return new Granularity.PerTensor();
    }
    return block == 0
        ? new Granularity.PerAxis((int) axis)
        : new Granularity.Blocked((int) axis, block);
  }

  private static void reductions(ImmutableMap.Builder<String, Function<OpReader, Op>> on) {
    for (ReduceKind kind : ReduceKind.values()) {
      on.put(
          "Reduce" + camel(kind),
          in -> new Reduce(kind, in.operand(), in.integers("axes"), in.flag("keep_dims", false)));
    }
    on.put("ArgMax", in -> argReduce(true, in));
    on.put("ArgMin", in -> argReduce(false, in));
    on.put(
        "TopK",
        in -> new TopK(in.operand(), in.operand(), in.integer("axis"), in.flag("largest", true)));
    on.put(
        "CumulativeSum",
        in ->
            new CumulativeSum(
                in.operand(),
                in.integer("axis"),
                in.flag("exclusive", false),
                in.flag("reverse", false)));
  }

  private static void shuffles(ImmutableMap.Builder<String, Function<OpReader, Op>> on) {
    on.put("Reshape", in -> new Reshape(in.operand(), in.operand(), in.flag("copy_zeros", false)));
    on.put("Squeeze", in -> new Squeeze(in.operand(), in.integers("axes")));
    on.put("Unsqueeze", in -> new Unsqueeze(in.operand(), in.integers("axes")));
    on.put("Transpose", in -> new Transpose(in.operand(), in.integers("permutation")));
    on.put("Concat", in -> new Concat(in.remainingOperands(), in.integer("axis")));
    on.put("Slice", OpParser::slice);
    on.put(
        "Pad",
        in -> new Pad(in.operand(), in.operand(), in.operand(), in.kind("mode", PadMode.CONSTANT)));
    on.put("Expand", in -> new Expand(in.operand(), in.operand()));
    on.put("Tile", in -> new Tile(in.operand(), in.operand()));
  }

  private static void indexing(ImmutableMap.Builder<String, Function<OpReader, Op>> on) {
    on.put("Gather", in -> new Gather(in.operand(), in.operand(), in.integer("axis")));
    on.put(
        "GatherElements", in -> new GatherElements(in.operand(), in.operand(), in.integer("axis")));
    on.put(
        "GatherNd",
        in -> new GatherNd(in.operand(), in.operand(), (int) in.integer("batch_dims", 0)));
    on.put(
        "ScatterElements",
        in ->
            new ScatterElements(
                in.kind("kind", ScatterKind.REPLACE),
                in.operand(),
                in.operand(),
                in.operand(),
                in.integer("axis")));
    on.put(
        "ScatterNd",
        in ->
            new ScatterNd(
                in.kind("kind", ScatterKind.REPLACE), in.operand(), in.operand(), in.operand()));
    on.put("NonZero", in -> new NonZero(in.operand()));
    on.put(
        "NonMaxSuppression",
        in ->
            new NonMaxSuppression(
                in.operand(),
                in.operand(),
                in.operand(),
                in.operand(),
                in.optionalOperand(),
                in.flag("centered", false)));
  }

  private static void sources(ImmutableMap.Builder<String, Function<OpReader, Op>> on) {
    on.put("Constant", in -> new Constant(in.tensor("value")));
    on.put("Sizes", in -> new Sizes(in.dims("dims"), in.flag("scalar", false)));
    on.put("ShapeOf", in -> new ShapeOf(in.operand()));
    on.put("Range", in -> new Range(in.operand(), in.operand(), in.operand()));
  }

  private static Op conv(OpReader in) {
    Value x = in.operand();
    Value weights = in.operand();
    Window window = window(in, kernelOf(in, weights));
    Conv sums = new Conv(x, weights, in.optionalOperand(), window, in.integer("groups", 1));
    return in.optionalKind("activation", ActivationKind.class)
        .map(kind -> new ActivationFunction(kind, in.number("alpha", 0), in.number("beta", 0)))
        .map(sums::withActivation)
        .orElse(sums);
  }

  private static Op convTranspose(OpReader in) {
    Value x = in.operand();
    Value weights = in.operand();
    Window window = window(in, kernelOf(in, weights));
    ImmutableLongArray outputPadding =
        in.longs("output_padding", Window.of(window.kernel().toArray()).before());
    return new ConvTranspose(
        x, weights, in.optionalOperand(), window, in.integer("groups", 1), outputPadding);
  }

  private static ImmutableLongArray kernelOf(OpReader in, Value weights) {
    if (weights.rank() < 3) {
      throw in.error("the weights %s have no kernel".formatted(weights.type()));
    }
    return ImmutableLongArray.copyOf(
        weights.shape().dims().stream()
            .skip(2)
            .mapToLong(
                dim -> dim.value().orElseThrow(() -> in.error("the kernel's sizes are open"))));
  }

  private static Window window(OpReader in, ImmutableLongArray kernel) {
    Window plain = Window.of(kernel.toArray());
    int rank = kernel.length();
    ImmutableLongArray pads =
        in.longs(
            "pads",
            ImmutableLongArray.builder().addAll(plain.before()).addAll(plain.after()).build());
    if (pads.length() != 2 * rank) {
      throw in.error("pads %s for a kernel %s".formatted(pads, kernel));
    }
    return new Window(
        kernel,
        in.longs("strides", plain.strides()),
        in.longs("dilations", plain.dilations()),
        pads.subArray(0, rank),
        pads.subArray(rank, 2 * rank),
        in.kind("padding", Padding.EXPLICIT));
  }

  private static Op argReduce(boolean largest, OpReader in) {
    return new ArgReduce(
        largest,
        in.operand(),
        in.integer("axis"),
        in.flag("keep_dims", false),
        in.flag("last", false));
  }

  private static Op resize(OpReader in) {
    ResizeMode mode =
        new ResizeMode(
            in.kind("interpolation", Interpolation.class),
            in.kind("coordinates", Coordinates.HALF_PIXEL),
            in.kind("rounding", Rounding.HALF_DOWN),
            in.number("cubic_coefficient", CUBIC_COEFFICIENT),
            in.flag("exclude_outside", false));
    return new Resize(in.operand(), in.operand(), in.numbers("scales"), mode);
  }

  private static Op slice(OpReader in) {
    ImmutableList<Integer> axes = in.integers("axes");
    ImmutableLongArray ones = ImmutableLongArray.copyOf(axes.stream().mapToLong(_ -> 1));
    return new Slice(in.operand(), in.operand(), in.operand(), axes, in.longs("steps", ones));
  }
}
