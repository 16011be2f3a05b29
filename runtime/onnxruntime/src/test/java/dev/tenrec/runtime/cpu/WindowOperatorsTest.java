package dev.tenrec.runtime.cpu;

import static dev.tenrec.onnx.TestModel.ints;
import static dev.tenrec.onnx.TestModel.node;

import dev.tenrec.ir.testing.Tensors;
import dev.tenrec.onnx.TestModel;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Convolutions and pooling. */
class WindowOperatorsTest {
  /** A kernel over two dimensions, and an input that it fits into. */
  record Window(int height, int width, int stride, int dilation, int before, int after) {
    TestModel.Node attributes(TestModel.Node node) {
      return node.with("strides", ints(stride, 1))
          .with("dilations", ints(dilation, 1))
          .with("pads", ints(before, 0, after, 1));
    }
  }

  @Provide
  Arbitrary<Window> windows() {
    return Combinators.combine(
            Arbitraries.integers().between(1, 3),
            Arbitraries.integers().between(2, 3),
            Arbitraries.integers().between(1, 3),
            Arbitraries.integers().between(1, 2),
            Arbitraries.integers().between(0, 2),
            Arbitraries.integers().between(0, 2))
        .as(Window::new)
        .filter(window -> Math.max(window.before, window.after) < window.height);
  }

  @Property(tries = 100)
  void conv(
      @ForAll("windows") Window window,
      @ForAll @IntRange(min = 1, max = 3) int groups,
      @ForAll @IntRange(min = 5, max = 9) int size,
      @ForAll long seed) {
    Reference.ofNode(
            18, window.attributes(node("Conv").in("x", "w", "b")).with("group", groups), "y")
        .input("x", Tensors.random(seed, 2, 2L * groups, size, 6))
        .constant("w", Tensors.random(seed, 3L * groups, 2, window.height, window.width))
        .constant("b", Tensors.random(seed, 3L * groups))
        .verify();
  }

  @Property(tries = 60)
  void paddingForTheSameSize(
      @ForAll("windows") Window window, @ForAll boolean upper, @ForAll long seed) {
    String mode = upper ? "SAME_UPPER" : "SAME_LOWER";
    Reference.ofNode(
            18,
            node("Conv")
                .in("x", "w")
                .with("auto_pad", mode)
                .with("strides", ints(window.stride, 2)),
            "y")
        .input("x", Tensors.random(seed, 1, 2, 7, 6))
        .constant("w", Tensors.random(seed, 3, 2, window.height, window.width))
        .verify();
    Reference.ofNode(
            18,
            node("MaxPool")
                .in("x")
                .with("auto_pad", mode)
                .with("kernel_shape", ints(window.height, window.width))
                .with("strides", ints(window.stride, 2)),
            "y")
        .input("x", Tensors.random(seed, 1, 2, 7, 6))
        .verify();
  }

  @Property(tries = 100)
  void convTranspose(
      @ForAll("windows") Window window,
      @ForAll @IntRange(min = 1, max = 2) int groups,
      @ForAll boolean extra,
      @ForAll long seed) {
    int padding = extra && window.stride > 1 ? 1 : 0;
    Reference.ofNode(
            18,
            window
                .attributes(node("ConvTranspose").in("x", "w", "b"))
                .with("group", groups)
                .with("output_padding", ints(padding, 0)),
            "y")
        .input("x", Tensors.random(seed, 2, 2L * groups, 5, 4))
        .constant("w", Tensors.random(seed, 2L * groups, 3, window.height, window.width))
        .constant("b", Tensors.random(seed, 3L * groups))
        .verify();
  }

  @Property(tries = 60)
  void convTransposeToAGivenShape(
      @ForAll @IntRange(min = 8, max = 11) int height,
      @ForAll @IntRange(min = 7, max = 9) int width,
      @ForAll boolean upper,
      @ForAll long seed) {
    Reference.ofNode(
            18,
            node("ConvTranspose")
                .in("x", "w")
                .with("strides", ints(2, 2))
                .with("auto_pad", upper ? "SAME_UPPER" : "NOTSET")
                .with("output_shape", ints(height, width)),
            "y")
        .input("x", Tensors.random(seed, 1, 2, 5, 4))
        .constant("w", Tensors.random(seed, 2, 3, 3, 3))
        .verify();
  }

  @Property(tries = 100)
  void pooling(
      @ForAll("windows") Window window,
      @ForAll boolean roundUp,
      @ForAll boolean includePadding,
      @ForAll @IntRange(min = 5, max = 9) int size,
      @ForAll long seed) {
    TestModel.Node max = node("MaxPool").in("x");
    TestModel.Node average =
        node("AveragePool").in("x").with("count_include_pad", includePadding ? 1 : 0);
    for (TestModel.Node pool : new TestModel.Node[] {max, average}) {
      Reference.ofNode(
              19,
              window
                  .attributes(pool)
                  .with("kernel_shape", ints(window.height, window.width))
                  .with("ceil_mode", roundUp ? 1 : 0),
              "y")
          .input("x", Tensors.random(seed, 2, 3, size, 6))
          .verify();
    }
  }

  @Property(tries = 10)
  void globalPooling(@ForAll long seed) {
    for (String operator : new String[] {"GlobalAveragePool", "GlobalMaxPool"}) {
      Reference.ofNode(18, node(operator).in("x"), "y")
          .input("x", Tensors.random(seed, 2, 3, 4, 5))
          .verify();
    }
  }
}
