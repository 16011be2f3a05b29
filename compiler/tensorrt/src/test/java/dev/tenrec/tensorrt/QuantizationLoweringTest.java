package dev.tenrec.tensorrt;

import static dev.tenrec.ir.Terms.constant;
import static dev.tenrec.ir.Terms.scalar;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.Contraction.MatMul;
import dev.tenrec.ir.ConvertingExecutable;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.GraphBuilder;
import dev.tenrec.ir.Quantization.Dequantize;
import dev.tenrec.ir.Quantization.Granularity;
import dev.tenrec.ir.Quantization.Quantize;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.Location;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.interpret.Interpreter;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import dev.tenrec.tensorrt.layer.Layer;
import dev.tenrec.tensorrt.layer.NetworkTensor;
import dev.tenrec.tensorrt.layer.QuantizationLayer;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class QuantizationLoweringTest {
  private static final Granularity ALL = new Granularity.PerTensor();

  private static Value scale(double number) {
    return scalar(ElementType.FLOAT32, number);
  }

  private static Graph graph(TensorType type, UnaryOperator<Value> computation) {
    GraphBuilder builder = new GraphBuilder("quantized");
    Value y = computation.apply(builder.input("x", type));
    builder.add(y.producer().orElseThrow());
    builder.output("y", y);
    return builder.build();
  }

  private static void check(TensorType type, UnaryOperator<Value> computation) {
    LoweringCheck.check(graph(type, computation), ImmutableMap.of("x", Tensors.random(type, 1)));
  }

  private static Value roundTrip(Value x, Value scale, ElementType to, Granularity granularity) {
    Value quantized = new Quantize(x, scale, to, granularity).value();
    return new Dequantize(quantized, scale, x.elementType(), granularity).value();
  }

  @ParameterizedTest
  @EnumSource(names = {"INT8", "FLOAT8E4M3FN"})
  void oneScale(ElementType to) {
    check(TensorType.of(ElementType.FLOAT32, 2, 3, 4), x -> roundTrip(x, scale(0.02), to, ALL));
  }

  @Test
  void scalarsBecomeVectorsOnTheWay() {
    check(
        TensorType.of(ElementType.FLOAT32), x -> roundTrip(x, scale(0.02), ElementType.INT8, ALL));
  }

  @Test
  void oneScaleForEachChannel() {
    Value scales = constant(Tensors.floats(0.01, 0.02, 0.03));
    check(
        TensorType.of(ElementType.FLOAT32, 2, 3, 4),
        x -> roundTrip(x, scales, ElementType.INT8, new Granularity.PerAxis(1)));
  }

  @Test
  void halfPrecision() {
    Value scale = scalar(ElementType.FLOAT16, 0.02);
    check(
        TensorType.of(ElementType.FLOAT16, 2, 8), x -> roundTrip(x, scale, ElementType.INT8, ALL));
  }

  @ParameterizedTest
  @EnumSource(names = {"INT8", "INT4", "FLOAT8E4M3FN"})
  void weightsWithAScaleForEachColumn(ElementType type) {
    Value weights = constant(Tensors.random(TensorType.of(type, 6, 4), 2));
    Value scales = constant(Tensors.floats(0.5, 0.25, 1, 2));
    check(
        TensorType.of(ElementType.FLOAT32, 3, 6),
        x ->
            new MatMul(
                    x,
                    new Dequantize(weights, scales, ElementType.FLOAT32, new Granularity.PerAxis(1))
                        .value(),
                    false,
                    false)
                .value());
  }

  @ParameterizedTest
  @EnumSource(names = {"INT8", "INT4", "FLOAT8E4M3FN"})
  void weightsInBlocks(ElementType type) {
    Value weights = constant(Tensors.random(TensorType.of(type, 8, 4), 2));
    Value scales = constant(Tensors.random(3, 2, 4));
    Granularity blocks = new Granularity.Blocked(0, 4);
    check(
        TensorType.of(ElementType.FLOAT32, 3, 8),
        x ->
            new MatMul(
                    x,
                    new Dequantize(weights, scales, ElementType.FLOAT32, blocks).value(),
                    false,
                    false)
                .value());
  }

  /** Whoever runs the network converts such inputs and outputs. */
  @Test
  void quantizedInputsAndOutputs() {
    TensorType type = TensorType.of(ElementType.INT8, 2, 4);
    Graph graph =
        graph(
            type,
            x -> {
              Value number = new Dequantize(x, scale(0.1), ElementType.FLOAT32, ALL).value();
              return new Quantize(number, scale(0.2), ElementType.INT8, ALL).value();
            });
    RecordedNetwork network = new RecordedNetwork();
    Lowering.lower(graph, network);
    ImmutableMap<String, Tensor> inputs = ImmutableMap.of("x", Tensors.random(type, 1));
    Tensors.assertClose(
        new ConvertingExecutable(network.executable(), Signature.of(graph)).run(inputs),
        Interpreter.of(graph).run(inputs),
        0,
        0);
  }

  @Test
  void blocksMustBeWhole() {
    Value scales = constant(Tensors.random(1, 2, 2));
    Graph graph =
        graph(
            TensorType.of(ElementType.FLOAT32, 5, 2),
            x -> roundTrip(x, scales, ElementType.INT8, new Granularity.Blocked(0, 3)));
    assertRefused(
        () -> Lowering.lower(graph, new RecordedNetwork()),
        "axis 0 of float[5,2] does not make whole blocks of 3");
  }

  @Test
  void layersOfOtherTypesAreRefused() {
    RecordedNetwork network = new RecordedNetwork();
    NetworkTensor x = network.input("x", TensorType.of(ElementType.FLOAT32, 4));
    NetworkTensor scale = network.input("scale", TensorType.of(ElementType.FLOAT32));
    Layer layer =
        new QuantizationLayer.Quantize(x, scale, QuantizationLayer.NO_AXIS, ElementType.FLOAT8E5M2);
    assertRefused(() -> network.add(layer, Location.UNKNOWN), "quantizing to float8e5m2");
  }

  private static void assertRefused(ThrowingCallable lowering, String problem) {
    assertThatThrownBy(lowering)
        .isInstanceOfSatisfying(
            TenrecException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED))
        .hasMessageContaining(problem);
  }
}
