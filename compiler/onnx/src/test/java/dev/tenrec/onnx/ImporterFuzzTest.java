package dev.tenrec.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenrec.ir.Graph;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Damaged files are imported or refused with an error for the user; nothing else comes out. */
class ImporterFuzzTest {
  /** The digits model with its weights cut off, so that most damage hits the structure. */
  private static byte[] model = new byte[0];

  private static byte[] loop = new byte[0];
  private static byte[] branches = new byte[0];

  @SuppressWarnings("NullAway.Init")
  private static Path file;

  @BeforeContainer
  static void loadModels() throws IOException {
    file = Files.createTempFile("fuzz", ".onnx");
    model = Files.readAllBytes(SharedData.repository().resolve("testdata/digits/digits.onnx"));
    loop = TestGraphs.loop().bytes();
    branches = TestGraphs.branches().bytes();
  }

  @AfterContainer
  static void removeFile() throws IOException {
    Files.deleteIfExists(file);
  }

  @Property(tries = 500)
  void survivesRandomBytes(@ForAll @Size(max = 200) byte[] bytes) throws IOException {
    importWhatever(bytes);
  }

  @Property(tries = 200)
  void survivesTruncation(@ForAll @IntRange(max = 1_000_000) int length) throws IOException {
    importWhatever(Arrays.copyOf(model, length % model.length));
    importWhatever(Arrays.copyOf(loop, length % loop.length));
  }

  @Property(tries = 1000)
  void survivesFlippedBits(@ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int flips)
      throws IOException {
    importWhatever(flipped(loop, new Random(seed), flips));
    importWhatever(flipped(branches, new Random(seed), flips));
    // Weights are most of the file; its nodes come first.
    byte[] head = Arrays.copyOf(model, model.length);
    Random random = new Random(seed);
    for (int i = 0; i < flips; i++) {
      head[random.nextInt(6000)] ^= (byte) (1 << random.nextInt(8));
    }
    importWhatever(head);
  }

  @Property(tries = 300)
  void survivesRepeatedAndSwappedParts(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    byte[] bytes = loop.clone();
    int length = 1 + random.nextInt(40);
    int from = random.nextInt(bytes.length - length);
    int to = random.nextInt(bytes.length - length);
    System.arraycopy(loop, from, bytes, to, length);
    importWhatever(bytes);
  }

  private static byte[] flipped(byte[] original, Random random, int flips) {
    byte[] bytes = original.clone();
    for (int i = 0; i < flips; i++) {
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return bytes;
  }

  private static void importWhatever(byte[] bytes) throws IOException {
    // A new file each time: the old one may still be mapped.
    Files.delete(file);
    Files.write(file, bytes);
    try {
      Graph graph = OnnxImporter.read(file);
      assertThat(graph.nodes()).isNotNull();
    } catch (TenrecException e) {
      assertThat(e.getMessage()).contains(file.getFileName().toString());
      assertThat(e.code()).as(e.getMessage()).isNotEqualTo(ErrorCode.INTERNAL);
    }
    List<TenrecException> findings = checked();
    assertThat(findings).noneMatch(finding -> finding.code() == ErrorCode.INTERNAL);
  }

  private static List<TenrecException> checked() {
    try {
      return OnnxImporter.check(file);
    } catch (TenrecException e) {
      return List.of(e);
    }
  }
}
