package dev.tenrec.runtime.cpu;

import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Random choices for one case of an operator in one opset. */
final class Draw {
  private final long opset;
  private final Random random;

  Draw(long opset, long seed) {
    this.opset = opset;
    this.random = new Random(seed);
  }

  long opset() {
    return opset;
  }

  /** Whether the opset has what came with a version. */
  boolean since(long version) {
    return opset >= version;
  }

  boolean flip() {
    return random.nextBoolean();
  }

  int between(int least, int most) {
    return random.nextInt(least, most + 1);
  }

  double between(double least, double most) {
    return random.nextDouble(least, most);
  }

  @SafeVarargs
  final <T> T of(T... choices) {
    return choices[random.nextInt(choices.length)];
  }

  /** Sizes from 1 to 4. */
  long[] sizes(int rank) {
    return LongStream.generate(() -> between(1, 4)).limit(rank).toArray();
  }

  /** Sizes, some of them 1 and some leading ones away, that broadcast to others. */
  long[] broadcastable(long[] sizes) {
    int skipped = between(0, sizes.length);
    return Arrays.stream(sizes).skip(skipped).map(size -> flip() ? size : 1).toArray();
  }

  /** Normally distributed numbers. */
  Tensor floats(long... sizes) {
    return Tensors.random(random.nextLong(), sizes);
  }

  Tensor positive(long... sizes) {
    return Tensor.ofDoubles(
        ElementType.FLOAT32, Tensors.sizes(sizes), _ -> random.nextDouble(0.1, 2));
  }

  /** Whole numbers, many of them equal. */
  Tensor whole(ElementType type, int least, int most, long... sizes) {
    return Tensor.ofLongs(type, Tensors.sizes(sizes), _ -> between(least, most));
  }

  /** An axis; counted from the end, too, in opsets from a version. */
  long axis(int rank, long fromTheEndSince) {
    return between(since(fromTheEndSince) ? -rank : 0, rank - 1);
  }

  /** Some different axes in any order, at least one. */
  long[] axes(int rank, long fromTheEndSince) {
    List<Integer> all = IntStream.range(0, rank).boxed().collect(Collectors.toList());
    Collections.shuffle(all, random);
    boolean fromTheEnd = since(fromTheEndSince) && flip();
    return all.stream()
        .limit(between(1, rank))
        .mapToLong(axis -> fromTheEnd ? axis - rank : axis)
        .toArray();
  }
}
