package dev.tenrec.tensorrt.layer;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.tensor.ElementType;

/** A tensor of a TensorRT network under construction. Belongs to the network that made it. */
public interface NetworkTensor {
  ElementType elementType();

  /** The sizes; -1 where a size is known only at run time. */
  ImmutableLongArray dims();

  default int rank() {
    return dims().length();
  }
}
