package dev.tenrec.ir.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TensorTest {
  private static ImmutableLongArray sizes(long... sizes) {
    return ImmutableLongArray.copyOf(sizes);
  }

  private static MemorySegment bytes(int... bytes) {
    byte[] array = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      array[i] = (byte) bytes[i];
    }
    return MemorySegment.ofArray(array);
  }

  @Test
  void fourBitElementsArePackedLowNibbleFirst() {
    Tensor signed = Tensor.of(ElementType.INT4, sizes(3), bytes(0xF7, 0x08));
    assertThat(signed.toLongs()).containsExactly(7, -1, -8);
    Tensor unsigned = Tensor.of(ElementType.UINT4, sizes(3), bytes(0xF7, 0x08));
    assertThat(unsigned.toLongs()).containsExactly(7, 15, 8);
    Tensor written = Tensor.ofLongs(ElementType.INT4, sizes(3), i -> new long[] {7, -1, -8}[i]);
    assertThat(written).isEqualTo(signed);
    assertThat(written.data().byteSize()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource
  void copiesSomeElementsAsFloats(ElementType type) {
    Tensor tensor = Tensor.ofBits(type, sizes(1 << 17), i -> (i * 0x9E3779B97F4A7C15L) >> 7);
    int first = 3;
    int length = (1 << 17) - 2 * first;
    float[] copied = new float[length + 1];
    float[] single = new float[length + 1];
    tensor.copyFloats(first, copied, length);
    for (int i = 0; i < length; i++) {
      single[i] = (float) tensor.getDouble(first + i);
    }
    assertThat(copied).isEqualTo(single);
  }

  @ParameterizedTest
  @CsvSource({
    "INT8, 300, 44",
    "UINT8, -1, 255",
    "INT16, 40000, -25536",
    "UINT16, -1, 65535",
    "INT32, 4294967295, -1",
    "UINT32, -1, 4294967295",
    "INT64, -5, -5",
    "INT4, 9, -7",
    "UINT4, 17, 1",
    "BOOL, 7, 1"
  })
  void integersKeepTheirLowBits(ElementType type, long value, long stored) {
    assertThat(Tensor.ofLongs(type, sizes(), _ -> value).getLong(0)).isEqualTo(stored);
  }

  @Test
  void largestUnsignedNumbersAreNotNegative() {
    Tensor tensor = Tensor.ofLongs(ElementType.UINT64, sizes(2), i -> i == 0 ? -1 : 5);
    assertThat(tensor.getDouble(0)).isEqualTo(0x1p64);
    assertThat(tensor.getDouble(1)).isEqualTo(5);
  }

  @Property
  void integersBecomeFloatsInOneRounding(@ForAll long value) {
    Tensor tensor = Tensor.ofLongs(ElementType.FLOAT32, sizes(), _ -> value);
    assertThat((float) tensor.getDouble(0)).isEqualTo((float) value);
  }

  @Property
  void unsignedNumbersBecomeDoubles(@ForAll long value) {
    Tensor tensor = Tensor.ofLongs(ElementType.UINT64, sizes(), _ -> value);
    assertThat(tensor.getDouble(0))
        .isEqualTo(new java.math.BigDecimal(Long.toUnsignedString(value)).doubleValue());
  }

  @ParameterizedTest
  @EnumSource(ElementType.class)
  void patternsSurviveCopying(ElementType type) {
    int count = Math.min(1 << type.bits() % 32, 256);
    Tensor all = Tensor.ofBits(type, sizes(count), i -> i * 0x0123_4567_89AB_CDEFL + i);
    Tensor copy = Tensor.ofBits(type, sizes(count), i -> all.getBits(i));
    assertThat(copy).isEqualTo(all).hasSameHashCodeAs(all);
    assertThat(copy.data().mismatch(all.data())).isEqualTo(-1);
  }

  @ParameterizedTest
  @EnumSource(ElementType.class)
  void readsOneByOneWhatItGivesAsAWhole(ElementType type) {
    Tensor tensor = Tensor.ofBits(type, sizes(33), i -> i * 0x0F1E_2D3C_4B5A_6978L);
    double[] doubles = tensor.toDoubles();
    long[] longs = tensor.toLongs();
    for (int i = 0; i < 33; i++) {
      assertThat(doubles[i]).isEqualTo(Double.valueOf(tensor.getDouble(i)));
      assertThat(longs[i]).isEqualTo(tensor.getLong(i));
    }
    Tensor again =
        type.isFloating()
            ? Tensor.ofDoubles(type, sizes(33), i -> doubles[i])
            : Tensor.ofLongs(type, sizes(33), i -> longs[i]);
    assertThat(again.toDoubles()).isEqualTo(doubles);
  }

  @Test
  void equalityIsThatOfTypeSizesAndBytes() {
    Tensor tensor = Tensor.ofFloats(sizes(2, 2), 1, 2, 3, 4);
    assertThat(tensor).isEqualTo(Tensor.ofFloats(sizes(2, 2), 1, 2, 3, 4));
    assertThat(tensor).hasSameHashCodeAs(Tensor.ofFloats(sizes(2, 2), 1, 2, 3, 4));
    assertThat(tensor).isNotEqualTo(tensor.withSizes(sizes(4)));
    assertThat(tensor).isNotEqualTo(Tensor.ofFloats(sizes(2, 2), 1, 2, 3, 5));
    assertThat(tensor).isNotEqualTo(Tensor.of(ElementType.INT32, sizes(2, 2), tensor.data()));
    Tensor zero = Tensor.ofFloats(sizes(), 0f);
    assertThat(zero).isNotEqualTo(Tensor.ofFloats(sizes(), -0f));
    Tensor nan = Tensor.ofFloats(sizes(), Float.NaN);
    assertThat(nan).isEqualTo(Tensor.ofFloats(sizes(), Float.NaN));
  }

  @Test
  void mappedFilesAreNotCopied(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("weights");
    Files.write(file, new byte[] {0, 0, 0x20, 0x41});
    try (Arena arena = Arena.ofConfined();
        FileChannel channel = FileChannel.open(file)) {
      MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, 4, arena);
      Tensor tensor = Tensor.of(ElementType.FLOAT32, sizes(1), mapped);
      assertThat(tensor.toDoubles()).containsExactly(10);
      assertThat(tensor.withSizes(sizes(1, 1)).data()).isSameAs(mapped);
      assertThat(tensor).isEqualTo(Tensor.ofFloats(sizes(1), 10));
    }
  }

  @Test
  void memoryMustBeOfTheRightSize() {
    assertThatThrownBy(() -> Tensor.of(ElementType.INT32, sizes(2), bytes(0, 0, 0, 0, 0, 0, 0)))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("int32[2] takes 8 bytes, but there are 7");
    assertThatThrownBy(() -> Tensor.ofFloats(sizes(3), 1, 2))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("2 elements for sizes [3]");
  }

  @ParameterizedTest
  @ValueSource(longs = {1L << 32, 1L << 40, Long.MAX_VALUE})
  void sizesFromDamagedFilesDoNotTakeMemory(long size) {
    for (ElementType type : ElementType.values()) {
      assertThatThrownBy(() -> Tensor.ofLongs(type, sizes(size, 3), _ -> 0))
          .isInstanceOfSatisfying(
              TenrecException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_LARGE));
      assertThatThrownBy(() -> Tensor.of(type, sizes(size, size), bytes(0)))
          .isInstanceOf(TenrecException.class);
    }
    Tensor scalar = Tensor.scalar(ElementType.INT8, 1);
    assertThatThrownBy(() -> scalar.withSizes(sizes(size, size)))
        .isInstanceOf(TenrecException.class);
  }

  @Test
  void negativeSizesAreRefused() {
    assertThatThrownBy(() -> Tensor.ofLongs(ElementType.INT8, sizes(2, -3), _ -> 0))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("negative size");
  }

  @Test
  void emptyTensorsAndScalarsHaveTheirCount() {
    assertThat(Tensor.ofLongs(ElementType.INT64, sizes(0, 1L << 50), _ -> 1).count()).isZero();
    assertThat(Tensor.scalar(ElementType.FLOAT16, 2).count()).isEqualTo(1);
    assertThat(Tensor.ofLongs().toLongs()).isEmpty();
  }
}
