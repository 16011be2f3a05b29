package dev.tenrec.onnx;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Convolution.Conv;
import dev.tenrec.ir.Convolution.ConvTranspose;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Shuffle.Reshape;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.Window;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Convolutions. */
final class ConvolutionImport {
  private ConvolutionImport() {}

  static void register(OperatorTable on) {
    on.op("Conv", ConvolutionImport::conv);
    on.op("ConvTranspose", ConvolutionImport::convTranspose);
    on.result("DeformConv", DeformableConvolutionImport::deformConv);
    on.op("Col2Im", ConvolutionImport::col2Im);
    on.limit("Conv", "weights have fixed sizes");
    on.limit("ConvTranspose", "weights have fixed sizes; with `output_shape` the operand, too");
    on.limit("DeformConv", "images only (rank 4)");
  }

  static Op conv(NodeContext n) {
    Window window = Windows.convolution(n, n.input(1));
    return new Conv(n.input(0), n.input(1), n.optionalInput(2), window, n.intAttribute("group", 1));
  }

  private static Op convTranspose(NodeContext n) {
    Value x = n.input(0);
    Window window = Windows.convolution(n, n.input(1));
    int rank = window.rank();
    long[] extra = Windows.attribute(n, "output_padding", rank, 0).toArray();
    ImmutableLongArray wanted = n.attributes().integers("output_shape").orElse(null);
    boolean lower = window.mode() == Window.Padding.SAME_LOWER;
    if (wanted == null && window.mode() == Window.Padding.EXPLICIT) {
      return convTranspose(n, window, extra);
    }
    // The padding follows from the size of the output: input times stride, unless it is given.
    long[] before = new long[rank];
    long[] after = new long[rank];
    for (int i = 0; i < rank; i++) {
      long stride = window.strides().get(i);
      long shrink = window.extent(i) + extra[i] - stride;
      if (wanted != null) {
        int axis = i + x.rank() - rank;
        long size = x.dim(axis).value().orElseThrow(() -> open(n, x));
        shrink += size * stride - wanted.get(i + wanted.length() - rank);
      }
      long total = Math.max(0, shrink);
      extra[i] += total - shrink;
      before[i] = lower || window.mode() == Window.Padding.EXPLICIT ? total - total / 2 : total / 2;
      after[i] = total - before[i];
    }
    return convTranspose(n, padded(window, before, after), extra);
  }

  private static Window padded(Window window, long[] before, long[] after) {
    return new Window(
        window.kernel(),
        window.strides(),
        window.dilations(),
        ImmutableLongArray.copyOf(before),
        ImmutableLongArray.copyOf(after),
        Window.Padding.EXPLICIT);
  }

  private static Op convTranspose(NodeContext n, Window window, long[] extra) {
    return new ConvTranspose(
        n.input(0),
        n.input(1),
        n.optionalInput(2),
        window,
        n.intAttribute("group", 1),
        ImmutableLongArray.copyOf(extra));
  }

  /**
   * Blocks of columns, [N, C block..., positions], summed up where they overlap in an image: a
   * transposed convolution in which each element of a block has a kernel with a single one.
   */
  private static Op col2Im(NodeContext n) {
    Value x = n.input(0, 3);
    long[] image = n.constantInput(1).toLongs();
    Window window = Windows.blocks(n, ImmutableLongArray.copyOf(n.constantInput(2).toLongs()));
    int rank = window.rank();
    long block = window.kernel().stream().reduce(1, Math::multiplyExact);
    if (image.length != rank) {
      throw n.invalid("an image of %d sizes and blocks of %d".formatted(image.length, rank));
    }
    Size channels = n.sizeOf(x, 1).dividedBy(block);
    List<Size> split = new ArrayList<>(List.of(n.sizeOf(x, 0).times(channels), Size.of(block)));
    List<Size> joined = new ArrayList<>(List.of(n.sizeOf(x, 0), channels));
    long[] rest = new long[rank];
    for (int i = 0; i < rank; i++) {
      long room = image[i] + window.before().get(i) + window.after().get(i) - window.extent(i);
      split.add(Size.of(room / window.strides().get(i) + 1));
      joined.add(Size.of(image[i]));
      rest[i] = room % window.strides().get(i);
    }
    Value apart = Terms.reshape(x, n.sizes(split));
    Value kernels = Terms.constant(oneHot(x.elementType(), window, block));
    Op sum =
        new ConvTranspose(
            apart, kernels, Optional.empty(), window, 1, ImmutableLongArray.copyOf(rest));
    return new Reshape(sum.value(), n.sizes(joined), false);
  }

  private static Tensor oneHot(ElementType type, Window window, long block) {
    ImmutableLongArray sizes =
        ImmutableLongArray.builder().add(block).add(1).addAll(window.kernel()).build();
    return Tensor.ofLongs(type, sizes, i -> i / block == i % block ? 1 : 0);
  }

  private static dev.tenrec.ir.diagnostic.TenrecException open(NodeContext n, Value x) {
    return n.unsupported("output_shape needs an input of known size, but it is %s".formatted(x))
        .advise("export the model with pads instead of output_shape");
  }
}
