package dev.tenrec.onnx;

import static dev.tenrec.ir.Terms.constant;
import static dev.tenrec.ir.Terms.scalar;
import static dev.tenrec.ir.Terms.vector;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableLongArray;
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
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.GraphBuilder;
import dev.tenrec.ir.Indexing.Gather;
import dev.tenrec.ir.Indexing.GatherElements;
import dev.tenrec.ir.Indexing.GatherNd;
import dev.tenrec.ir.Indexing.NonMaxSuppression;
import dev.tenrec.ir.Indexing.NonZero;
import dev.tenrec.ir.Indexing.ScatterElements;
import dev.tenrec.ir.Indexing.ScatterKind;
import dev.tenrec.ir.Indexing.ScatterNd;
import dev.tenrec.ir.Node;
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
import dev.tenrec.ir.Shape;
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
import dev.tenrec.ir.Source;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.Window;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Small graphs that together have every operation, with most of its kinds. */
final class SampleGraphs {
  private static final Dim N = Dim.symbol("N");
  private static final Dim L = Dim.symbol("L");

  private final List<Sample> samples = new ArrayList<>();

  private SampleGraphs() {}

  record Sample(String name, Graph graph) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Sample> all() {
    SampleGraphs graphs = new SampleGraphs();
    graphs.addElementwise();
    graphs.addActivations();
    graphs.addWindows();
    graphs.addProducts();
    graphs.addNormalizations();
    graphs.addReductions();
    graphs.addShuffles();
    graphs.addIndexing();
    graphs.addSizes();
    graphs.addResampling();
    graphs.samples.addAll(AttentionSamples.all());
    graphs.samples.addAll(ControlFlowSamples.all());
    return graphs.samples;
  }

  /** The type with sizes that fit all samples: N is 2, L is 6. */
  static TensorType withSizes(TensorType type) {
    return type.with(Shape.of(type.shape().evaluate(symbol -> symbol.equals(N) ? 2 : 6)));
  }

  /** x: float[N,4,L]. */
  private void add(String name, Function<Value, Op> op) {
    add(name, new TensorType(ElementType.FLOAT32, Shape.of(N, Dim.of(4), L)), op);
  }

  private void add(String name, TensorType type, Function<Value, Op> op) {
    GraphBuilder builder = new GraphBuilder(name);
    Value x = builder.input("x", type);
    Node node = builder.add(Node.of(op.apply(x)));
    for (int i = 0; i < node.results().size(); i++) {
      builder.output("y" + i, node.results().get(i));
    }
    samples.add(new Sample(name, builder.build()));
  }

  private void addQuantization() {
    TensorType type = TensorType.of(ElementType.FLOAT32, 3, 4);
    Value scales = constant(Tensors.floats(0.5, 0.1, 0.25));
    Value blocks = constant(Tensors.floats(Tensors.sizes(3, 2), 1, 2, 3, 4, 5, 6));
    Granularity all = new Granularity.PerTensor();
    Granularity rows = new Granularity.PerAxis(0);
    Granularity pairs = new Granularity.Blocked(1, 2);
    for (ElementType to : List.of(ElementType.INT8, ElementType.INT4, ElementType.FLOAT8E4M3FN)) {
      add("Quantize to " + to, type, x -> new Quantize(x, number(0.1), to, all));
      add("Dequantize " + to, TensorType.of(to, 3, 4), x -> dequantize(x, scales, rows));
    }
    add("Quantize blocks", type, x -> new Quantize(x, blocks, ElementType.INT8, pairs));
    add(
        "Dequantize blocks",
        TensorType.of(ElementType.INT8, 3, 4),
        x -> dequantize(x, blocks, pairs));
    add(
        "Dequantize to float16",
        TensorType.of(ElementType.INT8, 3, 4),
        x -> new Dequantize(x, number(0.1), ElementType.FLOAT16, all));
  }

  private static Op dequantize(Value x, Value scale, Granularity granularity) {
    return new Dequantize(x, scale, ElementType.FLOAT32, granularity);
  }

  private void addElementwise() {
    for (UnaryKind kind : UnaryKind.values()) {
      ElementType numbers = kind == UnaryKind.BIT_NOT ? ElementType.INT16 : ElementType.FLOAT32;
      ElementType type = kind == UnaryKind.NOT ? ElementType.BOOL : numbers;
      add(kind.toString(), TensorType.of(type, 3, 4), x -> new Unary(kind, x));
    }
    for (BinaryKind kind : BinaryKind.values()) {
      ElementType numbers = kind.isBitwise() ? ElementType.UINT8 : ElementType.FLOAT32;
      ElementType type = kind.isLogical() ? ElementType.BOOL : numbers;
      Tensor other = Tensors.random(TensorType.of(type, 4), 7);
      add(kind.toString(), TensorType.of(type, 3, 4), x -> new Binary(kind, x, constant(other)));
    }
    Value divisors = constant(Tensor.ofLongs(3, -3, 2, -2));
    TensorType integers = TensorType.of(ElementType.INT64, 3, 4);
    for (BinaryKind kind : List.of(BinaryKind.DIV, BinaryKind.FLOOR_DIV, BinaryKind.MOD)) {
      add(kind + " of integers", integers, x -> new Binary(kind, x, divisors));
    }
    for (BinaryKind kind : List.of(BinaryKind.SHIFT_LEFT, BinaryKind.SHIFT_RIGHT)) {
      add(kind + " of signed integers", integers, x -> new Binary(kind, x, divisors));
    }
    add("BitCast", integers, x -> new BitCast(x, ElementType.UINT64));
    addQuantization();
    add("Select", x -> new Select(new Binary(BinaryKind.LESS, x, number(0)).value(), number(1), x));
    add("Cast", x -> new Cast(x, ElementType.BFLOAT16));
    add("PRelu", x -> new ParametricRelu(x, constant(Tensors.random(1, 4, 1))));
  }

  private void addActivations() {
    for (ActivationKind kind : ActivationKind.values()) {
      add(kind.toString(), x -> new Activation(kind, x, 0.5, 0.75));
    }
    double infinity = Double.POSITIVE_INFINITY;
    add("half open CLIP", x -> new Activation(ActivationKind.CLIP, x, -0.5, infinity));
    add("SILU", x -> new Activation(ActivationKind.SWISH, x, 1, 0));
  }

  private void addWindows() {
    Value weights = constant(Tensors.random(1, 6, 2, 3));
    Value bias = constant(Tensors.random(2, 6));
    for (Window.Padding mode : Window.Padding.values()) {
      Window window = new Window(ints(3), ints(2), ints(1), ints(1), ints(0), mode);
      if (mode != Window.Padding.EXPLICIT_ROUND_UP) {
        add("Conv " + mode, x -> new Conv(x, weights, Optional.of(bias), window, 2));
      }
      for (PoolKind kind : PoolKind.values()) {
        add("Pool %s %s".formatted(kind, mode), x -> new Pool(kind, x, window));
      }
    }
    Window window =
        new Window(ints(3), ints(2), ints(1), ints(1), ints(0), Window.Padding.EXPLICIT);
    ActivationFunction swish = new ActivationFunction(ActivationKind.SWISH, 1, 0);
    add(
        "Conv with an activation",
        x -> new Conv(x, weights, Optional.of(bias), window, 2).withActivation(swish));
    Value transposed = constant(Tensors.random(3, 4, 3, 3));
    add(
        "ConvTranspose",
        x -> new ConvTranspose(x, transposed, Optional.empty(), window, 2, ints(1)));
  }

  private void addProducts() {
    Value right = constant(Tensors.random(1, 4, 5));
    Value wide = constant(Tensors.random(1, 2, 4, 5));
    TensorType matrix = TensorType.of(ElementType.FLOAT32, 3, 4);
    add("MatMul", matrix, x -> new MatMul(x, right));
    add("MatMul of transposed", matrix, x -> new MatMul(right, x, true, true));
    add("MatMul of transposed batch", x -> new MatMul(x, wide, true, false));
  }

  private void addNormalizations() {
    Value vector = constant(Tensors.random(4, 4));
    Value positive = constant(Tensors.floats(1, 2, 3, 4));
    add("Softmax", x -> new Softmax(x, 1, false));
    add("LogSoftmax", x -> new Softmax(x, 2, true));
    TensorType rows = new TensorType(ElementType.FLOAT32, Shape.of(N, Dim.of(4)));
    add("LayerNorm", rows, x -> new LayerNorm(x, vector, Optional.of(vector), 1, 1e-5));
    add("RmsNorm", rows, x -> new RmsNorm(x, vector, 1, 1e-5));
    Value halves = constant(Tensors.random(TensorType.of(ElementType.FLOAT16, 4), 4));
    TensorType halfRows = rows.with(ElementType.FLOAT16);
    add("RmsNorm of halves", halfRows, x -> new RmsNorm(x, halves, 1, 1e-5));
    add("InstanceNorm", x -> new GroupNorm(x, vector, vector, 0, 1e-5));
    add("GroupNorm", x -> new GroupNorm(x, vector, vector, 2, 1e-5));
    add("ChannelNorm", x -> new ChannelNorm(x, vector, vector, 1e-5));
    add("BatchNorm", x -> new BatchNorm(x, vector, vector, vector, positive, 1e-5));
  }

  private void addReductions() {
    for (ReduceKind kind : ReduceKind.values()) {
      add("Reduce " + kind, x -> new Reduce(kind, positive(x), ImmutableList.of(0, 2), true));
    }
    add("Reduce nothing", x -> new Reduce(ReduceKind.SUM, x, ImmutableList.of(), false));
    add("ArgMax", x -> new ArgReduce(true, x, 1, true, true));
    add("ArgMin", x -> new ArgReduce(false, x, 2, false, false));
    add("TopK", x -> new TopK(x, constant(Tensor.ofLongs(2)), 1, false));
    Value scalar = scalar(ElementType.INT32, 3);
    add("TopK of int32 scalar", x -> new TopK(x, scalar, 1, true));
    add("CumulativeSum", x -> new CumulativeSum(x, 2, true, true));
  }

  private static Value positive(Value x) {
    return new Unary(UnaryKind.EXP, x).value();
  }

  private void addShuffles() {
    add("Reshape", x -> new Reshape(x, vector(0, 2, -1), true));
    TensorType empty = TensorType.of(ElementType.FLOAT32, 0, 4);
    add("Reshape to nothing", empty, x -> new Reshape(x, vector(4, 0), false));
    Value narrow = constant(Tensor.ofLongs(ElementType.INT32, ints(2), i -> i == 0 ? -1 : 4));
    add("Reshape by int32", x -> new Reshape(x, narrow, true));
    TensorType unit = TensorType.of(ElementType.FLOAT32, 1, 3, 1);
    add("Squeeze", unit, x -> new Squeeze(x, ImmutableList.of(0, 2)));
    add("Unsqueeze", x -> new Unsqueeze(x, ImmutableList.of(0, 4)));
    add("Transpose", x -> new Transpose(x, ImmutableList.of(2, 0, 1)));
    add("Concat", x -> new Concat(ImmutableList.of(x, x), 1));
    add(
        "Slice",
        x -> new Slice(x, vector(-1, 0), vector(0, 100), ImmutableList.of(2, 1), ints(-2, 3)));
    Value pads = vector(0, 1, 2, 0, 0, 1);
    for (PadMode mode : PadMode.values()) {
      add("Pad " + mode, x -> new Pad(x, pads, number(1.5), mode));
    }
    add("Expand", x -> new Expand(x, vector(3, 1, 1, 1)));
    add("Tile", x -> new Tile(x, vector(1, 2, 3)));
  }

  private void addIndexing() {
    Value indices = constant(Tensors.longs(ints(2, 2), 3, 0, -1, 1));
    add("Gather", x -> new Gather(x, indices, 1));
    TensorType square = TensorType.of(ElementType.FLOAT32, 4, 4);
    add("GatherElements", square, x -> new GatherElements(x, indices, 0));
    add("GatherND", square, x -> new GatherNd(x, indices, 0));
    Value narrow = constant(Tensor.ofLongs(ElementType.INT32, ints(2, 1), i -> i));
    add("GatherND by int32", square, x -> new GatherNd(x, narrow, 0));
    Value updates = constant(Tensors.random(1, 2, 2));
    Value points = constant(Tensors.random(1, 2));
    Value distinct = constant(Tensors.longs(ints(2, 2), 0, 1, 2, 3));
    for (ScatterKind kind : ScatterKind.values()) {
      add(
          "ScatterElements " + kind,
          square,
          x -> new ScatterElements(kind, x, distinct, updates, 1));
      add("ScatterND " + kind, square, x -> new ScatterNd(kind, x, distinct, points));
    }
    addSelections();
  }

  private void addSelections() {
    add("NonZero", x -> new NonZero(x));
    add("NonZero of a scalar", TensorType.of(ElementType.FLOAT32), x -> new NonZero(x));
    Value scores = constant(Tensors.random(2, 1, 2, 5));
    Value three = constant(Tensor.ofLongs(ElementType.INT32, ints(1), _ -> 3));
    for (Optional<Value> least : List.of(Optional.<Value>empty(), Optional.of(number(-0.5)))) {
      add(
          "NonMaxSuppression above " + least,
          TensorType.of(ElementType.FLOAT32, 1, 5, 4),
          x -> new NonMaxSuppression(x, scores, three, number(0.2), least, least.isEmpty()));
    }
  }

  private void addSizes() {
    ImmutableList<Dim> dims =
        ImmutableList.of(
            Dim.of(7),
            N,
            L.times(N).times(3),
            L.plus(N).plus(-1),
            L.dividedBy(Dim.of(4)),
            N.minus(L).dividedBy(Dim.of(3)),
            Dim.max(N, L),
            Dim.min(N, L),
            Dim.broadcast(N, L));
    add("Sizes", _ -> new Source.Sizes(dims, false));
    add("scalar Sizes", _ -> new Source.Sizes(ImmutableList.of(L.times(2)), true));
    add("ShapeOf", x -> new Source.ShapeOf(x));
    Value limit = new Source.Sizes(ImmutableList.of(L), true).value();
    Value one = scalar(ElementType.INT64, 1);
    add("Range", _ -> new Source.Range(one, limit, one));
    add("Constant", _ -> new Source.Constant(Tensors.random(1, 2, 2)));
  }

  private void addResampling() {
    ResizeMode nearest =
        new ResizeMode(Interpolation.NEAREST, Coordinates.ASYMMETRIC, Rounding.FLOOR, -0.75, false);
    ResizeMode linear =
        new ResizeMode(
            Interpolation.LINEAR, Coordinates.HALF_PIXEL, Rounding.HALF_DOWN, -0.75, false);
    add("Resize to sizes", x -> new Resize(x, vector(2, 4, 9), Optional.empty(), linear));
    TensorType type = TensorType.of(ElementType.FLOAT32, 1, 4, 6);
    Optional<ImmutableDoubleArray> exact = Optional.of(ImmutableDoubleArray.of(1, 1, 1.5));
    Optional<ImmutableDoubleArray> rounded = Optional.of(ImmutableDoubleArray.of(1, 1, 1.25));
    add("Resize by quotients", type, x -> new Resize(x, vector(1, 4, 9), exact, nearest));
    add("Resize by scales", type, x -> new Resize(x, vector(1, 4, 7), rounded, nearest));
    Value grid = constant(Tensors.random(1, 1, 3, 5, 2));
    TensorType image = TensorType.of(ElementType.FLOAT32, 1, 2, 4, 4);
    for (Border border : Border.values()) {
      add(
          "GridSample " + border,
          image,
          x -> new GridSample(x, grid, Interpolation.LINEAR, border, true));
    }
  }

  private static Value number(double number) {
    return scalar(ElementType.FLOAT32, number);
  }

  private static ImmutableLongArray ints(long... values) {
    return ImmutableLongArray.copyOf(values);
  }
}
