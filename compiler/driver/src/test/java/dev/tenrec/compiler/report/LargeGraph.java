package dev.tenrec.compiler.report;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Contraction.MatMul;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Elementwise.Unary;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.GraphBuilder;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.Shuffle.Transpose;
import dev.tenrec.ir.Source.Constant;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.Location;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.List;

/** A deep network of layers with GELU written out, named and located as an exporter does it. */
final class LargeGraph {
  private static final int WIDTH = 8;
  private final GraphBuilder builder = new GraphBuilder("large");
  private int layer;

  private LargeGraph() {}

  static Graph of(int nodes) {
    LargeGraph graph = new LargeGraph();
    Shape shape = Shape.of(Dim.symbol("batch"), Dim.symbol("sequence"), Dim.of(WIDTH));
    Value x = graph.builder.input("hidden_states", new TensorType(ElementType.FLOAT32, shape));
    while (graph.builder.nodes().size() < nodes) {
      x = graph.layer(x);
      graph.layer++;
    }
    graph.builder.output("logits", x);
    return graph.builder.build();
  }

  private Value layer(Value x) {
    Value turned = add("attention/Transpose", new Transpose(x, ImmutableList.of(0, 2, 1)));
    Value back = add("attention/Transpose_1", new Transpose(turned, ImmutableList.of(0, 2, 1)));
    Value up = add("mlp/up_proj/MatMul", new MatMul(back, weights("up_proj"), false, false));
    Value scaled = binary("mlp/act/Div", BinaryKind.DIV, up, number(1.4142135));
    Value curve = add("mlp/act/Erf", new Unary(UnaryKind.ERF, scaled));
    Value shifted = binary("mlp/act/Add", BinaryKind.ADD, curve, number(1));
    Value product = binary("mlp/act/Mul", BinaryKind.MUL, up, shifted);
    Value gelu = binary("mlp/act/Mul_1", BinaryKind.MUL, product, number(0.5));
    Value down = add("mlp/down_proj/MatMul", new MatMul(gelu, weights("down_proj"), false, false));
    return binary("Add", BinaryKind.ADD, x, down);
  }

  private Value add(String name, Op op) {
    String whole = "/model/layers.%d/%s".formatted(layer, name);
    String operator = name.replaceAll(".*/|_.*", "");
    Location place =
        new Location.OnnxNode(
            "large.onnx", "graph", builder.nodes().size(), whole, operator, "model.py:" + layer);
    return builder.add(Node.of(op, place, List.of(whole + "_output_0"))).result();
  }

  private Value binary(String name, BinaryKind kind, Value a, Value b) {
    return add(name, new Binary(kind, a, b));
  }

  private Value number(double number) {
    return add("Constant", new Constant(Tensor.scalar(ElementType.FLOAT32, number)));
  }

  private Value weights(String name) {
    ImmutableLongArray sizes = ImmutableLongArray.of(WIDTH, WIDTH);
    int place = builder.nodes().size();
    return add(
        name + "/weight",
        new Constant(
            Tensor.ofDoubles(ElementType.FLOAT32, sizes, i -> Math.sin(place + i) / WIDTH)));
  }
}
