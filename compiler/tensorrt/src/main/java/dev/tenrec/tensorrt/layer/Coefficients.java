package dev.tenrec.tensorrt.layer;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;

/** The kernel or bias of a convolution, which is part of the network or computed by it. */
public sealed interface Coefficients {
  ElementType elementType();

  ImmutableLongArray dims();

  /** Elements that are part of the network. */
  record Fixed(Tensor tensor) implements Coefficients {
    @Override
    public ElementType elementType() {
      return tensor.elementType();
    }

    @Override
    public ImmutableLongArray dims() {
      return tensor.sizes();
    }

    @Override
    public String toString() {
      return tensor.toString();
    }
  }

  /** Elements that a tensor holds. */
  record Computed(NetworkTensor tensor) implements Coefficients {
    @Override
    public ElementType elementType() {
      return tensor.elementType();
    }

    @Override
    public ImmutableLongArray dims() {
      return tensor.dims();
    }

    @Override
    public String toString() {
      return tensor.toString();
    }
  }
}
