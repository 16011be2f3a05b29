package dev.tenrec.tensorrt;

import dev.tenrec.runtime.bindings.TensorRtVersion;

/**
 * What the versions of TensorRT that we run on do not have in common.
 *
 * @param cumulativeLayer whether there is a layer for running sums
 * @param longIndices whether positions can come out as int64, and not only as int32
 * @param attentionLayers whether there are layers for attention and rotary embedding
 */
record Capabilities(boolean cumulativeLayer, boolean longIndices, boolean attentionLayers) {
  static Capabilities of(TensorRtVersion version) {
    boolean since = version.isAtLeast(10, 15);
    return new Capabilities(since, since, version.isAtLeast(11, 2));
  }
}
