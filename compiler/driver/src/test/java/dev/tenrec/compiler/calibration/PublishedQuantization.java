package dev.tenrec.compiler.calibration;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import dev.tenrec.compiler.calibration.PublishedCalibration.Extent;
import dev.tenrec.ir.Attention;
import dev.tenrec.ir.Contraction;
import dev.tenrec.ir.Convolution;
import dev.tenrec.ir.Elementwise;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Pooling;
import dev.tenrec.ir.Quantization.Dequantize;
import dev.tenrec.ir.Quantization.Granularity.PerTensor;
import dev.tenrec.ir.Quantization.Quantize;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.Location;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.passes.calibration.Observation;
import dev.tenrec.passes.rewrite.GraphRebuilder;
import dev.tenrec.runtime.cpu.OnnxRuntimeModel;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What ONNX Runtime's static quantization makes of a model, with its default settings: what
 * products, sums and pools read and give is rounded to int8 with one scale and one zero point for
 * each tensor; weights likewise with the zero point 0; biases have 32 bits and stay as they are.
 *
 * <p>Source: {@code onnxruntime.quantization.quantize_static}, with format QDQ.
 */
final class PublishedQuantization {
  private static final double LOWEST = -128;
  private static final double LARGEST = 127;

  private final Graph graph;
  private final Map<Value, Extent> extents;
  private final GraphRebuilder builder;

  private PublishedQuantization(Graph graph, Map<Value, Extent> extents) {
    this.graph = graph;
    this.extents = extents;
    this.builder = new GraphRebuilder(graph);
  }

  static Graph of(
      Graph graph,
      PublishedCalibration.Method method,
      Iterable<? extends Map<String, Tensor>> samples) {
    ImmutableMap<Value, PublishedCalibration> observers =
        ImmutableMap.copyOf(Maps.asMap(values(graph), _ -> new PublishedCalibration(method)));
    Observation.observe(graph, observers, samples, OnnxRuntimeModel::of);
    observers.values().forEach(PublishedCalibration::again);
    Observation.observe(graph, observers, samples, OnnxRuntimeModel::of);
    return new PublishedQuantization(
            graph, Maps.transformValues(observers, PublishedCalibration::extent))
        .run();
  }

  private static Set<Value> values(Graph graph) {
    Set<Value> values = new LinkedHashSet<>();
    for (Node node : graph.nodes()) {
      if (isQuantized(node.op())) {
        Stream.concat(data(node.op()), node.results().stream())
            .filter(value -> value.elementType() == ElementType.FLOAT32)
            .filter(value -> value.constant().isEmpty())
            .forEach(values::add);
      }
    }
    return values;
  }

  private static boolean isQuantized(Op op) {
    return op instanceof Convolution
        || op instanceof Contraction.MatMul
        || op instanceof Pooling.Pool
        || op instanceof Attention.ScaledDotProduct
        || (op instanceof Elementwise.Binary binary && binary.kind() == Elementwise.BinaryKind.ADD);
  }

  /** What an operation reads but biases and masks. */
  private static Stream<Value> data(Op op) {
    return op.operands().stream()
        .limit(
            switch (op) {
              case Convolution _ -> 2;
              case Attention.ScaledDotProduct _ -> 3;
              default -> op.operands().size();
            });
  }

  private Graph run() {
    graph.inputs().forEach(this::round);
    for (Node node : graph.nodes()) {
      builder.keep(node);
      node.results().forEach(this::round);
      if (node.results().size() == 1 && isWeights(node.result())) {
        Tensor weights = node.result().constant().orElseThrow();
        double bound = 0;
        for (double weight : weights.toDoubles()) {
          bound = Math.max(bound, Math.abs(weight));
        }
        round(node.result(), (bound > 0 ? bound : 1) / LARGEST, 0);
      }
    }
    return builder.build();
  }

  private boolean isWeights(Value value) {
    return value.constant().isPresent()
        && value.elementType() == ElementType.FLOAT32
        && graph.nodes().stream()
            .anyMatch(node -> isQuantized(node.op()) && data(node.op()).anyMatch(value::equals));
  }

  private void round(Value value) {
    Extent extent = extents.get(value);
    if (extent != null) {
      double scale = (extent.high() - extent.low()) / (LARGEST - LOWEST);
      round(value, scale, Math.rint(extent.low() / scale) - LOWEST);
    }
  }

  /** To multiples of a scale; the 0 of the type stands for the one that is so many from 0. */
  private void round(Value value, double scale, double shift) {
    Value step = Terms.scalar(ElementType.FLOAT32, scale);
    Value offset = Terms.scalar(ElementType.FLOAT32, scale * shift);
    Value moved = added(Terms.sub(builder.get(value), offset));
    Value few = added(new Quantize(moved, step, ElementType.INT8, new PerTensor()).value());
    Value rounded = added(new Dequantize(few, step, ElementType.FLOAT32, new PerTensor()).value());
    builder.replace(value, added(Terms.add(rounded, offset)));
  }

  private Value added(Value value) {
    builder.add(value.producer().orElseThrow(), Location.UNKNOWN);
    return value;
  }
}
