package dev.tenrec.compiler.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.SharedData;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NpzTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  private Path npz(String header, byte[] elements) throws IOException {
    ByteArrayOutputStream array = new ByteArrayOutputStream();
    byte[] text = header.getBytes(StandardCharsets.US_ASCII);
    array.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    array.write(new byte[] {(byte) text.length, (byte) (text.length >> 8)});
    array.write(text);
    array.write(elements);
    return zip("a.npy", array.toByteArray());
  }

  private Path zip(String name, byte[] content) throws IOException {
    Path file = folder.resolve("in.npz");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry(name));
      zip.write(content);
    }
    return file;
  }

  @Test
  void readsWhatNumPyWrote() {
    ImmutableMap<String, Tensor> arrays =
        Npz.read(SharedData.repository().resolve("testdata/digits/test.npz"));
    assertThat(arrays.keySet()).containsExactly("image", "label", "logits_fp32");
    Tensor logits = Objects.requireNonNull(arrays.get("logits_fp32"));
    Tensor labels = Objects.requireNonNull(arrays.get("label"));
    assertThat(logits.sizes()).isEqualTo(ImmutableLongArray.of(597, 10));
    long correct =
        LongStream.range(0, 597).filter(i -> best(logits, i) == labels.getLong(i)).count();
    assertThat(correct).isEqualTo(594);
  }

  private static long best(Tensor logits, long row) {
    return LongStream.range(0, 10)
        .boxed()
        .max(Comparator.comparingDouble(i -> logits.getDouble(row * 10 + i)))
        .orElseThrow();
  }

  @Test
  void readsFortranOrder() throws IOException {
    byte[] columns = {1, 4, 2, 5, 3, 6};
    Path file = npz("{'descr': '|i1', 'fortran_order': True, 'shape': (2, 3), }\n", columns);
    assertThat(Npz.read(file).get("a"))
        .isEqualTo(Tensor.ofLongs(ElementType.INT8, ImmutableLongArray.of(2, 3), i -> i + 1));
  }

  @Property(tries = 50)
  void whatIsWrittenIsReadBack(
      @ForAll @Size(max = 4) List<@IntRange(max = 4) Integer> sizes, @ForAll ElementType type)
      throws IOException {
    ImmutableLongArray shape =
        ImmutableLongArray.copyOf(sizes.stream().mapToLong(Integer::longValue));
    Tensor tensor = Tensor.ofLongs(type, shape, i -> i % 3);
    Path file = Files.createTempFile("tenrec", ".npz");
    Npz.write(file, ImmutableMap.of("x", tensor));
    Tensor back = Npz.read(file).get("x");
    Files.delete(file);
    assertThat(back).isNotNull();
    assertThat(back.sizes()).isEqualTo(shape);
    assertThat(back.elementType()).isEqualTo(NpyHeader.storedAs(type));
    assertThat(back.toDoubles()).isEqualTo(tensor.toDoubles());
  }

  @Test
  void headersEndOnAlignedOffsets() throws IOException {
    Path file = folder.resolve("out.npz");
    Npz.write(file, ImmutableMap.of("x", Tensor.ofLongs(1, 2, 3)));
    try (var zip = new java.util.zip.ZipFile(file.toFile())) {
      byte[] array = zip.getInputStream(zip.getEntry("x.npy")).readAllBytes();
      int header = ByteBuffer.wrap(array).order(ByteOrder.LITTLE_ENDIAN).getShort(8);
      assertThat((10 + header) % 64).isZero();
      assertThat(array).hasSize(10 + header + 24);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }",
        "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (9,), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999,), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (9999999999999999999,), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296), }",
        "{'shape': (1,)}",
        "",
      })
  void badArraysAreRefused(String header) throws IOException {
    Path file = npz(header, new byte[4]);
    assertThatThrownBy(() -> Npz.read(file))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("in.npz")
        .extracting(e -> ((TenrecException) e).code())
        .isEqualTo(ErrorCode.INVALID_INPUT);
  }

  @Test
  void badFilesAreRefused() throws IOException {
    Path text = Files.writeString(folder.resolve("text.npz"), "no zip");
    assertThatThrownBy(() -> Npz.read(text)).hasMessageContaining("text.npz cannot be read");
    Path missing = folder.resolve("missing.npz");
    assertThatThrownBy(() -> Npz.read(missing)).hasMessageContaining("does not exist");
    Path truncated = zip("a.npy", new byte[] {1, 2});
    assertThatThrownBy(() -> Npz.read(truncated)).hasMessageContaining("not an array");
  }

  @Test
  void damagedElementsAreFound() throws IOException {
    Path file = npz("{'descr': '|i1', 'fortran_order': False, 'shape': (9,), }", new byte[9]);
    byte[] archive = Files.readAllBytes(file);
    int central = new String(archive, StandardCharsets.ISO_8859_1).lastIndexOf("PK\1\2");
    archive[central + 16] ^= 1;
    Files.write(file, archive);
    assertThatThrownBy(() -> Npz.read(file)).hasMessageContaining("array 'a.npy' cannot be read");
  }

  @Test
  void whatIsBehindAnArrayIsNotIgnored() throws IOException {
    Path file = npz("{'descr': '|i1', 'fortran_order': False, 'shape': (1,), }", new byte[2]);
    assertThatThrownBy(() -> Npz.read(file)).hasMessageContaining("more than one array");
  }

  @Test
  void arraysThatEndTooEarlyAreRefused() throws IOException {
    Path file = zip("a.npy", new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1});
    assertThatThrownBy(() -> Npz.read(file)).hasMessageContaining("it ends too early");
  }

  @Test
  void adviceReachesTheUser() throws IOException {
    Path file = npz("{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }", new byte[4]);
    assertThatThrownBy(() -> Npz.read(file)).hasMessageContaining("save little-endian numbers");
  }

  @Test
  void namesThatDoNotFitAreRefused() {
    Path file = folder.resolve("out.npz");
    assertThatThrownBy(
            () -> Npz.write(file, ImmutableMap.of("x".repeat(70_000), Tensor.ofLongs(1))))
        .hasMessageContaining("the name of an array is too long");
    assertThat(folder).isEmptyDirectory();
  }
}
