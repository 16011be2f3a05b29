package dev.tenrec.onnx;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.Window;
import java.util.Arrays;

/** The attributes that convolutions and pooling share. */
final class Windows {
  private Windows() {}

  /** A window whose kernel is an attribute. */
  static Window pooling(NodeContext n, int spatialRank) {
    ImmutableLongArray kernel = n.required(n.attributes().integers("kernel_shape"), "kernel_shape");
    Window.Padding explicit =
        n.flag("ceil_mode", false) ? Window.Padding.EXPLICIT_ROUND_UP : Window.Padding.EXPLICIT;
    checkRank(n, "kernel_shape", kernel, spatialRank);
    return read(n, kernel, explicit);
  }

  /** A window whose kernel is an input. */
  static Window blocks(NodeContext n, ImmutableLongArray kernel) {
    return read(n, kernel, Window.Padding.EXPLICIT);
  }

  /** A window whose kernel has the spatial sizes of the weights. */
  static Window convolution(NodeContext n, Value weights) {
    long[] sizes = new long[Math.max(0, weights.rank() - 2)];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = weights.dim(i + 2).value().orElseThrow(() -> openKernel(n, weights));
    }
    ImmutableLongArray kernel = ImmutableLongArray.copyOf(sizes);
    ImmutableLongArray declared = n.attributes().integers("kernel_shape").orElse(kernel);
    if (!declared.equals(kernel)) {
      throw n.invalid("kernel_shape is %s, but the weights are %s".formatted(declared, weights));
    }
    return read(n, kernel, Window.Padding.EXPLICIT);
  }

  private static dev.tenrec.ir.diagnostic.TenrecException openKernel(NodeContext n, Value weights) {
    return n.unsupported("the kernel of %s has no fixed size".formatted(weights))
        .advise("export the model with weights of fixed shape");
  }

  private static Window read(NodeContext n, ImmutableLongArray kernel, Window.Padding explicit) {
    int rank = kernel.length();
    ImmutableLongArray pads = attribute(n, "pads", 2 * rank, 0);
    Window.Padding mode = mode(n, explicit);
    boolean given = mode == explicit && !n.textAttribute("auto_pad", "NOTSET").equals("VALID");
    ImmutableLongArray none = filled(rank, 0);
    return new Window(
        kernel,
        attribute(n, "strides", rank, 1),
        attribute(n, "dilations", rank, 1),
        given ? pads.subArray(0, rank).trimmed() : none,
        given ? pads.subArray(rank, 2 * rank).trimmed() : none,
        mode);
  }

  /** The attributes of a window. */
  static void write(Window window, NodeExport.Builder node) {
    node.attribute("kernel_shape", window.kernel())
        .attribute("strides", window.strides())
        .attribute("dilations", window.dilations());
    switch (window.mode()) {
      case EXPLICIT, EXPLICIT_ROUND_UP ->
          node.attribute(
              "pads",
              ImmutableLongArray.builder().addAll(window.before()).addAll(window.after()).build());
      case SAME_UPPER, SAME_LOWER -> node.attribute("auto_pad", window.mode().name());
    }
  }

  private static Window.Padding mode(NodeContext n, Window.Padding explicit) {
    String mode = n.textAttribute("auto_pad", "NOTSET");
    return switch (mode) {
      case "NOTSET", "VALID" -> explicit;
      case "SAME_UPPER" -> Window.Padding.SAME_UPPER;
      case "SAME_LOWER" -> Window.Padding.SAME_LOWER;
      default -> throw n.invalid("auto_pad is '%s'".formatted(mode));
    };
  }

  /** One entry per spatial dimension. */
  static ImmutableLongArray attribute(NodeContext n, String name, int length, long absent) {
    ImmutableLongArray given = n.attributes().integers(name).orElse(filled(length, absent));
    checkRank(n, name, given, length);
    return given;
  }

  private static void checkRank(NodeContext n, String name, ImmutableLongArray values, int length) {
    if (values.length() != length) {
      throw n.invalid("%s is %s, which does not have %d entries".formatted(name, values, length));
    }
  }

  static ImmutableLongArray filled(int length, long value) {
    long[] entries = new long[length];
    Arrays.fill(entries, value);
    return ImmutableLongArray.copyOf(entries);
  }
}
