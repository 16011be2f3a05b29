package dev.tenrec.onnx;

import com.google.common.primitives.ImmutableLongArray;
import com.google.errorprone.annotations.FormatMethod;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.onnx.proto.TensorProto;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;

/**
 * Tensors of a model in all of ONNX's encodings. Raw and external data stay where they are; only
 * elements in protobuf's own fields are copied.
 */
final class TensorReader {
  private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

  private final ExternalData external;
  private final List<MemorySegment> weights;

  /**
   * @param weights raw data that was left in the file, see {@link Skeleton}
   */
  TensorReader(ExternalData external, List<MemorySegment> weights) {
    this.external = external;
    this.weights = weights;
  }

  Tensor read(TensorProto proto) {
    try {
      ElementType type = ElementTypes.of(proto.getDataType());
      ImmutableLongArray sizes = sizes(proto);
      return Tensor.of(type, sizes, data(proto, type, sizes));
    } catch (TenrecException e) {
      throw describe(proto, e);
    }
  }

  private static TenrecException describe(TensorProto proto, TenrecException e) {
    TenrecException named =
        new TenrecException(e.code(), "tensor '%s': %s".formatted(proto.getName(), e.problem()), e);
    return e.advice().map(named::advise).orElse(named);
  }

  private static ImmutableLongArray sizes(TensorProto proto) {
    return ImmutableLongArray.copyOf(proto.getDimsList());
  }

  private MemorySegment data(TensorProto proto, ElementType type, ImmutableLongArray sizes) {
    check(!proto.hasSegment(), "it is split into segments");
    long bytes = bytes(type, sizes);
    if (proto.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
      return external.read(proto, bytes);
    }
    Optional<MemorySegment> raw = rawData(proto);
    if (raw.isPresent()) {
      long size = raw.get().byteSize();
      check(size == bytes, "%d bytes of data, but the sizes need %d", size, bytes);
      return raw.get();
    }
    return MemorySegment.ofBuffer(typedData(proto, type, bytes).rewind());
  }

  private Optional<MemorySegment> rawData(TensorProto proto) {
    List<Long> index = proto.getUnknownFields().getField(Skeleton.INDEX_FIELD).getVarintList();
    if (!index.isEmpty()) {
      long i = index.getLast();
      check(i >= 0 && i < weights.size(), "it has an unknown field");
      return Optional.of(weights.get((int) i));
    }
    return proto.hasRawData()
        ? Optional.of(MemorySegment.ofBuffer(proto.getRawData().asReadOnlyByteBuffer()))
        : Optional.empty();
  }

  private static long bytes(ElementType type, ImmutableLongArray sizes) {
    long count = 1;
    for (int axis = 0; axis < sizes.length(); axis++) {
      check(sizes.get(axis) >= 0, "size %d of axis %d is negative", sizes.get(axis), axis);
    }
    try {
      for (int axis = 0; axis < sizes.length() && count > 0; axis++) {
        count = sizes.asList().contains(0L) ? 0 : Math.multiplyExact(count, sizes.get(axis));
      }
      return type.bytes(count);
    } catch (ArithmeticException e) {
      throw new TenrecException(ErrorCode.INVALID_MODEL, "sizes %s overflow".formatted(sizes), e);
    }
  }

  /** Elements in protobuf's fields; how many there are is checked before memory is taken. */
  private static ByteBuffer typedData(TensorProto proto, ElementType type, long bytes) {
    return switch (type) {
      case FLOAT32 -> {
        ByteBuffer data = allocate(proto.getFloatDataCount(), Float.BYTES, bytes);
        proto.getFloatDataList().forEach(data::putFloat);
        yield data;
      }
      case FLOAT64 -> {
        ByteBuffer data = allocate(proto.getDoubleDataCount(), Double.BYTES, bytes);
        proto.getDoubleDataList().forEach(data::putDouble);
        yield data;
      }
      case INT64 -> {
        ByteBuffer data = allocate(proto.getInt64DataCount(), Long.BYTES, bytes);
        proto.getInt64DataList().forEach(data::putLong);
        yield data;
      }
      case UINT64 -> {
        ByteBuffer data = allocate(proto.getUint64DataCount(), Long.BYTES, bytes);
        proto.getUint64DataList().forEach(data::putLong);
        yield data;
      }
      case UINT32 -> {
        ByteBuffer data = allocate(proto.getUint64DataCount(), Integer.BYTES, bytes);
        proto.getUint64DataList().forEach(element -> data.putInt(element.intValue()));
        yield data;
      }
      case INT32 -> {
        ByteBuffer data = allocate(proto.getInt32DataCount(), Integer.BYTES, bytes);
        proto.getInt32DataList().forEach(data::putInt);
        yield data;
      }
      case FLOAT16, BFLOAT16, INT16, UINT16 -> {
        ByteBuffer data = allocate(proto.getInt32DataCount(), Short.BYTES, bytes);
        proto.getInt32DataList().forEach(element -> data.putShort(element.shortValue()));
        yield data;
      }
      // Elements of less than a byte come packed, as they lie in memory.
      case INT8,
          UINT8,
          BOOL,
          INT2,
          UINT2,
          INT4,
          UINT4,
          FLOAT4E2M1,
          FLOAT8E4M3FN,
          FLOAT8E4M3FNUZ,
          FLOAT8E5M2,
          FLOAT8E5M2FNUZ,
          FLOAT8E8M0 -> {
        ByteBuffer data = allocate(proto.getInt32DataCount(), Byte.BYTES, bytes);
        proto.getInt32DataList().forEach(element -> data.put(element.byteValue()));
        yield data;
      }
    };
  }

  private static ByteBuffer allocate(int count, int width, long bytes) {
    check(
        (long) count * width == bytes,
        "%d bytes of data, but the sizes need %d",
        (long) count * width,
        bytes);
    check(bytes <= MAX_ARRAY, "%d bytes need raw or external data", bytes);
    return ByteBuffer.allocate((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @FormatMethod
  private static void check(boolean condition, String problem, Object... arguments) {
    if (!condition) {
      throw new TenrecException(ErrorCode.INVALID_MODEL, problem.formatted(arguments));
    }
  }
}
