package dev.tenrec.runtime.cpu;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** Tensors in ONNX Runtime's form; native memory is handed over as it is. */
final class OrtTensors {
  private OrtTensors() {}

  /** The tensor must stay reachable as long as the result is in use. */
  static OnnxTensor toOrt(OrtEnvironment environment, Tensor tensor) throws OrtException {
    long bytes = tensor.data().byteSize();
    if (bytes > Integer.MAX_VALUE - 8) {
      throw new TenrecException(
          ErrorCode.TOO_LARGE, "%s does not fit into a buffer of 2 GiB".formatted(tensor));
    }
    ByteBuffer data = ByteBuffer.allocateDirect((int) bytes).order(ByteOrder.nativeOrder());
    MemorySegment.ofBuffer(data).copyFrom(tensor.data());
    return OnnxTensor.createTensor(
        environment, data, tensor.sizes().toArray(), javaType(tensor.elementType()).orElseThrow());
  }

  /** Copies the elements out. */
  static Tensor fromOrt(OnnxTensor tensor, ElementType type) {
    ByteBuffer copy = tensor.getByteBuffer();
    ImmutableLongArray sizes = ImmutableLongArray.copyOf(tensor.getInfo().getShape());
    return Tensor.of(type, sizes, MemorySegment.ofBuffer(copy));
  }

  private static Optional<OnnxJavaType> javaType(ElementType type) {
    return switch (type) {
      case FLOAT32 -> Optional.of(OnnxJavaType.FLOAT);
      case FLOAT16 -> Optional.of(OnnxJavaType.FLOAT16);
      case BFLOAT16 -> Optional.of(OnnxJavaType.BFLOAT16);
      case FLOAT64 -> Optional.of(OnnxJavaType.DOUBLE);
      case INT8 -> Optional.of(OnnxJavaType.INT8);
      case INT16 -> Optional.of(OnnxJavaType.INT16);
      case INT32 -> Optional.of(OnnxJavaType.INT32);
      case INT64 -> Optional.of(OnnxJavaType.INT64);
      case UINT8 -> Optional.of(OnnxJavaType.UINT8);
      case BOOL -> Optional.of(OnnxJavaType.BOOL);
      case UINT16, UINT32, UINT64, INT2, UINT2, INT4, UINT4 -> Optional.empty();
      case FLOAT8E4M3FN, FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ -> Optional.empty();
      case FLOAT8E8M0, FLOAT4E2M1 -> Optional.empty();
    };
  }
}
