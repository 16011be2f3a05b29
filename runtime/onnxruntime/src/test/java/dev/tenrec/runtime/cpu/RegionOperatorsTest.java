package dev.tenrec.runtime.cpu;

import static dev.tenrec.onnx.TestModel.ints;
import static dev.tenrec.onnx.TestModel.node;

import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import dev.tenrec.onnx.TestModel;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * Operators that read between elements. ONNX Runtime leaves axes alone that keep their size,
 * whatever scale or region is given for them.
 */
class RegionOperatorsTest {
  @Property(tries = 40)
  void stretchedFilters(
      @ForAll boolean cubic,
      @ForAll boolean bySizes,
      @ForAll boolean excludeOutside,
      @ForAll @IntRange(min = 0, max = 3) int coordinates,
      @ForAll long seed) {
    Random random = new Random(seed);
    // ONNX Runtime aligns corners by whole sizes.
    boolean sized = bySizes || coordinates == 2;
    long height = 2L + random.nextInt(8);
    long width = 2L + random.nextInt(8);
    double[] scales = {1, 1, scale(random, height), scale(random, width)};
    TestModel.Node node =
        node("Resize")
            .in("x", "", sized ? "" : "scales", sized ? "sizes" : "")
            .with("antialias", 1)
            .with("mode", cubic ? "cubic" : "linear")
            .with("exclude_outside", excludeOutside ? 1 : 0)
            .with(
                "coordinate_transformation_mode",
                List.of("half_pixel", "asymmetric", "align_corners", "pytorch_half_pixel")
                    .get(coordinates));
    Reference.ofNode(18, node, "y")
        .input("x", Tensors.random(seed, 1, 2, height, width))
        .constant("scales", Tensors.floats(scales))
        .constant(
            "sizes", Tensor.ofLongs(1, 2, (long) (height * scales[2]), (long) (width * scales[3])))
        .within(1e-4)
        .verify();
  }

  /** A factor that changes a size. */
  private static double scale(Random random, long size) {
    double scale = 0.3 + random.nextInt(20) / 10.0;
    long scaled = (long) (size * scale);
    return scaled == size || scaled == 0 ? 2 : scale;
  }

  @Property(tries = 40)
  void resizedRegions(
      @ForAll @IntRange(min = 0, max = 2) int mode, @ForAll boolean someAxes, @ForAll long seed) {
    Random random = new Random(seed);
    TestModel.Node node =
        node("Resize")
            .in("x", "region", "", "sizes")
            .with("mode", List.of("nearest", "linear", "cubic").get(mode))
            .with("extrapolation_value", 7.5)
            .with("coordinate_transformation_mode", "tf_crop_and_resize");
    double[] region = random.doubles(4, -0.25, 1.25).toArray();
    double[] all = {0, 0, region[0], region[1], 1, 1, region[2], region[3]};
    long[] sizes = random.longs(2, 1, 7).toArray();
    if (someAxes) {
      node.with("axes", ints(2, 3));
    }
    Reference.ofNode(18, node, "y")
        .input("x", Tensors.random(seed, 1, 2, 9, 8))
        .constant("region", Tensors.floats(someAxes ? region : all))
        .constant(
            "sizes", someAxes ? Tensor.ofLongs(sizes) : Tensor.ofLongs(1, 2, sizes[0], sizes[1]))
        .within(1e-4)
        .verify();
  }

  @Property(tries = 40)
  void alignedRegions(
      @ForAll boolean max,
      @ForAll boolean newer,
      @ForAll boolean halfPixel,
      @ForAll @IntRange(min = 1, max = 3) int samples,
      @ForAll long seed) {
    Random random = new Random(seed);
    TestModel.Node node =
        node("RoiAlign")
            .in("x", "regions", "images")
            .with("mode", max ? "max" : "avg")
            .with("output_height", 1 + random.nextInt(3))
            .with("output_width", 1 + random.nextInt(3))
            .with("sampling_ratio", samples)
            .with("spatial_scale", 0.5);
    if (newer) {
      node.with("coordinate_transformation_mode", halfPixel ? "half_pixel" : "output_half_pixel");
    }
    float[] corners = new float[12];
    for (int i = 0; i < corners.length; i++) {
      corners[i] = random.nextFloat(14) + (i % 4 < 2 ? -3 : 4);
    }
    Reference.ofNode(newer ? 16 : 10, node, "y")
        .input("x", Tensors.random(seed, 2, 2, 5, 6))
        .input("regions", Tensor.ofFloats(ints(3, 4), corners))
        .input("images", Tensor.ofLongs(random.longs(3, 0, 2).toArray()))
        .within(1e-3)
        .verify();
  }

  @Property(tries = 40)
  void grids(
      @ForAll boolean corners, @ForAll boolean deep, @ForAll boolean fixed, @ForAll long seed) {
    Random random = new Random(seed);
    long[] sizes = random.longs(deep ? 5 : 4, 2, 5).toArray();
    int rank = sizes.length - 2;
    Reference reference =
        Reference.ofNode(
                20,
                node("AffineGrid").in("theta", "size").with("align_corners", corners ? 1 : 0),
                "y")
            .input("theta", Tensors.random(seed, sizes[0], rank, rank + 1));
    (fixed
            ? reference.constant("size", Tensor.ofLongs(sizes))
            : reference.input("size", Tensor.ofLongs(sizes)))
        .within(1e-4)
        .verify();
  }

  @Property(tries = 40)
  void deformableConvolutions(
      @ForAll boolean mask,
      @ForAll boolean bias,
      @ForAll @IntRange(min = 0, max = 2) int pad,
      @ForAll long seed) {
    Random random = new Random(seed);
    long groups = 1L + random.nextInt(2);
    long offsetGroups = 1L + random.nextInt(2);
    long kernelHeight = 1L + random.nextInt(3);
    long kernelWidth = 1L + random.nextInt(3);
    long stride = 1L + random.nextInt(2);
    long dilation = 1L + random.nextInt(2);
    long height = 5L + random.nextInt(3);
    long width = 5L + random.nextInt(3);
    long taps = offsetGroups * kernelHeight * kernelWidth;
    long rows = (height + 2L * pad - ((kernelHeight - 1) * dilation + 1)) / stride + 1;
    long columns = (width + pad - ((kernelWidth - 1) * dilation + 1)) / stride + 1;
    TestModel.Node node =
        node("DeformConv")
            .in("x", "weights", "offsets", bias ? "bias" : "", mask ? "mask" : "")
            .with("group", groups)
            .with("offset_group", offsetGroups)
            .with("kernel_shape", ints(kernelHeight, kernelWidth))
            .with("strides", ints(stride, stride))
            .with("dilations", ints(dilation, dilation))
            .with("pads", ints(pad, 0, pad, pad));
    Reference.ofNode(19, node, "y")
        .input("x", Tensors.random(seed, 2, 4, height, width))
        .constant("weights", Tensors.random(seed + 1, 4, 4 / groups, kernelHeight, kernelWidth))
        .input("offsets", Tensors.random(seed + 2, 2, 2 * taps, rows, columns))
        .constant("bias", Tensors.random(seed + 3, 4))
        .constant("mask", Tensors.random(seed + 4, 2, taps, rows, columns))
        .within(1e-3)
        .verify();
  }
}
