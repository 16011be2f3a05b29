package dev.tenrec.onnx;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.dim.Fixed;
import dev.tenrec.ir.dim.Symbol;
import dev.tenrec.onnx.proto.TensorShapeProto;
import dev.tenrec.onnx.proto.TypeProto;
import dev.tenrec.onnx.proto.ValueInfoProto;
import java.util.Optional;

/** The types that a model declares. */
final class ValueTypes {
  private ValueTypes() {}

  /**
   * The type of an input. Equal names of dimensions are equal symbols; a dimension without name and
   * size gets a symbol named after the input and the axis, for example {@code image.0}.
   */
  static TensorType of(ValueInfoProto info) {
    TypeProto.Tensor type = info.getType().getTensorType();
    if (!info.getType().hasTensorType()) {
      throw noTensor(info);
    }
    if (!type.hasShape()) {
      throw new TenrecException(
              ErrorCode.UNSUPPORTED,
              "input '%s' does not say how many dimensions it has".formatted(info.getName()))
          .advise("export the model with input shapes; sizes may stay open");
    }
    ImmutableList.Builder<Dim> dims = ImmutableList.builder();
    for (int axis = 0; axis < type.getShape().getDimCount(); axis++) {
      dims.add(dim(type.getShape().getDim(axis), info.getName(), axis));
    }
    return new TensorType(ElementTypes.of(type.getElemType()), new Shape(dims.build()));
  }

  private static TenrecException noTensor(ValueInfoProto info) {
    String what =
        info.getType().hasSequenceType()
            ? "a sequence"
            : info.getType().hasOptionalType() ? "an optional value" : "not a tensor";
    return new TenrecException(
            ErrorCode.UNSUPPORTED, "input '%s' is %s".formatted(info.getName(), what))
        .advise(
            "sequences and optional values are resolved before a run; give tensors to the model");
  }

  /** The type, if it is complete. */
  static Optional<TensorType> find(ValueInfoProto info) {
    try {
      return Optional.of(of(info));
    } catch (TenrecException _) {
      return Optional.empty();
    }
  }

  /** A declaration; sizes that no name can stand for stay open. */
  static ValueInfoProto toProto(String name, TensorType type) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    type.shape().dims().forEach(dim -> shape.addDim(toProto(dim)));
    TypeProto.Tensor.Builder tensor =
        TypeProto.Tensor.newBuilder()
            .setElemType(ElementTypes.number(type.elementType()))
            .setShape(shape);
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  private static TensorShapeProto.Dimension toProto(Dim dim) {
    TensorShapeProto.Dimension.Builder proto = TensorShapeProto.Dimension.newBuilder();
    if (dim instanceof Fixed(long size)) {
      proto.setDimValue(size);
    } else if (dim.symbols().stream().noneMatch(Symbol::isAnonymous)) {
      proto.setDimParam(dim instanceof Symbol(String name) ? name : dim.toString());
    }
    return proto.build();
  }

  private static Dim dim(TensorShapeProto.Dimension dim, String input, int axis) {
    if (dim.hasDimValue() && dim.getDimValue() >= 0) {
      return Dim.of(dim.getDimValue());
    }
    // Some exporters name all open dimensions "?", which says nothing about their being equal.
    boolean named = !dim.getDimParam().isEmpty() && !dim.getDimParam().startsWith("?");
    return Dim.symbol(named ? dim.getDimParam() : input + "." + axis);
  }
}
