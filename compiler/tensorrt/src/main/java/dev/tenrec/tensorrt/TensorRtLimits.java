package dev.tenrec.tensorrt;

import com.google.common.collect.ImmutableList;

/** What TensorRT cannot run, although the importer takes it: refused when a network is made. */
public final class TensorRtLimits {
  private TensorRtLimits() {}

  /** One sentence for each. */
  public static ImmutableList<String> all() {
    return ImmutableList.of(
        "Windows of convolution and pooling go over one to three dimensions.",
        "`TopK` gives at most %d elements where it cannot be decomposed."
            .formatted(LayerRules.MAX_K),
        "`NonMaxSuppression` selects from a known number of boxes, at most %d."
            .formatted(LayerRules.MAX_BOXES),
        "Elements of inputs must not decide sizes (`Reshape`, `Range`, `Tile` to an input):"
            + " `tenrec verify` binds such inputs as constants from the data.",
        "Pooling that is rounded up needs known sizes where that is not exact.",
        "Dilated pooling and averages that count padding and are rounded up need known sizes.",
        "Scatters that add, multiply or compare need known sizes of their updates.",
        "`Resize` to rounded sizes by scales, and `half_pixel_symmetric`, need known sizes.",
        "Quantization in blocks needs a known size along the axis, which blocks divide.");
  }
}
