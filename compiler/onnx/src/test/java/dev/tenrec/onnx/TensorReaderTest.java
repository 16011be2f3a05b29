package dev.tenrec.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import dev.tenrec.onnx.proto.TensorProto;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tensors come out the same from each of ONNX's encodings. */
class TensorReaderTest {
  private final TensorReader reader = new TensorReader(new ExternalData(Path.of(".")), List.of());

  @ParameterizedTest
  @EnumSource
  void readsRawData(ElementType type) {
    Tensor tensor = Tensors.random(TensorType.of(type, 3, 5), 1);
    assertThat(reader.read(TestModel.tensor(tensor).build())).isEqualTo(tensor);
  }

  /** An odd number of elements, so that the last bits of packed types are padding. */
  @ParameterizedTest
  @EnumSource
  void readsTypedData(ElementType type) {
    Tensor tensor = Tensors.random(TensorType.of(type, 3, 5), 2);
    assertThat(reader.read(typed(tensor).build())).isEqualTo(tensor);
  }

  /** The field that ONNX assigns to the type, with elements of its width. */
  private static TensorProto.Builder typed(Tensor tensor) {
    TensorProto.Builder proto = TestModel.tensor(tensor).clearRawData();
    ByteBuffer data =
        ByteBuffer.wrap(tensor.data().toArray(ValueLayout.JAVA_BYTE))
            .order(ByteOrder.LITTLE_ENDIAN);
    while (data.hasRemaining()) {
      switch (tensor.elementType()) {
        case FLOAT32 -> proto.addFloatData(data.getFloat());
        case FLOAT64 -> proto.addDoubleData(data.getDouble());
        case INT64 -> proto.addInt64Data(data.getLong());
        case UINT64 -> proto.addUint64Data(data.getLong());
        case UINT32 -> proto.addUint64Data(Integer.toUnsignedLong(data.getInt()));
        case INT32 -> proto.addInt32Data(data.getInt());
        case INT16 -> proto.addInt32Data(data.getShort());
        case UINT16, FLOAT16, BFLOAT16 -> proto.addInt32Data(Short.toUnsignedInt(data.getShort()));
        case INT8 -> proto.addInt32Data(data.get());
        case UINT8,
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
            FLOAT8E8M0 ->
            proto.addInt32Data(Byte.toUnsignedInt(data.get()));
      }
    }
    return proto;
  }

  @Test
  void readsScalarsAndEmptyTensors() {
    Tensor scalar = Tensor.scalar(ElementType.FLOAT32, 7);
    Tensor empty = Tensors.floats(Tensors.sizes(0, 4));
    assertThat(reader.read(typed(scalar).build())).isEqualTo(scalar);
    assertThat(reader.read(typed(empty).build())).isEqualTo(empty);
    assertThat(reader.read(TestModel.tensor(empty).build())).isEqualTo(empty);
  }

  @Test
  void refusesDataOfAnotherSize() {
    TensorProto.Builder proto = TestModel.tensor(Tensors.random(1, 2, 3)).setName("w");
    assertRefused(
        proto.clone().setDims(0, 3), "tensor 'w': 24 bytes of data, but the sizes need 36");
    assertRefused(proto.clone().clearRawData(), "0 bytes of data, but the sizes need 24");
    assertRefused(proto.clone().clearRawData().addFloatData(1), "4 bytes of data");
  }

  /** None of these may take memory before the data is found to be missing. */
  @ParameterizedTest
  @ValueSource(longs = {Long.MAX_VALUE, 1L << 62, 1L << 40, Integer.MAX_VALUE})
  void refusesHugeSizes(long size) {
    TensorProto.Builder proto =
        TensorProto.newBuilder().setDataType(TensorProto.DataType.FLOAT_VALUE).addDims(size);
    assertThatThrownBy(() -> reader.read(proto.build())).isInstanceOf(TenrecException.class);
    assertThatThrownBy(() -> reader.read(proto.addDims(size).build()))
        .isInstanceOf(TenrecException.class);
  }

  @Test
  void refusesNegativeSizes() {
    assertRefused(
        TestModel.tensor(Tensors.random(1, 2)).setDims(0, -2), "size -2 of axis 0 is negative");
  }

  @Test
  void refusesTypesThatAreNoNumbers() {
    TensorProto.Builder proto = TestModel.tensor(Tensors.random(1, 2));
    assertRefused(
        proto.clone().setDataType(TensorProto.DataType.STRING_VALUE),
        "element type STRING is not supported");
    assertRefused(
        proto.clone().setDataType(TensorProto.DataType.COMPLEX64_VALUE),
        "element type COMPLEX64 is not supported");
    assertRefused(proto.clone().setDataType(99), "99 is not the number of an element type");
    assertRefused(proto.clone().setDataType(0), "0 is not the number of an element type");
  }

  @Test
  void refusesSegments() {
    assertRefused(
        TestModel.tensor(Tensors.random(1, 2))
            .setSegment(TensorProto.Segment.newBuilder().setBegin(0).setEnd(1)),
        "split into segments");
  }

  @Test
  void doesNotCopyRawData() {
    ByteString raw = ByteString.copyFrom(new byte[8]);
    TensorProto proto = TestModel.tensor(Tensors.random(1, 2)).setRawData(raw).build();
    assertThat(reader.read(proto).data().heapBase()).isEmpty();
    assertThat(reader.read(proto).data()).isEqualTo(reader.read(proto).data());
  }

  private void assertRefused(TensorProto.Builder proto, String problem) {
    assertThatThrownBy(() -> reader.read(proto.build()))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining(problem);
  }
}
