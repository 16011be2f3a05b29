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
        "`Resize` to rounded sizes by scales, and `half_pixel_symmetric`, need known sizes; so does"
            + " `align_corners` by scales that are not whole.",
        "Quantization in blocks needs a known size along the axis, which blocks divide.");
  }

  /** One sentence for each answer of TensorRT's that is known to be wrong, with its version. */
  public static ImmutableList<String> wrongAnswers() {
    return ImmutableList.of(
        "10.6 on an H200: a quotient of floats may be one rounding off, so that"
            + " `DynamicQuantizeLinear` may give the neighbour of an element that lies between two"
            + " integers (`test_dynamicquantizelinear`, also `_expanded`).",
        "10.6 on an H200: cannot build an engine of some loops in float16, and says so"
            + " (`test_linear_attention_fp16`).",
        "10.6 on an H200: int32 is divided and reduced in float, and int64 is divided towards minus"
            + " infinity in float. Tenrec does not use these layers: it computes both in int64, and"
            + " corrects the quotient.");
  }
}
