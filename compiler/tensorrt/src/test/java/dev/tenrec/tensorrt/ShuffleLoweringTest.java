package dev.tenrec.tensorrt;

import static dev.tenrec.ir.Terms.vector;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Shuffle;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ShuffleLoweringTest {

  private static TensorType type(List<Long> sizes) {
    return Shapes.of(ElementType.INT64, sizes);
  }

  @Provide
  Arbitrary<List<Long>> shapes() {
    return Shapes.any(1, 4);
  }

  @Property(tries = 40)
  void transpose(@ForAll("shapes") List<Long> sizes, @ForAll long seed) {
    List<Integer> axes = new ArrayList<>(IntStream.range(0, sizes.size()).boxed().toList());
    Collections.shuffle(axes, new Random(seed));
    LoweringCheck.check(
        x -> new Shuffle.Transpose(x.getFirst(), ImmutableList.copyOf(axes)), type(sizes));
  }

  /** A shape and some places where axes of size 1 are inserted. */
  record Inserted(List<Long> sizes, ImmutableList<Integer> axes) {}

  @Provide
  Arbitrary<Inserted> inserted() {
    return Combinators.combine(Shapes.any(0, 4), Arbitraries.of(true, false).list().ofSize(7))
        .as((sizes, places) -> {
          int added = (int) places.subList(0, 3).stream().filter(place -> place).count();
          List<Integer> all =
              new ArrayList<>(IntStream.range(0, sizes.size() + added).boxed().toList());
          Collections.shuffle(all, new Random(places.hashCode()));
          return new Inserted(
              sizes, all.stream().limit(added).sorted().collect(ImmutableList.toImmutableList()));
        });
  }

  @Property(tries = 40)
  void unsqueeze(@ForAll("inserted") Inserted inserted) {
    LoweringCheck.check(
        x -> new Shuffle.Unsqueeze(x.getFirst(), inserted.axes()), type(inserted.sizes()));
  }

  @Property(tries = 40)
  void squeeze(@ForAll("inserted") Inserted inserted) {
    List<Long> sizes = new ArrayList<>(inserted.sizes());
    inserted.axes().forEach(axis -> sizes.add(axis, 1L));
    LoweringCheck.check(x -> new Shuffle.Squeeze(x.getFirst(), inserted.axes()), type(sizes));
  }

  @Test
  void reshape() {
    LoweringCheck.check(
        x -> new Shuffle.Reshape(x.getFirst(), vector(0, -1), true), type(List.of(2L, 3L, 4L)));
    LoweringCheck.check(
        x -> new Shuffle.Reshape(x.getFirst(), vector(4, -1, 3), false), type(List.of(2L, 6L)));
    LoweringCheck.check(
        x -> new Shuffle.Reshape(x.getFirst(), vector(), false), type(List.of(1L, 1L)));
    LoweringCheck.check(x -> new Shuffle.Reshape(x.getFirst(), vector(1), false), type(List.of()));
    LoweringCheck.checkKnown(
        x -> new Shuffle.Reshape(x.getFirst(), vector(3, 0, 2), false), type(List.of(0L, 5L)));
  }

  @Test
  void reshapeToComputedSizes() {
    // Two open sizes change their place, which no fixed parameter can say.
    LoweringCheck.check(
        x -> new Shuffle.Reshape(x.get(0), new Source.ShapeOf(x.get(1)).value(), false),
        type(List.of(2L, 3L, 4L)),
        type(List.of(4L, 2L, 3L)));
  }

  @Property(tries = 20)
  void concat(@ForAll("shapes") List<Long> sizes) {
    int axis = sizes.size() - 1;
    List<Long> longer = new ArrayList<>(sizes);
    longer.set(axis, sizes.get(axis) + 2);
    LoweringCheck.check(
        x -> new Shuffle.Concat(ImmutableList.of(x.get(0), x.get(1), x.get(0)), axis),
        type(sizes),
        type(longer));
  }

  @Test
  void concatOfNothingElse() {
    LoweringCheck.check(x -> new Shuffle.Concat(ImmutableList.of(x.get(0)), 0), type(List.of(3L)));
    LoweringCheck.checkKnown(
        x -> new Shuffle.Concat(ImmutableList.of(x.get(0), x.get(1)), 0),
        type(List.of(0L, 2L)),
        type(List.of(3L, 2L)));
  }

  /** A shape and one that it is broadcast to. */
  record Widened(List<Long> wide, List<Long> narrow) {}

  @Provide
  Arbitrary<Widened> widened() {
    return Shapes.any(1, 4)
        .flatMap(wide -> Shapes.narrower(wide).map(narrow -> new Widened(wide, narrow)));
  }

  @Property(tries = 40)
  void expand(@ForAll("widened") Widened shapes) {
    long[] sizes = shapes.wide().stream().mapToLong(Long::longValue).toArray();
    LoweringCheck.check(
        x -> new Shuffle.Expand(x.getFirst(), vector(sizes)), type(shapes.narrow()));
    LoweringCheck.check(
        x -> new Shuffle.Expand(x.get(0), new Source.ShapeOf(x.get(1)).value()),
        type(shapes.narrow()),
        type(shapes.wide()));
  }

  @Test
  void expandOfBooleans() {
    LoweringCheck.check(
        x -> new Shuffle.Expand(x.getFirst(), vector(2, 3)), TensorType.of(ElementType.BOOL, 2, 1));
  }

  @Property(tries = 20)
  void tile(@ForAll("shapes") List<Long> sizes) {
    long[] repeats = IntStream.range(0, sizes.size()).mapToLong(i -> (i + 1) % 3 + 1).toArray();
    LoweringCheck.check(x -> new Shuffle.Tile(x.getFirst(), vector(repeats)), type(sizes));
  }

  @Test
  void padInEachMode() {
    Value fill = new Source.Constant(Tensor.scalar(ElementType.FLOAT32, 7)).value();
    for (Shuffle.PadMode mode : Shuffle.PadMode.values()) {
      LoweringCheck.check(
          x -> new Shuffle.Pad(x.getFirst(), vector(0, 2, 1, 0, 1, 3), fill, mode),
          Tensors.random(3, 2, 3, 5));
      LoweringCheck.check(
          x -> new Shuffle.Pad(x.getFirst(), vector(-1, 0, -1, 1), fill, mode),
          Tensors.random(3, 3, 4));
    }
  }
}
