package dev.tenrec.onnx;

import static dev.tenrec.ir.Terms.cast;
import static dev.tenrec.ir.Terms.constant;
import static dev.tenrec.ir.Terms.mul;
import static dev.tenrec.ir.Terms.reshape;
import static dev.tenrec.ir.Terms.sub;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Contraction.MatMul;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Quantization.Dequantize;
import dev.tenrec.ir.Quantization.Granularity;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.Optional;

/**
 * ONNX Runtime's product with weights of 2, 4 or 8 bits, [N, K] in blocks along K.
 *
 * <p>The weights are unsigned. Where the zero point lies in the middle, they are those of the
 * signed type with the highest bit flipped, and stay as they are; others become arithmetic.
 */
final class BlockQuantizedImport {
  private BlockQuantizedImport() {}

  static void register(OperatorTable on) {
    on.op("MatMulNBits", BlockQuantizedImport::matMul);
    on.limit("MatMulNBits", "4 and 8 bits; no `g_idx`");
  }

  /** The sizes and the bits of the weights. */
  private record Layout(long rows, long columns, int bits, long block) {
    long blocks() {
      return Math.ceilDiv(columns, block);
    }

    /** The zero point that is meant if there is none. */
    long middle() {
      return 1L << (bits - 1);
    }

    ElementType unsigned() {
      return switch (bits) {
        case 2 -> ElementType.UINT2;
        case 4 -> ElementType.UINT4;
        default -> ElementType.UINT8;
      };
    }

    ElementType signed() {
      return switch (bits) {
        case 2 -> ElementType.INT2;
        case 4 -> ElementType.INT4;
        default -> ElementType.INT8;
      };
    }
  }

  private static Layout layout(NodeContext n) {
    long bits = n.intAttribute("bits", 4);
    if (bits != 2 && bits != 4 && bits != 8) {
      throw n.unsupported("weights of %d bits are not supported".formatted(bits))
          .advise("quantize the weights to 2, 4 or 8 bits");
    }
    long block = n.required(n.attributes().integer("block_size"), "block_size");
    if (block <= 0 || block * bits % 8 != 0) {
      throw n.invalid("blocks of %d weights do not make whole bytes".formatted(block));
    }
    return new Layout(
        n.required(n.attributes().integer("N"), "N"),
        n.required(n.attributes().integer("K"), "K"),
        (int) bits,
        block);
  }

  private static Op matMul(NodeContext n) {
    n.attributes().ignore("accuracy_level");
    if (n.hasInput(4)) {
      throw n.unsupported("weights in another order, g_idx, are not supported")
          .advise("quantize the model without act-order");
    }
    Layout layout = layout(n);
    Value a = n.input(0);
    Tensor packed = packed(n, layout);
    Value scale = byBlock(n.input(2), layout);
    Optional<Value> zeroPoint = zeroPoint(n, layout);
    Value weights =
        zeroPoint.isEmpty()
            ? symmetric(packed, scale, layout)
            : asymmetric(packed, scale, zeroPoint.get(), layout);
    Value matrix = cast(weights, a.elementType());
    MatMul product = new MatMul(a, matrix, false, true);
    return n.optionalInput(5)
        .<Op>map(bias -> new Binary(BinaryKind.ADD, product.value(), bias))
        .orElse(product);
  }

  /** The weights in rows of whole blocks, as bytes. */
  private static Tensor packed(NodeContext n, Layout layout) {
    Tensor bytes = n.constantInput(1);
    long row = layout.blocks() * layout.block() * layout.bits() / 8;
    if (bytes.count() != layout.rows() * row || bytes.elementType().bits() != 8) {
      throw n.invalid(
          "weights %s are not %d rows of %d bytes".formatted(bytes, layout.rows(), row));
    }
    return bytes;
  }

  /** Scales or zero points, [N, blocks]; ONNX Runtime takes a vector, too. */
  private static Value byBlock(Value values, Layout layout) {
    if (values.rank() == 2) {
      return values;
    }
    Tensor sizes = Tensor.ofLongs(layout.rows(), layout.blocks());
    return reshape(values, constant(sizes));
  }

  /** Empty if all zero points lie in the middle. */
  private static Optional<Value> zeroPoint(NodeContext n, Layout layout) {
    if (!n.hasInput(3)) {
      return Optional.empty();
    }
    if (n.input(3).elementType().isFloating()) {
      return Optional.of(byBlock(n.input(3), layout));
    }
    Tensor bytes = n.constantInput(3);
    long row = Math.ceilDiv(layout.blocks() * layout.bits(), 8);
    if (bytes.count() != layout.rows() * row) {
      throw n.invalid("zero points %s are not %d per row".formatted(bytes, row));
    }
    Tensor zeros = cut(bytes, layout, row, layout.blocks(), ElementType.UINT8, 0);
    boolean middle = true;
    for (long i = 0; i < zeros.count(); i++) {
      middle &= zeros.getLong(i) == layout.middle();
    }
    return middle ? Optional.empty() : Optional.of(constant(zeros));
  }

  /** The first elements of each row of packed ones, with some bits flipped. */
  private static Tensor cut(
      Tensor bytes, Layout layout, long rowBytes, long length, ElementType type, long flipped) {
    int bits = layout.bits();
    return Tensor.ofBits(
        type,
        ImmutableLongArray.of(layout.rows(), length),
        i -> {
          long bit = i / length * rowBytes * 8 + i % length * bits;
          long element = (bytes.getBits(bit / 8) & 0xff) >> (bit % 8);
          return (element & ((1L << bits) - 1)) ^ flipped;
        });
  }

  private static Value symmetric(Tensor packed, Value scale, Layout layout) {
    long row = layout.blocks() * layout.block() * layout.bits() / 8;
    Tensor weights = cut(packed, layout, row, layout.columns(), layout.signed(), layout.middle());
    return new Dequantize(
            constant(weights),
            scale,
            scale.elementType(),
            new Granularity.Blocked(1, layout.block()))
        .value();
  }

  private static Value asymmetric(Tensor packed, Value scale, Value zeroPoint, Layout layout) {
    long row = layout.blocks() * layout.block() * layout.bits() / 8;
    Value weights = constant(cut(packed, layout, row, layout.columns(), layout.unsigned(), 0));
    Scale blocks = new Scale(new Granularity.Blocked(1, layout.block()), weights);
    Value zero = blocks.broadcast(cast(zeroPoint, ElementType.FLOAT32));
    Value number = sub(cast(weights, ElementType.FLOAT32), zero);
    Value factor = blocks.broadcast(cast(scale, ElementType.FLOAT32));
    return mul(number, factor);
  }
}
