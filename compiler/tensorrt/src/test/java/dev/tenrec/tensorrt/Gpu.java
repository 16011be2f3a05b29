package dev.tenrec.tensorrt;

import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.runtime.bindings.Cuda;
import dev.tenrec.runtime.bindings.TensorRt;

/** Whether this machine can build and run engines. */
final class Gpu {
  private Gpu() {}

  static boolean canBuild() {
    try {
      Cuda.requireDevice();
      return TensorRt.version().major() > 0;
    } catch (TenrecException e) {
      return false;
    }
  }
}
