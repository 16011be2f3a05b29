package dev.tenrec.runtime.bindings;

import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import org.bytedeco.tensorrt.global.nvinfer.DataType;

/** Conversions of element types. */
public final class DataTypes {
  private DataTypes() {}

  /**
   * The type under TensorRT's name.
   *
   * @throws TenrecException with {@code UNSUPPORTED} for types that TensorRT does not compute in
   */
  public static DataType of(ElementType type) {
    return switch (type) {
      case FLOAT32 -> DataType.kFLOAT;
      case FLOAT16 -> DataType.kHALF;
      case BFLOAT16 -> DataType.kBF16;
      case FLOAT8E4M3FN -> DataType.kFP8;
      case INT64 -> DataType.kINT64;
      case INT32 -> DataType.kINT32;
      case INT8 -> DataType.kINT8;
      case INT4 -> DataType.kINT4;
      case UINT8 -> DataType.kUINT8;
      case BOOL -> DataType.kBOOL;
      case FLOAT64, FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ, FLOAT8E8M0, FLOAT4E2M1 ->
          throw unsupported(type);
      case INT2, UINT2, INT16, UINT4, UINT16, UINT32, UINT64 -> throw unsupported(type);
    };
  }

  private static TenrecException unsupported(ElementType type) {
    return new TenrecException(
        ErrorCode.UNSUPPORTED, "TensorRT has no element type %s".formatted(type.text()));
  }

  public static ElementType of(DataType type) {
    return switch (type.intern()) {
      case kFLOAT -> ElementType.FLOAT32;
      case kHALF -> ElementType.FLOAT16;
      case kBF16 -> ElementType.BFLOAT16;
      case kFP8 -> ElementType.FLOAT8E4M3FN;
      case kINT64 -> ElementType.INT64;
      case kINT32 -> ElementType.INT32;
      case kINT8 -> ElementType.INT8;
      case kINT4 -> ElementType.INT4;
      case kUINT8 -> ElementType.UINT8;
      case kBOOL -> ElementType.BOOL;
      default ->
          throw new TenrecException(
              ErrorCode.UNSUPPORTED, "TensorRT's element type %s".formatted(type));
    };
  }
}
