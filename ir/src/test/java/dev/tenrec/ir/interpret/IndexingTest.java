package dev.tenrec.ir.interpret;

import static dev.tenrec.ir.interpret.Evaluation.evaluate;
import static dev.tenrec.ir.interpret.Evaluation.failure;
import static dev.tenrec.ir.testing.Tensors.counting;
import static dev.tenrec.ir.testing.Tensors.floats;
import static dev.tenrec.ir.testing.Tensors.longs;
import static dev.tenrec.ir.testing.Tensors.random;
import static dev.tenrec.ir.testing.Tensors.sizes;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Indexing.Gather;
import dev.tenrec.ir.Indexing.GatherElements;
import dev.tenrec.ir.Indexing.GatherNd;
import dev.tenrec.ir.Indexing.ScatterElements;
import dev.tenrec.ir.Indexing.ScatterKind;
import dev.tenrec.ir.Indexing.ScatterNd;
import dev.tenrec.ir.Source.Constant;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IndexingTest {
  private static final Tensor GRID = counting(ElementType.INT64, 2, 3);

  private static Tensor gather(Tensor x, Tensor indices, int axis) {
    return evaluate(v -> new Gather(v.get(0), v.get(1), axis), x, indices);
  }

  private static Tensor scatterElements(
      ScatterKind kind, Tensor x, Tensor indices, Tensor updates, int axis) {
    return evaluate(
        v -> new ScatterElements(kind, v.get(0), v.get(1), v.get(2), axis), x, indices, updates);
  }

  private static Tensor scatterNd(ScatterKind kind, Tensor x, Tensor indices, Tensor updates) {
    return evaluate(v -> new ScatterNd(kind, v.get(0), v.get(1), v.get(2)), x, indices, updates);
  }

  @Test
  void gatherReplacesTheAxisByTheIndices() {
    assertThat(gather(GRID, longs(sizes(), -1), 1)).isEqualTo(longs(sizes(2), 2, 5));
    assertThat(gather(GRID, longs(sizes(1, 2), 1, 0), 0))
        .isEqualTo(longs(sizes(1, 2, 3), 3, 4, 5, 0, 1, 2));
    assertThat(gather(GRID, longs(sizes(2, 2), 0, 0, 2, -3), 1))
        .isEqualTo(longs(sizes(2, 2, 2), 0, 0, 2, 0, 3, 3, 5, 3));
    assertThat(gather(GRID, longs(sizes(0)), 0).sizes()).isEqualTo(sizes(0, 3));
    Tensor narrow = Tensor.ofLongs(ElementType.INT32, sizes(1), _ -> -2);
    assertThat(gather(counting(ElementType.INT4, 5), narrow, 0).toLongs()).containsExactly(3);
  }

  @ParameterizedTest
  @CsvSource({"3", "-4", "9223372036854775807", "-9223372036854775808"})
  void indicesOutOfRangeAreInvalidInput(long index) {
    assertThat(failure(v -> new Gather(v.get(0), v.get(1), 1), GRID, Tensor.ofLongs(index)))
        .hasMessageContaining(
            "Gather: position %d is outside of an axis of size 3".formatted(index))
        .extracting(e -> e.code())
        .isEqualTo(ErrorCode.INVALID_INPUT);
    assertThat(
            failure(
                v -> new GatherElements(v.get(0), v.get(1), 1), GRID, longs(sizes(1, 1), index)))
        .hasMessageContaining("GatherElements: position");
    assertThat(failure(v -> new GatherNd(v.get(0), v.get(1), 0), GRID, longs(sizes(2), 0, index)))
        .hasMessageContaining("GatherNd: position");
    assertThat(
            failure(
                v -> new ScatterNd(ScatterKind.ADD, v.get(0), v.get(1), v.get(2)),
                GRID,
                longs(sizes(2), 0, index),
                longs(sizes(), 1)))
        .hasMessageContaining("ScatterNd: position");
  }

  @Test
  void gatherReadsTablesLargerThanTheHeap(@TempDir Path folder) throws IOException {
    long rows = 1L << 30;
    Path file = folder.resolve("table");
    try (Arena arena = Arena.ofConfined();
        FileChannel channel = FileChannel.open(file, CREATE, READ, WRITE)) {
      // A hole but for its last bytes: it takes no room.
      channel.write(ByteBuffer.wrap(new byte[] {0, 0, (byte) 0xE0, 0x40}), rows * 16 - 4);
      MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, rows * 16, arena);
      Tensor table = Tensor.of(ElementType.FLOAT32, sizes(rows, 4), mapped);
      ImmutableList<Tensor> operands = ImmutableList.of(table, Tensor.ofLongs(-1));
      List<Value> values = operands.stream().map(x -> new Constant(x).value()).toList();
      Gather gather = new Gather(values.get(0), values.get(1), 0);
      assertThat(Interpreter.evaluate(gather, operands, _ -> 0))
          .containsExactly(floats(sizes(1, 4), 0, 0, 0, 7));
    }
  }

  @Test
  void gatherElementsKeepsTheOtherPositions() {
    assertThat(
            evaluate(
                v -> new GatherElements(v.get(0), v.get(1), 1),
                GRID,
                longs(sizes(2, 2), 2, 0, -1, 1)))
        .isEqualTo(longs(sizes(2, 2), 2, 0, 5, 4));
    assertThat(
            evaluate(
                v -> new GatherElements(v.get(0), v.get(1), 0),
                GRID,
                longs(sizes(3, 2), 0, 1, 1, 1, 0, 0)))
        .isEqualTo(longs(sizes(3, 2), 0, 4, 3, 4, 0, 1));
    assertThat(
            failure(
                v -> new GatherElements(v.get(0), v.get(1), 0),
                GRID,
                longs(sizes(1, 4), 0, 0, 0, 0)))
        .hasMessageContaining("reach beyond axis 1 of int64[2, 3]");
  }

  @Test
  void gatherNdFollowsTuples() {
    assertThat(
            evaluate(
                v -> new GatherNd(v.get(0), v.get(1), 0), GRID, longs(sizes(2, 2), 0, 1, 1, -1)))
        .isEqualTo(Tensor.ofLongs(1, 5));
    assertThat(evaluate(v -> new GatherNd(v.get(0), v.get(1), 0), GRID, longs(sizes(1, 1), 1)))
        .isEqualTo(longs(sizes(1, 3), 3, 4, 5));
    assertThat(evaluate(v -> new GatherNd(v.get(0), v.get(1), 1), GRID, longs(sizes(2, 1), 2, 0)))
        .isEqualTo(Tensor.ofLongs(2, 3));
    assertThat(evaluate(v -> new GatherNd(v.get(0), v.get(1), 0), GRID, longs(sizes(2, 0))))
        .isEqualTo(longs(sizes(2, 2, 3), 0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5));
    assertThat(failure(v -> new GatherNd(v.get(0), v.get(1), 1), GRID, longs(sizes(3, 1), 0, 0, 0)))
        .hasMessageContaining("differ in the first 1 dimensions");
  }

  @ParameterizedTest
  @CsvSource({"REPLACE, 7 1 5", "ADD, 10 1 14", "MUL, 0 1 70", "MIN, 0 1 2", "MAX, 7 1 7"})
  void scatterCombinesInOrder(ScatterKind kind, String expected) {
    Tensor x = Tensor.ofLongs(0, 1, 2);
    Tensor indices = Tensor.ofLongs(0, -1, 2, 0);
    Tensor updates = Tensor.ofLongs(3, 7, 5, 7);
    assertThat(scatterElements(kind, x, indices, updates, 0).toLongs())
        .containsExactly(Arrays.stream(expected.split(" ")).mapToLong(Long::parseLong).toArray());
    Tensor numbers = scatterElements(kind, asFloats(x), indices, asFloats(updates), 0);
    assertThat(numbers.toDoubles())
        .containsExactly(
            Arrays.stream(expected.split(" ")).mapToDouble(Double::parseDouble).toArray());
  }

  private static Tensor asFloats(Tensor x) {
    return Tensor.ofDoubles(ElementType.FLOAT32, x.sizes(), x::getDouble);
  }

  @Test
  void scatterElementsAlongAnAxis() {
    Tensor x = floats(sizes(3, 3), 0, 0, 0, 0, 0, 0, 0, 0, 0);
    Tensor indices = longs(sizes(2, 2), 1, 0, 2, 1);
    Tensor updates = floats(sizes(2, 2), 1, 2, 3, 4);
    assertThat(scatterElements(ScatterKind.REPLACE, x, indices, updates, 0).toDoubles())
        .containsExactly(0, 2, 0, 1, 4, 0, 3, 0, 0);
    assertThat(scatterElements(ScatterKind.REPLACE, x, indices, updates, 1).toDoubles())
        .containsExactly(2, 1, 0, 0, 4, 3, 0, 0, 0);
    assertThat(
            failure(
                v -> new ScatterElements(ScatterKind.ADD, v.get(0), v.get(1), v.get(2), 0),
                x,
                indices,
                floats(sizes(1, 2), 1, 2)))
        .hasMessageContaining("ScatterElements: updates is float[1, 2], not [2, 2]");
  }

  @Test
  void scatterNdWritesSlices() {
    Tensor x = counting(ElementType.INT64, 3, 2);
    assertThat(
            scatterNd(
                    ScatterKind.REPLACE,
                    x,
                    longs(sizes(2, 1), -1, 0),
                    longs(sizes(2, 2), 7, 8, 9, 6))
                .toLongs())
        .containsExactly(9, 6, 2, 3, 7, 8);
    assertThat(
            scatterNd(ScatterKind.ADD, x, longs(sizes(2, 2), 1, 1, 1, 1), Tensor.ofLongs(10, 20))
                .toLongs())
        .containsExactly(0, 1, 2, 33, 4, 5);
    Tensor nan = Tensor.ofBits(ElementType.FLOAT32, sizes(1), _ -> 0x7FC0_0001);
    assertThat(scatterNd(ScatterKind.REPLACE, floats(1, 2), longs(sizes(1, 1), 0), nan).getBits(0))
        .isEqualTo(0x7FC0_0001);
  }

  /** Writing what was read from the same places changes nothing. */
  @Property(tries = 100)
  void scatterReversesGather(@ForAll @IntRange(max = 2) int axis, @ForAll long seed) {
    Tensor x = random(seed, 3, 3, 3);
    Tensor indices =
        Tensor.ofLongs(
            ElementType.INT64, sizes(2, 3, 1), i -> Math.floorMod(seed + i * 5L, 6L) - 3);
    Tensor read = evaluate(v -> new GatherElements(v.get(0), v.get(1), axis), x, indices);
    assertThat(scatterElements(ScatterKind.REPLACE, x, indices, read, axis)).isEqualTo(x);
    assertThat(scatterElements(ScatterKind.MAX, x, indices, read, axis)).isEqualTo(x);
  }
}
