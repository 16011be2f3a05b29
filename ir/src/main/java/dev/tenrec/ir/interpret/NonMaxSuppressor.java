package dev.tenrec.ir.interpret;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntBinaryOperator;
import java.util.stream.IntStream;

/** Selects boxes class by class; each drops the worse ones that it overlaps. */
final class NonMaxSuppressor {
  /** A rectangle by its lower and upper corner. */
  private record Box(float left, float top, float right, float bottom) {
    static Box ofCorners(float y0, float x0, float y1, float x1) {
      return new Box(Math.min(x0, x1), Math.min(y0, y1), Math.max(x0, x1), Math.max(y0, y1));
    }

    static Box ofCenter(float x, float y, float width, float height) {
      return new Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2);
    }

    float area() {
      return (right - left) * (bottom - top);
    }

    /** Whether the intersection is more than a part of the union; empty boxes overlap nothing. */
    boolean overlaps(Box other, double part) {
      float width = Math.min(right, other.right) - Math.max(left, other.left);
      float height = Math.min(bottom, other.bottom) - Math.max(top, other.top);
      if (!(width > 0 && height > 0 && area() > 0 && other.area() > 0)) {
        return false;
      }
      float shared = width * height;
      float union = area() + other.area() - shared;
      return shared > 0 && union > 0 && shared / union > (float) part;
    }
  }

  private NonMaxSuppressor() {}

  static Tensor select(
      Tensor boxes,
      Tensor scores,
      long perClass,
      double overlap,
      Optional<Double> leastScore,
      boolean centered) {
    Checks.check(
        boxes.size(0) == scores.size(0) && boxes.size(1) == scores.size(2) && boxes.size(2) == 4,
        "NonMaxSuppression: boxes %s do not fit scores %s",
        boxes,
        scores);
    Checks.check(
        overlap >= 0 && overlap <= 1, "NonMaxSuppression: the overlap %s is no part", overlap);
    List<long[]> selected = new ArrayList<>();
    int count = Math.toIntExact(boxes.size(1));
    for (long batch = 0; batch < scores.size(0); batch++) {
      List<Box> of = boxes(boxes, batch * count, count, centered);
      for (long kind = 0; kind < scores.size(1); kind++) {
        int first = Math.toIntExact((batch * scores.size(1) + kind) * count);
        for (int box : best(of, scores, first, perClass, overlap, leastScore)) {
          selected.add(new long[] {batch, kind, box});
        }
      }
    }
    return Tensor.ofLongs(
        ElementType.INT64,
        ImmutableLongArray.of(selected.size(), 3),
        i -> selected.get(i / 3)[i % 3]);
  }

  private static List<Box> boxes(Tensor boxes, long first, int count, boolean centered) {
    List<Box> all = new ArrayList<>();
    for (long i = first; i < first + count; i++) {
      float a = (float) boxes.getDouble(4 * i);
      float b = (float) boxes.getDouble(4 * i + 1);
      float c = (float) boxes.getDouble(4 * i + 2);
      float d = (float) boxes.getDouble(4 * i + 3);
      all.add(centered ? Box.ofCenter(a, b, c, d) : Box.ofCorners(a, b, c, d));
    }
    return all;
  }

  private static List<Integer> best(
      List<Box> boxes,
      Tensor scores,
      int first,
      long perClass,
      double overlap,
      Optional<Double> leastScore) {
    IntBinaryOperator better = Order.of(scores, true);
    List<Integer> order =
        IntStream.range(0, boxes.size())
            .filter(
                i -> leastScore.isEmpty() || scores.getDouble(first + i) > leastScore.orElseThrow())
            .boxed()
            .sorted((i, k) -> better.applyAsInt(first + k, first + i))
            .toList();
    List<Integer> kept = new ArrayList<>();
    for (int i : order) {
      boolean free =
          kept.size() < perClass
              && kept.stream().noneMatch(k -> boxes.get(i).overlaps(boxes.get(k), overlap));
      if (free) {
        kept.add(i);
      }
    }
    return kept;
  }
}
