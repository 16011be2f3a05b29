package dev.tenrec.runtime.cpu;

import static dev.tenrec.onnx.TestModel.ints;
import static dev.tenrec.onnx.TestModel.node;

import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import dev.tenrec.onnx.TestModel;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Windows that overlap when they are read or written. */
class PoolingIndicesTest {
  @Property(tries = 40)
  void largestElements(
      @ForAll @IntRange(min = 1, max = 3) int rank,
      @ForAll boolean columnMajor,
      @ForAll boolean ceil,
      @ForAll boolean same,
      @ForAll boolean ties,
      @ForAll long seed) {
    Random random = new Random(seed);
    long[] sizes = new long[rank + 2];
    long[] kernel = new long[rank];
    long[] strides = new long[rank];
    long[] dilations = new long[rank];
    long[] pads = new long[2 * rank];
    for (int i = 0; i < rank; i++) {
      sizes[i + 2] = 5L + random.nextInt(3);
      kernel[i] = 1L + random.nextInt(3);
      strides[i] = 1L + random.nextInt(3);
      dilations[i] = 1L + random.nextInt(2);
      pads[i] = random.nextInt((int) kernel[i]);
      pads[i + rank] = random.nextInt((int) kernel[i]);
    }
    sizes[0] = 2;
    sizes[1] = 2;
    TestModel.Node node =
        node("MaxPool")
            .in("x")
            .with("kernel_shape", ints(kernel))
            .with("storage_order", columnMajor ? 1 : 0);
    if (same) {
      // ONNX Runtime moves windows that leave elements out.
      Arrays.setAll(strides, i -> Math.min(strides[i], kernel[i]));
      node.with("auto_pad", random.nextBoolean() ? "SAME_UPPER" : "SAME_LOWER");
    } else {
      node.with("dilations", ints(dilations))
          .with("pads", ints(pads))
          .with("ceil_mode", ceil ? 1 : 0);
    }
    node.with("strides", ints(strides));
    Tensor x =
        ties
            ? Tensor.ofDoubles(ElementType.FLOAT32, ints(sizes), _ -> random.nextInt(3))
            : Tensors.random(seed, sizes);
    Reference.ofNode(12, node, "y", "indices").input("x", x).verify();
  }

  @Property(tries = 40)
  void unpooling(@ForAll @IntRange(min = 1, max = 3) int kernel, @ForAll long seed) {
    Random random = new Random(seed);
    long height = 2L + random.nextInt(3);
    long width = 2L + random.nextInt(3);
    long stride = kernel;
    long count = 2 * height * stride * width * stride;
    Tensor indices =
        Tensor.ofLongs(
            ElementType.INT64,
            ints(1, 2, height, width),
            i -> i * count / (2 * height * width) + random.nextLong(stride * stride));
    TestModel.Node node =
        node("MaxUnpool")
            .in("x", "indices")
            .with("kernel_shape", ints(kernel, kernel))
            .with("strides", ints(stride, stride));
    Reference.ofNode(11, node, "y")
        .input("x", Tensors.random(seed, 1, 2, height, width))
        .input("indices", indices)
        .verify();
  }

  /** ONNX Runtime mixes up channels where blocks are dilated. */
  @Property(tries = 40)
  void columnsToImage(@ForAll @IntRange(min = 1, max = 3) int rank, @ForAll long seed) {
    Random random = new Random(seed);
    long[] image = new long[rank];
    long[] block = new long[rank];
    long[] strides = new long[rank];
    long[] dilations = new long[rank];
    long[] pads = new long[2 * rank];
    long positions = 1;
    long elements = 1;
    for (int i = 0; i < rank; i++) {
      image[i] = 5L + random.nextInt(3);
      block[i] = 1L + random.nextInt(3);
      strides[i] = 1L + random.nextInt(3);
      dilations[i] = rank < 3 ? 1 + random.nextInt(2) : 1;
      pads[i] = random.nextInt(2);
      pads[i + rank] = random.nextInt(2);
      long room = image[i] + pads[i] + pads[i + rank] - (block[i] - 1) * dilations[i] - 1;
      positions *= room / strides[i] + 1;
      elements *= block[i];
    }
    long channels = Arrays.stream(dilations).allMatch(d -> d == 1) ? 2 : 1;
    TestModel.Node node =
        node("Col2Im")
            .in("x", "image", "block")
            .with("strides", ints(strides))
            .with("dilations", ints(dilations))
            .with("pads", ints(pads));
    Reference.ofNode(18, node, "y")
        .input("x", Tensors.random(seed, 2, channels * elements, positions))
        .constant("image", Tensor.ofLongs(image))
        .constant("block", Tensor.ofLongs(block))
        .within(1e-4)
        .verify();
  }
}
