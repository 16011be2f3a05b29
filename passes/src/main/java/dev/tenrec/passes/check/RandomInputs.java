package dev.tenrec.passes.check;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Range;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.dim.Symbol;
import dev.tenrec.ir.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * Tensors for the inputs of a graph.
 *
 * @param sizes what symbols stand for; others are drawn from 1 to 5
 * @param ranges where the elements of inputs lie, by name; others are drawn from a normal
 *     distribution, integers from 0 to 2
 */
public record RandomInputs(
    ImmutableMap<String, Long> sizes, ImmutableMap<String, Range<Double>> ranges) {
  public static final RandomInputs PLAIN = new RandomInputs(ImmutableMap.of(), ImmutableMap.of());

  /** Tensors by name; the same for the same seed. */
  public ImmutableMap<String, Tensor> draw(Graph graph, long seed) {
    Random random = new Random(seed);
    Map<Symbol, Long> symbols = new HashMap<>();
    ImmutableMap.Builder<String, Tensor> tensors = ImmutableMap.builder();
    for (Value input : graph.inputs()) {
      for (Dim dim : input.shape().dims()) {
        for (Symbol symbol : dim.symbols()) {
          long drawn = 1L + random.nextInt(5);
          symbols.computeIfAbsent(symbol, s -> sizes.getOrDefault(s.name(), drawn));
        }
      }
      ImmutableLongArray shape = input.shape().evaluate(symbols::get);
      tensors.put(input.name(), tensor(input.name(), input.type(), shape, random));
    }
    return tensors.buildOrThrow();
  }

  private Tensor tensor(String name, TensorType type, ImmutableLongArray shape, Random random) {
    Range<Double> range = ranges.get(name);
    if (type.elementType().isFloating()) {
      return Tensor.ofDoubles(
          type.elementType(),
          shape,
          _ -> range == null ? random.nextGaussian() : between(range, random.nextDouble()));
    }
    return Tensor.ofLongs(
        type.elementType(),
        shape,
        _ ->
            range == null
                ? random.nextInt(type.elementType().isInteger() ? 3 : 2)
                : Math.round(between(range, random.nextDouble())));
  }

  private static double between(Range<Double> range, double position) {
    return range.lowerEndpoint() + position * (range.upperEndpoint() - range.lowerEndpoint());
  }
}
