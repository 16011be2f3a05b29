package dev.tenrec.tensorrt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenrec.ir.ControlFlow;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Indexing;
import dev.tenrec.ir.Indexing.ScatterElements;
import dev.tenrec.ir.Indexing.ScatterKind;
import dev.tenrec.ir.Indexing.ScatterNd;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.tensorrt.legalize.Legalization;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scatters that combine, computed by the layers that they become: few places, many updates. */
class DecomposeScatterTest {
  private static Tensor indices(ElementType type, Random random, int size, long... sizes) {
    return Tensor.ofLongs(type, Tensors.sizes(sizes), _ -> random.nextInt(-size, size));
  }

  private static Tensor random(ElementType type, Random random, long... sizes) {
    return Tensors.random(TensorType.of(type, sizes), random.nextLong());
  }

  /** With open sizes these become loops. */
  @Property(tries = 30)
  void elements(
      @ForAll ScatterKind kind,
      @ForAll @IntRange(max = 2) int axis,
      @ForAll boolean integers,
      @ForAll boolean narrow,
      @ForAll Random random) {
    Assume.that(kind != ScatterKind.REPLACE);
    ElementType type = integers ? ElementType.INT32 : ElementType.FLOAT32;
    ElementType indexType = narrow ? ElementType.INT32 : ElementType.INT64;
    LoweringCheck.check(
        v -> new ScatterElements(kind, v.get(0), v.get(1), v.get(2), axis),
        random(type, random, 3, 3, 3),
        indices(indexType, random, 3, 2, 3, axis == 2 ? 7 : 1),
        random(type, random, 2, 3, axis == 2 ? 7 : 1));
  }

  @Property(tries = 30)
  void slices(
      @ForAll ScatterKind kind,
      @ForAll @IntRange(min = 1, max = 3) int tuple,
      @ForAll @IntRange(max = 2) int rank,
      @ForAll boolean integers,
      @ForAll Random random) {
    Assume.that(kind != ScatterKind.REPLACE);
    ElementType type = integers ? ElementType.INT64 : ElementType.FLOAT32;
    long[] many = new long[] {5, 2};
    long[] places = Arrays.copyOf(many, rank + 1);
    places[rank] = tuple;
    long[] updates = Arrays.copyOf(many, rank + 3 - tuple);
    Arrays.fill(updates, rank, updates.length, 3);
    LoweringCheck.checkKnown(
        v -> new ScatterNd(kind, v.get(0), v.get(1), v.get(2)),
        random(type, random, 3, 3, 3),
        indices(ElementType.INT64, random, 3, places),
        random(type, random, updates));
  }

  @Test
  void nothingToWrite() {
    LoweringCheck.checkKnown(
        v -> new ScatterElements(ScatterKind.MAX, v.get(0), v.get(1), v.get(2), 0),
        Tensors.random(1, 3, 2),
        Tensor.ofLongs(ElementType.INT64, Tensors.sizes(0, 2), _ -> 0),
        Tensors.floats(Tensors.sizes(0, 2)));
  }

  @ParameterizedTest
  @CsvSource({"2000, false", "2200, true", "N, true"})
  void loopsWhereThereIsMuchToCompare(String size, boolean loops) {
    Graph graph =
        GraphParser.parse(
            """
            g (float[SIZE] x, int64[SIZE] at, float[SIZE] u) => (float[SIZE] y) {
              y = ScatterElements<kind=add, axis=0>(x, at, u)
            }
            """
                .replace("SIZE", size));
    Graph legal = Legalization.EXACT.run(graph);
    assertThat(legal.nodes().stream().anyMatch(node -> node.op() instanceof ControlFlow))
        .isEqualTo(loops);
    assertThat(legal.nodes().stream().noneMatch(node -> node.op() instanceof Indexing)).isTrue();
  }

  @Test
  void loopsOverSlices() {
    Graph graph =
        GraphParser.parse(
            """
            g (float[N,2] x, int64[3,2,1] at, float[3,2,2] u) => (float[N,2] y) {
              y = ScatterNd<kind=mul>(x, at, u)
            }
            """);
    LoweringCheck.check(
        graph,
        Map.of(
            "x", Tensors.random(1, 4, 2),
            "at", Tensors.longs(Tensors.sizes(3, 2, 1), 0, 1, 1, -1, 3, 1),
            "u", Tensors.random(2, 3, 2, 2)));
  }

  @Test
  void refusesToCombineBooleans() {
    Graph graph =
        GraphParser.parse(
            """
            g (bool[3] x, int64[3] at, bool[3] u) => (bool[3] y) {
              y = ScatterElements<kind=max, axis=0>(x, at, u)
            }
            """);
    assertThatThrownBy(() -> Lowering.lower(graph, new RecordedNetwork()))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("cannot combine with MAX");
  }
}
