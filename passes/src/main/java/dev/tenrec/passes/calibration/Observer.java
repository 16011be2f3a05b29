package dev.tenrec.passes.calibration;

import dev.tenrec.ir.tensor.Tensor;

/** Is shown what a value holds, once for each sample. Keeps what it needs of it, not the tensor. */
@FunctionalInterface
public interface Observer {
  void observe(Tensor tensor);
}
