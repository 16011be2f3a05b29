package dev.tenrec.tensorrt;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.tensorrt.layer.NetworkTensor;

/**
 * A tensor of a {@link RecordedNetwork}.
 *
 * @param number its number in the listing
 * @param value what it holds, as the IR says it
 * @param depth the number of loops that it is made in
 */
record RecordedTensor(int number, Value value, int depth) implements NetworkTensor {
  @Override
  public ElementType elementType() {
    return value.elementType();
  }

  @Override
  public ImmutableLongArray dims() {
    return ImmutableLongArray.copyOf(
        value.shape().dims().stream().mapToLong(dim -> dim.value().orElse(-1)));
  }

  @Override
  public String toString() {
    return "%" + number;
  }
}
