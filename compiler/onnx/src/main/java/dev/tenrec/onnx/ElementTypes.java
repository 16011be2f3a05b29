package dev.tenrec.onnx;

import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.onnx.proto.TensorProto.DataType;
import org.jspecify.annotations.Nullable;

/** ONNX's numbers for element types. */
final class ElementTypes {
  private ElementTypes() {}

  static ElementType of(long number) {
    DataType type = number == (int) number ? DataType.forNumber((int) number) : null;
    if (type == null || type == DataType.UNDEFINED) {
      throw new TenrecException(
          ErrorCode.INVALID_MODEL, "%d is not the number of an element type".formatted(number));
    }
    ElementType known = known(type);
    if (known == null) {
      throw new TenrecException(
              ErrorCode.UNSUPPORTED, "element type %s is not supported".formatted(type))
          .advise("tensors hold numbers of 2 to 64 bits or booleans");
    }
    return known;
  }

  private static @Nullable ElementType known(DataType type) {
    return switch (type) {
      case FLOAT -> ElementType.FLOAT32;
      case FLOAT16 -> ElementType.FLOAT16;
      case BFLOAT16 -> ElementType.BFLOAT16;
      case DOUBLE -> ElementType.FLOAT64;
      case FLOAT8E4M3FN -> ElementType.FLOAT8E4M3FN;
      case FLOAT8E4M3FNUZ -> ElementType.FLOAT8E4M3FNUZ;
      case FLOAT8E5M2 -> ElementType.FLOAT8E5M2;
      case FLOAT8E5M2FNUZ -> ElementType.FLOAT8E5M2FNUZ;
      case FLOAT8E8M0 -> ElementType.FLOAT8E8M0;
      case FLOAT4E2M1 -> ElementType.FLOAT4E2M1;
      case INT2 -> ElementType.INT2;
      case INT4 -> ElementType.INT4;
      case INT8 -> ElementType.INT8;
      case INT16 -> ElementType.INT16;
      case INT32 -> ElementType.INT32;
      case INT64 -> ElementType.INT64;
      case UINT2 -> ElementType.UINT2;
      case UINT4 -> ElementType.UINT4;
      case UINT8 -> ElementType.UINT8;
      case UINT16 -> ElementType.UINT16;
      case UINT32 -> ElementType.UINT32;
      case UINT64 -> ElementType.UINT64;
      case BOOL -> ElementType.BOOL;
      case UNDEFINED, STRING, COMPLEX64, COMPLEX128 -> null;
    };
  }

  static int number(ElementType type) {
    return switch (type) {
      case FLOAT32 -> DataType.FLOAT_VALUE;
      case FLOAT16 -> DataType.FLOAT16_VALUE;
      case BFLOAT16 -> DataType.BFLOAT16_VALUE;
      case FLOAT64 -> DataType.DOUBLE_VALUE;
      case FLOAT8E4M3FN -> DataType.FLOAT8E4M3FN_VALUE;
      case FLOAT8E4M3FNUZ -> DataType.FLOAT8E4M3FNUZ_VALUE;
      case FLOAT8E5M2 -> DataType.FLOAT8E5M2_VALUE;
      case FLOAT8E5M2FNUZ -> DataType.FLOAT8E5M2FNUZ_VALUE;
      case FLOAT8E8M0 -> DataType.FLOAT8E8M0_VALUE;
      case FLOAT4E2M1 -> DataType.FLOAT4E2M1_VALUE;
      case INT2 -> DataType.INT2_VALUE;
      case INT4 -> DataType.INT4_VALUE;
      case INT8 -> DataType.INT8_VALUE;
      case INT16 -> DataType.INT16_VALUE;
      case INT32 -> DataType.INT32_VALUE;
      case INT64 -> DataType.INT64_VALUE;
      case UINT2 -> DataType.UINT2_VALUE;
      case UINT4 -> DataType.UINT4_VALUE;
      case UINT8 -> DataType.UINT8_VALUE;
      case UINT16 -> DataType.UINT16_VALUE;
      case UINT32 -> DataType.UINT32_VALUE;
      case UINT64 -> DataType.UINT64_VALUE;
      case BOOL -> DataType.BOOL_VALUE;
    };
  }
}
