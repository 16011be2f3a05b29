package dev.tenrec.onnx;

import static dev.tenrec.ir.Terms.add;
import static dev.tenrec.ir.Terms.along;
import static dev.tenrec.ir.Terms.cast;
import static dev.tenrec.ir.Terms.concat;
import static dev.tenrec.ir.Terms.constant;
import static dev.tenrec.ir.Terms.div;
import static dev.tenrec.ir.Terms.element;
import static dev.tenrec.ir.Terms.matMul;
import static dev.tenrec.ir.Terms.mul;
import static dev.tenrec.ir.Terms.reshape;
import static dev.tenrec.ir.Terms.unsqueeze;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Resampling.Border;
import dev.tenrec.ir.Resampling.GridSample;
import dev.tenrec.ir.Resampling.Interpolation;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.Window;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.onnx.OperatorTable.Result;

/**
 * Deformable convolution: each element of the kernel reads at a position of its own, which offsets
 * move. The elements read are sampled bilinearly and multiplied with the weights as a matrix.
 */
final class DeformableConvolutionImport {
  private final NodeContext n;
  private final Value x;
  private final Value weights;
  private final Window window;
  private final long groups;
  private final long offsetGroups;

  /** The number of elements of the kernel. */
  private final long taps;

  private final Size batch;
  private final Size channels;

  /** Sizes of the result. */
  private final Size height;

  private final Size width;

  private DeformableConvolutionImport(NodeContext n) {
    this.n = n;
    this.x = n.input(0);
    this.weights = n.input(1);
    if (x.rank() != 4 || weights.rank() != 4) {
      throw n.unsupported("a deformable convolution of %s is not supported".formatted(x.type()))
          .advise("only images, [N, C, H, W], can be convolved");
    }
    this.window = Windows.convolution(n, weights);
    this.groups = n.intAttribute("group", 1);
    this.offsetGroups = n.intAttribute("offset_group", 1);
    if (groups < 1 || offsetGroups < 1) {
      throw n.invalid("%d groups and %d offset groups".formatted(groups, offsetGroups));
    }
    this.taps = window.kernel().get(0) * window.kernel().get(1);
    this.batch = n.sizeOf(x, 0);
    this.channels = n.sizeOf(x, 1);
    this.height = n.sizeOf(n.input(2, 4), 2);
    this.width = n.sizeOf(n.input(2, 4), 3);
  }

  static Result deformConv(NodeContext n) {
    return Result.of(new DeformableConvolutionImport(n).run());
  }

  private Value run() {
    Size positions = height.times(width);
    Value patches =
        n.optionalInput(4).map(mask -> masked(sampled(), mask)).orElseGet(this::sampled);
    Size rows = channels.dividedBy(groups).times(taps);
    Value columns = reshape(patches, n.sizes(batch, Size.of(groups), rows, positions));
    Size kernels = n.sizeOf(weights, 0);
    Value matrix = reshape(weights, n.sizes(Size.of(groups), kernels.dividedBy(groups), rows));
    Value products = matMul(matrix, columns);
    Value image = reshape(products, n.sizes(batch, kernels, height, width));
    return n.optionalInput(3).map(bias -> add(image, unsqueeze(bias, 1, 2))).orElse(image);
  }

  /** [N offset groups, C / offset groups, taps height, width]. */
  private Value sampled() {
    Size parts = batch.times(offsetGroups);
    Value images =
        reshape(
            x, n.sizes(parts, channels.dividedBy(offsetGroups), n.sizeOf(x, 2), n.sizeOf(x, 3)));
    Value offsets = reshape(n.input(2), n.sizes(parts, Size.of(taps), Size.of(2), height, width));
    Value rows = normalized(add(element(offsets, 2, 0), places(0)), n.sizeOf(x, 2));
    Value columns = normalized(add(element(offsets, 2, 1), places(1)), n.sizeOf(x, 3));
    Value pairs = concat(4, unsqueeze(columns, 4), unsqueeze(rows, 4));
    Value grid = reshape(pairs, n.sizes(parts, height.times(taps), width, Size.of(2)));
    return new GridSample(images, grid, Interpolation.LINEAR, Border.ZEROS, false).value();
  }

  /** Where the elements of the kernel lie without offsets: [1, taps, height or 1, 1 or width]. */
  private Value places(int i) {
    long columns = window.kernel().get(1);
    Tensor withinKernel =
        Tensor.ofLongs(
            ElementType.INT64,
            ImmutableLongArray.of(taps),
            k ->
                (i == 0 ? k / columns : k % columns) * window.dilations().get(i)
                    - window.before().get(i));
    Value starts = mul(IndexingImport.range(n, i == 0 ? height : width), window.strides().get(i));
    Value places = add(along(constant(withinKernel), 1, 4), along(starts, i + 2, 4));
    return cast(places, x.elementType());
  }

  /** From indices to -1 at the upper edge of the first and 1 at the lower edge of the last. */
  private Value normalized(Value indices, Size size) {
    Value count = cast(reshape(n.sizes(size)), x.elementType());
    return add(div(add(mul(indices, 2), 1), count), -1);
  }

  /** Each element read, of all channels of an offset group, times its share. */
  private Value masked(Value sampled, Value mask) {
    Value apart =
        reshape(
            sampled,
            n.sizes(
                batch,
                Size.of(offsetGroups),
                channels.dividedBy(offsetGroups),
                Size.of(taps),
                height.times(width)));
    Value shares =
        reshape(
            mask,
            n.sizes(batch, Size.of(offsetGroups), Size.ONE, Size.of(taps), height.times(width)));
    return mul(apart, shares);
  }
}
