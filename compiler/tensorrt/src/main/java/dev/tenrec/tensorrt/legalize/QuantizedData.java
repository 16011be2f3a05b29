package dev.tenrec.tensorrt.legalize;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Elementwise.Activation;
import dev.tenrec.ir.Elementwise.ActivationKind;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Quantization;
import dev.tenrec.ir.Quantization.Dequantize;
import dev.tenrec.ir.Quantization.Granularity;
import dev.tenrec.ir.Quantization.Quantize;
import dev.tenrec.ir.Shuffle.Unsqueeze;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Quantization where TensorRT cannot keep the data quantized, as arithmetic. It takes quantized
 * data from a layer that quantizes, or from a constant, and only to dequantize it.
 */
final class QuantizedData {
  private QuantizedData() {}

  /** The values that something else than a dequantization reads. */
  static Set<Value> readAsNumbers(Graph graph) {
    Set<Value> read = new HashSet<>();
    graph.outputs().forEach(output -> read.add(output.value()));
    for (Node node : graph.nodes()) {
      boolean kept = node.op() instanceof Dequantize;
      node.op().operands().stream().skip(kept ? 1 : 0).forEach(read::add);
    }
    return read;
  }

  /** Whether TensorRT's own layer can dequantize a value. */
  static boolean staysQuantized(Value x) {
    return TargetTypes.quantizes(x.elementType())
        && (x.constant().isPresent() || x.producedBy(Quantize.class).isPresent());
  }

  /**
   * What a quantization gives, in TensorRT's type: integers, or floating-point numbers that are not
   * rounded to the type yet.
   */
  static Value quantized(Quantize op) {
    ElementType precision = op.scale().elementType();
    Value quotient = Terms.div(Terms.cast(op.x(), precision), scales(op));
    if (op.to().isFloating()) {
      return Terms.cast(quotient, ElementType.FLOAT32);
    }
    Value rounded = Terms.cast(Terms.unary(UnaryKind.ROUND, quotient), ElementType.FLOAT32);
    IntegerRange range = IntegerRange.of(op.to());
    return Terms.cast(
        new Activation(ActivationKind.CLIP, rounded, range.low(), range.high()).value(),
        TargetTypes.of(op.to()));
  }

  /**
   * What a dequantization gives.
   *
   * @param op over numbers in TensorRT's types
   */
  static Value dequantized(Value x, Dequantize op) {
    Value scale = Terms.cast(scales(op), ElementType.FLOAT32);
    return Terms.cast(Terms.mul(Terms.cast(x, ElementType.FLOAT32), scale), op.to());
  }

  /** The scales, such that they broadcast to the data. */
  private static Value scales(Quantization op) {
    int rank = op.x().rank();
    return switch (op.granularity()) {
      case Granularity.PerTensor() -> op.scale();
      case Granularity.PerAxis(int axis) ->
          new Unsqueeze(
                  op.scale(),
                  IntStream.range(1, rank - axis).boxed().collect(ImmutableList.toImmutableList()))
              .value();
      case Granularity.Blocked(int axis, long size) -> {
        long length = op.x().dim(axis).value().orElseThrow(() -> open(op, axis));
        Tensor blocks =
            Tensor.ofLongs(ElementType.INT64, ImmutableLongArray.of(length), i -> i / size);
        yield Terms.gather(op.scale(), Terms.constant(blocks), axis);
      }
    };
  }

  private static TenrecException open(Quantization op, int axis) {
    return new TenrecException(
            ErrorCode.UNSUPPORTED,
            "axis %d of %s is quantized in blocks, and its size is open"
                .formatted(axis, op.x().type()))
        .advise("export the model with a fixed size");
  }
}
