package dev.tenrec.benchmarks;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Contraction.MatMul;
import dev.tenrec.ir.Elementwise.Activation;
import dev.tenrec.ir.Elementwise.ActivationKind;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Elementwise.Unary;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.GraphBuilder;
import dev.tenrec.ir.Indexing.Gather;
import dev.tenrec.ir.Normalization.Softmax;
import dev.tenrec.ir.Reduction.Reduce;
import dev.tenrec.ir.Reduction.ReduceKind;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.Shuffle.Concat;
import dev.tenrec.ir.Shuffle.Reshape;
import dev.tenrec.ir.Shuffle.Transpose;
import dev.tenrec.ir.Source.Constant;
import dev.tenrec.ir.Source.ShapeOf;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;

/** A deep transformer as exporters write it: shape arithmetic, decomposed norms and activations. */
final class ExportedGraph {
  private static final int WIDTH = 16;
  private final GraphBuilder builder = new GraphBuilder("transformer");

  private ExportedGraph() {}

  /** A graph with at least the given number of nodes. */
  static Graph of(int nodes) {
    ExportedGraph graph = new ExportedGraph();
    Shape shape = Shape.of(Dim.symbol("batch"), Dim.symbol("sequence"), Dim.of(WIDTH));
    Value x = graph.builder.input("x", new TensorType(ElementType.FLOAT32, shape));
    while (graph.builder.nodes().size() < nodes) {
      x = graph.block(x);
    }
    graph.builder.output("y", x);
    return graph.builder.build();
  }

  private Value block(Value x) {
    Value normed = rmsNorm(x);
    Value heads = heads(normed);
    Value keys = builder.add(new Transpose(heads, ImmutableList.of(0, 1, 3, 2)));
    Value scores = binary(BinaryKind.MUL, builder.add(new MatMul(heads, keys)), number(0.5));
    Value mixed = builder.add(new MatMul(builder.add(new Softmax(scores, 3, false)), heads));
    Value back = builder.add(new Transpose(mixed, ImmutableList.of(0, 2, 1, 3)));
    Value flat = builder.add(new Reshape(back, builder.add(new ShapeOf(normed)), false));
    Value attended = binary(BinaryKind.ADD, x, builder.add(new MatMul(flat, weights())));
    Value gate = builder.add(new MatMul(rmsNorm(attended), weights()));
    Value sigmoid = builder.add(new Activation(ActivationKind.SIGMOID, gate));
    return binary(BinaryKind.ADD, attended, binary(BinaryKind.MUL, gate, sigmoid));
  }

  private Value rmsNorm(Value x) {
    Value squared = binary(BinaryKind.POW, x, number(2));
    Value mean = builder.add(new Reduce(ReduceKind.MEAN, squared, ImmutableList.of(2), true));
    Value root = builder.add(new Unary(UnaryKind.SQRT, binary(BinaryKind.ADD, mean, number(1e-6))));
    Value inverse = builder.add(new Unary(UnaryKind.RECIPROCAL, root));
    return binary(BinaryKind.MUL, vector(), binary(BinaryKind.MUL, x, inverse));
  }

  private Value heads(Value x) {
    Value shape = builder.add(new ShapeOf(x));
    Value batch = builder.add(new Gather(shape, longs(0), 0));
    Value sequence = builder.add(new Gather(shape, longs(1), 0));
    ImmutableList<Value> parts = ImmutableList.of(batch, sequence, longs(4, WIDTH / 4));
    Value split = builder.add(new Reshape(x, builder.add(new Concat(parts, 0)), false));
    return builder.add(new Transpose(split, ImmutableList.of(0, 2, 1, 3)));
  }

  private Value binary(BinaryKind kind, Value a, Value b) {
    return builder.add(new Binary(kind, a, b));
  }

  private Value number(double number) {
    return builder.add(new Constant(Tensor.scalar(ElementType.FLOAT32, number)));
  }

  private Value longs(long... numbers) {
    return builder.add(new Constant(Tensor.ofLongs(numbers)));
  }

  private Value vector() {
    ImmutableLongArray sizes = ImmutableLongArray.of(WIDTH);
    return builder.add(
        new Constant(Tensor.ofDoubles(ElementType.FLOAT32, sizes, i -> 1 + i / 16.0)));
  }

  /** Different in each place, as in a trained model. */
  private Value weights() {
    ImmutableLongArray sizes = ImmutableLongArray.of(WIDTH, WIDTH);
    int place = builder.nodes().size();
    return builder.add(
        new Constant(
            Tensor.ofDoubles(ElementType.FLOAT32, sizes, i -> Math.sin(place + i) / WIDTH)));
  }
}
