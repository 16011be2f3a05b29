package dev.tenrec.tensorrt;

import static dev.tenrec.ir.Terms.constant;

import dev.tenrec.ir.Indexing;
import dev.tenrec.ir.Indexing.ScatterKind;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class IndexingLoweringTest {
  private static final Tensor DATA = Tensors.random(1, 4, 4, 3);

  /** Indices from -4 to 3, different along each axis of length 4. */
  private static Tensor indices(int shift, long... sizes) {
    return Tensor.ofLongs(
        ElementType.INT64, Tensors.sizes(sizes), i -> Math.floorMod(i * 3 + shift, 8) - 4);
  }

  @Property(tries = 10)
  void gather(@ForAll @IntRange(max = 7) int shift, @ForAll @IntRange(max = 1) int axis) {
    LoweringCheck.check(
        x -> new Indexing.Gather(x.get(0), x.get(1), axis), DATA, indices(shift, 2, 2));
    LoweringCheck.check(
        x -> new Indexing.Gather(x.get(0), constant(indices(shift, 3)), axis), DATA);
    LoweringCheck.check(x -> new Indexing.Gather(x.get(0), x.get(1), axis), DATA, indices(shift));
  }

  @Property(tries = 10)
  void gatherElements(@ForAll @IntRange(max = 7) int shift, @ForAll @IntRange(max = 1) int axis) {
    LoweringCheck.check(
        x -> new Indexing.GatherElements(x.get(0), x.get(1), axis), DATA, indices(shift, 4, 4, 3));
  }

  @Property(tries = 10)
  void gatherNd(@ForAll @IntRange(max = 7) int shift) {
    LoweringCheck.check(
        x -> new Indexing.GatherNd(x.get(0), constant(indices(shift, 5, 2)), 0), DATA);
    LoweringCheck.checkKnown(
        x -> new Indexing.GatherNd(x.get(0), x.get(1), 0), DATA, indices(shift, 5, 2));
    LoweringCheck.checkKnown(
        x -> new Indexing.GatherNd(x.get(0), x.get(1), 1), DATA, indices(shift, 4, 1));
  }

  @Test
  void scatterElements() {
    Tensor updates = Tensors.random(2, 4, 4, 3);
    Tensor everywhere =
        Tensor.ofLongs(ElementType.INT64, Tensors.sizes(4, 4, 3), i -> (i / 12 * 3 + 1) % 4 - 4);
    LoweringCheck.check(
        x -> new Indexing.ScatterElements(ScatterKind.REPLACE, x.get(0), x.get(1), x.get(2), 0),
        DATA,
        everywhere,
        updates);
  }

  @Test
  void scatterNd() {
    Tensor updates = Tensors.random(2, 3, 3);
    Tensor places = Tensors.longs(Tensors.sizes(3, 2), 0, -1, -2, 1, 3, 3);
    LoweringCheck.check(
        x -> new Indexing.ScatterNd(ScatterKind.REPLACE, x.get(0), constant(places), x.get(1)),
        DATA,
        updates);
    LoweringCheck.checkKnown(
        x -> new Indexing.ScatterNd(ScatterKind.REPLACE, x.get(0), x.get(1), x.get(2)),
        DATA,
        places,
        updates);
  }
}
