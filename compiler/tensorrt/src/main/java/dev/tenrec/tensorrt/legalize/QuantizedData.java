package dev.tenrec.tensorrt.legalize;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Elementwise.Activation;
import dev.tenrec.ir.Elementwise.ActivationKind;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Elementwise.Cast;
import dev.tenrec.ir.Elementwise.Unary;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Indexing.Gather;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Quantization;
import dev.tenrec.ir.Quantization.Dequantize;
import dev.tenrec.ir.Quantization.Granularity;
import dev.tenrec.ir.Quantization.Quantize;
import dev.tenrec.ir.Shuffle.Unsqueeze;
import dev.tenrec.ir.Source.Constant;
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
    Value quotient = new Binary(BinaryKind.DIV, cast(op.x(), precision), scales(op)).value();
    if (op.to().isFloating()) {
      return cast(quotient, ElementType.FLOAT32);
    }
    Value rounded = cast(new Unary(UnaryKind.ROUND, quotient).value(), ElementType.FLOAT32);
    IntegerRange range = IntegerRange.of(op.to());
    return cast(
        new Activation(ActivationKind.CLIP, rounded, range.low(), range.high()).value(),
        TargetTypes.of(op.to()));
  }

  /**
   * What a dequantization gives.
   *
   * @param op over numbers in TensorRT's types
   */
  static Value dequantized(Value x, Dequantize op) {
    Value scale = cast(scales(op), ElementType.FLOAT32);
    return cast(new Binary(BinaryKind.MUL, cast(x, ElementType.FLOAT32), scale).value(), op.to());
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
        yield new Gather(op.scale(), new Constant(blocks).value(), axis).value();
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

  private static Value cast(Value x, ElementType to) {
    return x.elementType() == to ? x : new Cast(x, to).value();
  }
}
