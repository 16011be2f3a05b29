package dev.tenrec.tensorrt;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.tensorrt.layer.NetworkTensor;
import org.bytedeco.tensorrt.nvinfer.ITensor;
import org.jspecify.annotations.Nullable;

/** A tensor of a {@link NativeNetwork}, with the type and sizes that TensorRT inferred. */
final class NativeTensor implements NetworkTensor {
  private final ITensor handle;
  private final ElementType elementType;
  private final ImmutableLongArray dims;

  NativeTensor(ITensor handle, ElementType elementType, ImmutableLongArray dims) {
    this.handle = handle;
    this.elementType = elementType;
    this.dims = dims;
  }

  static ITensor handle(NetworkTensor tensor) {
    return ((NativeTensor) tensor).handle;
  }

  @Override
  public ElementType elementType() {
    return elementType;
  }

  @Override
  public ImmutableLongArray dims() {
    return dims;
  }

  /** Handles of the same tensor are equal, whichever call gave them out. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof NativeTensor that && handle.equals(that.handle);
  }

  @Override
  public int hashCode() {
    return handle.hashCode();
  }

  @Override
  public String toString() {
    return elementType.text() + dims;
  }
}
