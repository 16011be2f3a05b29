package dev.tenrec.ir;

import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;

/** The element type and shape of a value. */
public record TensorType(ElementType elementType, Shape shape) {
  public static TensorType of(ElementType elementType, long... sizes) {
    return new TensorType(elementType, Shape.of(sizes));
  }

  public static TensorType of(Tensor tensor) {
    return new TensorType(tensor.elementType(), Shape.of(tensor.sizes()));
  }

  public int rank() {
    return shape.rank();
  }

  public Dim dim(int axis) {
    return shape.dim(axis);
  }

  public TensorType with(Shape newShape) {
    return new TensorType(elementType, newShape);
  }

  public TensorType with(ElementType newElementType) {
    return new TensorType(newElementType, shape);
  }

  /** Whether a value of this type may stand for one of the other: sizes differ only if open. */
  public boolean isCompatibleWith(TensorType other) {
    boolean fits = elementType == other.elementType && rank() == other.rank();
    for (int axis = 0; fits && axis < rank(); axis++) {
      boolean known = dim(axis).value().isPresent() && other.dim(axis).value().isPresent();
      fits = !known || dim(axis).equals(other.dim(axis));
    }
    return fits;
  }

  /** As ONNX writes it, for example {@code float[N,3,8,8]}; a scalar is {@code float}. */
  @Override
  public String toString() {
    return elementType.text() + (rank() == 0 ? "" : shape);
  }
}
