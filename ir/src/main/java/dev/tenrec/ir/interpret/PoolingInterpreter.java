package dev.tenrec.ir.interpret;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Pooling;
import dev.tenrec.ir.Pooling.PoolKind;
import dev.tenrec.ir.Window;
import dev.tenrec.ir.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/** Pooling as a fold over the taps of the window. */
final class PoolingInterpreter {
  private PoolingInterpreter() {}

  static Tensor evaluate(Pooling op, List<Tensor> in) {
    return switch (op) {
      case Pooling.Pool(PoolKind kind, _, Window window) -> pool(kind, in.getFirst(), window);
    };
  }

  private static Tensor pool(PoolKind kind, Tensor x, Window window) {
    Sweep sweep = Sweep.over(x.sizes().subArray(2, x.rank()), window);
    int planes = Math.toIntExact(Math.multiplyExact(x.size(0), x.size(1)));
    int size = Positions.count(sweep.sizes());
    int positions = sweep.positions();
    double[] elements = x.toDoubles();
    ImmutableLongArray sizes =
        ImmutableLongArray.builder().add(x.size(0)).add(x.size(1)).addAll(sweep.steps()).build();
    double[] result = new double[Positions.count(sizes)];
    int[] counts = new int[positions];
    Arrays.fill(result, kind == PoolKind.MAX ? Double.NEGATIVE_INFINITY : 0);
    for (int tap = 0; tap < sweep.taps(); tap++) {
      long[] under = sweep.elementsUnder(tap);
      long[] counted = kind == PoolKind.AVERAGE_WITH_PADDING ? sweep.reachedBy(tap) : under;
      for (int position = 0; position < positions; position++) {
        counts[position] += counted[position] < 0 ? 0 : 1;
        for (int plane = 0; plane < planes && under[position] >= 0; plane++) {
          int i = plane * positions + position;
          double element = elements[plane * size + (int) under[position]];
          result[i] = kind == PoolKind.MAX ? Math.max(result[i], element) : result[i] + element;
        }
      }
    }
    return Tensor.ofDoubles(
        x.elementType(),
        sizes,
        i -> kind == PoolKind.MAX ? result[i] : result[i] / counts[i % positions]);
  }
}
