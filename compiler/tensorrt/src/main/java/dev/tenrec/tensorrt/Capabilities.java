package dev.tenrec.tensorrt;

import dev.tenrec.runtime.bindings.TensorRtVersion;

/**
 * What the versions of TensorRT that we run on do not have in common.
 *
 * @param cumulativeLayer whether there is a layer for running sums
 * @param longIndices whether positions can come out as int64, and not only as int32
 */
record Capabilities(boolean cumulativeLayer, boolean longIndices) {
  static Capabilities of(TensorRtVersion version) {
    boolean since = version.isAtLeast(10, 15);
    return new Capabilities(since, since);
  }
}
