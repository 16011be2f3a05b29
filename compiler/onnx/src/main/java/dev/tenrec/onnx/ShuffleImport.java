package dev.tenrec.onnx;

import static dev.tenrec.ir.Terms.cast;
import static dev.tenrec.ir.Terms.concat;
import static dev.tenrec.ir.Terms.gather;
import static dev.tenrec.ir.Terms.number;
import static dev.tenrec.ir.Terms.reshape;
import static dev.tenrec.ir.Terms.vector;
import static dev.tenrec.onnx.OperatorTable.since;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Shuffle.Concat;
import dev.tenrec.ir.Shuffle.Pad;
import dev.tenrec.ir.Shuffle.PadMode;
import dev.tenrec.ir.Shuffle.Reshape;
import dev.tenrec.ir.Shuffle.Transpose;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Operators that move elements around. */
final class ShuffleImport {
  private ShuffleImport() {}

  static void register(OperatorTable on) {
    on.op("Concat", n -> new Concat(n.inputs(), concatAxis(n)));
    on.op("Transpose", ShuffleImport::transpose);
    on.op("Pad", ShuffleImport::padByAttributes);
    on.op("Pad", since(11), ShuffleImport::pad);
    on.op("DepthToSpace", ShuffleImport::depthToSpace);
    on.op("SpaceToDepth", ShuffleImport::spaceToDepth);
  }

  private static int concatAxis(NodeContext n) {
    long axis = n.required(n.attributes().integer("axis"), "axis");
    return n.axis(axis, n.input(0).rank());
  }

  private static Op transpose(NodeContext n) {
    Value x = n.input(0);
    List<Long> reversed =
        IntStream.range(0, x.rank()).mapToObj(i -> (long) x.rank() - 1 - i).toList();
    List<Long> axes =
        n.attributes().integers("perm").map(ImmutableLongArray::asList).orElse(reversed);
    return new Transpose(x, n.axes(axes, x.rank()));
  }

  private static Op padByAttributes(NodeContext n) {
    Value x = n.input(0);
    ImmutableLongArray pads = n.required(n.attributes().integers("pads"), "pads");
    Value fill = number(x, n.floatAttribute("value", 0));
    return new Pad(x, vector(pads.toArray()), fill, padMode(n));
  }

  private static Op pad(NodeContext n) {
    Value x = n.input(0);
    Value fill = n.optionalInput(2).orElseGet(() -> number(x, 0));
    Value scalar = fill.rank() == 0 ? fill : reshape(fill);
    Value pads =
        n.optionalConstantInput(3)
            .map(axes -> forAllAxes(n, x.rank(), n.input(1), axes.toLongs()))
            .orElse(n.input(1));
    return new Pad(x, pads, scalar, padMode(n));
  }

  /** Amounts for some axes become amounts for all of them, with an appended 0 for the others. */
  private static Value forAllAxes(NodeContext n, int rank, Value pads, long[] axes) {
    long[] source = new long[2 * rank];
    Arrays.fill(source, 2L * axes.length);
    for (int i = 0; i < axes.length; i++) {
      int axis = n.axis(axes[i], rank);
      source[axis] = i;
      source[axis + rank] = (long) i + axes.length;
    }
    Value wide = pads.elementType() == ElementType.INT64 ? pads : cast(pads, ElementType.INT64);
    Value withZero = concat(0, wide, vector(0));
    return gather(withZero, vector(source), 0);
  }

  private static PadMode padMode(NodeContext n) {
    String mode = n.textAttribute("mode", "constant");
    return switch (mode) {
      case "constant" -> PadMode.CONSTANT;
      case "edge" -> PadMode.EDGE;
      case "reflect" -> PadMode.REFLECT;
      case "wrap" -> PadMode.WRAP;
      default -> throw n.invalid("mode is '%s'".formatted(mode));
    };
  }

  /**
   * [N, C, H, W] to [N, C / b², H b, W b]; a block is spread from the channels' slow or fast end.
   */
  private static Op depthToSpace(NodeContext n) {
    Value x = matrixImages(n);
    long block = blockSize(n);
    String mode = n.textAttribute("mode", "DCR");
    boolean columnFirst = mode.equals("CRD");
    if (!columnFirst && !mode.equals("DCR")) {
      throw n.invalid("mode is '%s', not DCR or CRD".formatted(mode));
    }
    Size batch = n.sizeOf(x, 0);
    Size channels = n.sizeOf(x, 1).dividedBy(block * block);
    Size height = n.sizeOf(x, 2);
    Size width = n.sizeOf(x, 3);
    Size side = Size.of(block);
    Value split =
        n.sizes(
            columnFirst
                ? List.of(batch, channels, side, side, height, width)
                : List.of(batch, side, side, channels, height, width));
    Value spread =
        new Transpose(
                reshape(x, split),
                columnFirst
                    ? ImmutableList.of(0, 1, 4, 2, 5, 3)
                    : ImmutableList.of(0, 3, 4, 1, 5, 2))
            .value();
    return new Reshape(
        spread, n.sizes(batch, channels, height.times(block), width.times(block)), false);
  }

  /** [N, C, H, W] to [N, C b², H / b, W / b]. */
  private static Op spaceToDepth(NodeContext n) {
    Value x = matrixImages(n);
    long block = blockSize(n);
    Size batch = n.sizeOf(x, 0);
    Size channels = n.sizeOf(x, 1);
    Size height = n.sizeOf(x, 2).dividedBy(block);
    Size width = n.sizeOf(x, 3).dividedBy(block);
    Size side = Size.of(block);
    Value split = n.sizes(batch, channels, height, side, width, side);
    Value gathered = Terms.transpose(reshape(x, split), 0, 3, 5, 1, 2, 4);
    return new Reshape(
        gathered, n.sizes(batch, channels.times(block * block), height, width), false);
  }

  private static Value matrixImages(NodeContext n) {
    if (n.input(0).rank() != 4) {
      throw n.invalid("input 0 is %s, not [N, C, H, W]".formatted(n.input(0).type()));
    }
    return n.input(0);
  }

  private static long blockSize(NodeContext n) {
    long block = n.required(n.attributes().integer("blocksize"), "blocksize");
    if (block < 1 || block > Short.MAX_VALUE) {
      throw n.invalid("blocksize is " + block);
    }
    return block;
  }
}
