package dev.tenrec.onnx;

import static dev.tenrec.ir.Terms.add;
import static dev.tenrec.ir.Terms.mul;
import static dev.tenrec.ir.Terms.number;
import static dev.tenrec.ir.Terms.reshape;
import static dev.tenrec.ir.Terms.scalar;
import static dev.tenrec.ir.Terms.shapeOf;
import static dev.tenrec.ir.Terms.unary;
import static dev.tenrec.onnx.OperatorTable.since;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Pooling.Pool;
import dev.tenrec.ir.Pooling.PoolKind;
import dev.tenrec.ir.Reduction.Reduce;
import dev.tenrec.ir.Reduction.ReduceKind;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.Window;
import dev.tenrec.ir.tensor.ElementType;
import java.util.stream.IntStream;

/** Pooling over windows and over everything. */
final class PoolingImport {
  private PoolingImport() {}

  static void register(OperatorTable on) {
    on.results("MaxPool", PoolingIndicesImport::maxPool);
    on.result("MaxUnpool", PoolingIndicesImport::maxUnpool);
    on.op("AveragePool", PoolingImport::averagePool);
    on.op("GlobalAveragePool", n -> global(ReduceKind.MEAN, n.input(0)));
    on.op("GlobalLpPool", PoolingImport::globalLp);
    on.op("GlobalMaxPool", n -> global(ReduceKind.MAX, n.input(0)));
    on.op("LpPool", since(2), PoolingImport::lpPool);
    on.op("LRN", PoolingImport::localResponse);
    on.limit("MaxPool", "for indices, all spatial sizes are fixed");
  }

  private static Op averagePool(NodeContext n) {
    boolean padding = n.flag("count_include_pad", false);
    return pool(padding ? PoolKind.AVERAGE_WITH_PADDING : PoolKind.AVERAGE, n);
  }

  /** The p-norm of each window: from the mean of the powers and the number of elements. */
  private static Op lpPool(NodeContext n) {
    Value x = n.input(0);
    ElementType type = x.elementType();
    Window window = Windows.pooling(n, x.rank() - 2);
    if (window.mode() == Window.Padding.EXPLICIT_ROUND_UP) {
      throw n.unsupported("ceil_mode = 1 is not supported").advise("pad the input instead");
    }
    double p = n.intAttribute("p", 2);
    double elements = window.kernel().stream().reduce(1, (a, b) -> a * b);
    Value powers = power(unary(UnaryKind.ABS, x), p).value();
    Value mean = new Pool(PoolKind.AVERAGE_WITH_PADDING, powers, window).value();
    Value sum = mul(mean, scalar(type, elements));
    return power(sum, 1 / p);
  }

  private static Op power(Value x, double exponent) {
    return new Binary(BinaryKind.POW, x, number(x, exponent));
  }

  /** x / (bias + alpha mean(x^2))^beta, the mean over neighbouring channels. */
  private static Op localResponse(NodeContext n) {
    Value x = n.input(0);
    long size = n.required(n.attributes().integer("size"), "size");
    Size positions =
        Size.product(IntStream.range(2, x.rank()).mapToObj(i -> n.sizeOf(x, i)).toList());
    Value squares = mul(x, x);
    Value image = reshape(squares, n.sizes(n.sizeOf(x, 0), Size.ONE, n.sizeOf(x, 1), positions));
    Window channels =
        new Window(
            ImmutableLongArray.of(size, 1),
            ImmutableLongArray.of(1, 1),
            ImmutableLongArray.of(1, 1),
            ImmutableLongArray.of((size - 1) / 2, 0),
            ImmutableLongArray.of(size - 1 - (size - 1) / 2, 0),
            Window.Padding.EXPLICIT);
    Value means = new Pool(PoolKind.AVERAGE_WITH_PADDING, image, channels).value();
    Value meansOfX = reshape(means, shapeOf(x));
    ElementType type = x.elementType();
    Value alpha = scalar(type, n.floatAttribute("alpha", 1e-4f));
    Value bias = scalar(type, n.floatAttribute("bias", 1));
    Value scaled = mul(meansOfX, alpha);
    Value base = add(scaled, bias);
    return new Binary(BinaryKind.DIV, x, power(base, n.floatAttribute("beta", 0.75)).value());
  }

  private static Op pool(PoolKind kind, NodeContext n) {
    Window window = Windows.pooling(n, n.input(0).rank() - 2);
    return new Pool(kind, n.input(0), window);
  }

  /** The p-norm of everything. */
  private static Op globalLp(NodeContext n) {
    long p = n.intAttribute("p", 2);
    if (p == 1 || p == 2) {
      return global(p == 1 ? ReduceKind.L1 : ReduceKind.L2, n.input(0));
    }
    Value powers = power(unary(UnaryKind.ABS, n.input(0)), (double) p).value();
    return power(global(ReduceKind.SUM, powers).value(), 1.0 / p);
  }

  private static Op global(ReduceKind kind, Value x) {
    ImmutableList<Integer> spatial =
        IntStream.range(2, x.rank()).boxed().collect(ImmutableList.toImmutableList());
    return new Reduce(kind, x, spatial, true);
  }
}
