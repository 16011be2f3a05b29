package dev.tenrec.tensorrt;

import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.tensor.ElementType;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** Random shapes of few elements. */
final class Shapes {
  private Shapes() {}

  static Arbitrary<List<Long>> any(int minRank, int maxRank) {
    return Arbitraries.longs().between(1, 4).list().ofMinSize(minRank).ofMaxSize(maxRank);
  }

  /** A shape that is broadcast to another: fewer dimensions, and some of size 1. */
  static Arbitrary<List<Long>> narrower(List<Long> sizes) {
    return Arbitraries.integers()
        .between(0, sizes.size())
        .flatMap(dropped ->
            Arbitraries.of(true, false)
                .list()
                .ofSize(sizes.size() - dropped)
                .map(ones -> {
                  List<Long> result = new ArrayList<>();
                  for (int i = 0; i < ones.size(); i++) {
                    result.add(ones.get(i) ? 1 : sizes.get(dropped + i));
                  }
                  return result;
                }));
  }

  static TensorType of(ElementType type, List<Long> sizes) {
    return TensorType.of(type, sizes.stream().mapToLong(Long::longValue).toArray());
  }

  static TensorType floats(List<Long> sizes) {
    return of(ElementType.FLOAT32, sizes);
  }
}
