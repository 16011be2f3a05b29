package dev.tenrec.passes.check;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import com.google.common.collect.Range;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.dim.Symbol;
import dev.tenrec.ir.interpret.Interpreter;
import dev.tenrec.ir.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Inputs that a model runs on, made up from what its graph says: integers are positions where they
 * address something and else masks, and sizes are tried until they fit together, small ones first.
 *
 * @param inputs one tensor for each input
 * @param outputs what the graph makes of them
 */
public record GeneratedInputs(
    ImmutableMap<String, Tensor> inputs, ImmutableMap<String, Tensor> outputs) {
  /** Images need more than texts. */
  private static final List<Long> SIZES = List.of(4L, 3L, 8L, 16L, 32L, 64L, 128L, 224L);

  private static final int RANDOM_SIZES = 100;
  private static final long BATCH = 2;

  /**
   * Finds inputs, of which the outputs are finite if there are such.
   *
   * @throws TenrecException if the graph fails on all that are tried
   */
  public static GeneratedInputs of(Graph graph, long seed) {
    GeneratedInputs found = null;
    TenrecException failure = null;
    for (ImmutableMap<String, Long> sizes : sizes(graph, seed)) {
      for (boolean mild : new boolean[] {false, true}) {
        try {
          GeneratedInputs next = draw(graph, sizes, mild, seed);
          if (next.isFinite()) {
            return next;
          }
          found = found == null ? next : found;
        } catch (TenrecException e) {
          failure = e;
        }
      }
      if (found != null) {
        return found;
      }
    }
    throw notFound(failure);
  }

  /**
   * Inputs of known sizes on which nothing was tried: numbers between 0 and 1, positions that
   * exist, and masks that let everything pass.
   *
   * @param sizes of all symbols, by name
   */
  public static ImmutableMap<String, Tensor> mild(
      Graph graph, ImmutableMap<String, Long> sizes, long seed) {
    return new RandomInputs(sizes, ranges(graph, sizes, true)).draw(graph, seed);
  }

  private static TenrecException notFound(@Nullable TenrecException failure) {
    String reason = failure == null ? "" : ", at last: " + failure.getMessage();
    return new TenrecException(
            ErrorCode.INVALID_INPUT, "no inputs were found that the model runs on" + reason)
        .advise("give inputs that fit");
  }

  /** What symbols may stand for; one empty map if there are none. */
  private static Set<ImmutableMap<String, Long>> sizes(Graph graph, long seed) {
    Set<String> batches = new LinkedHashSet<>();
    Set<String> others = new LinkedHashSet<>();
    for (Value input : graph.inputs()) {
      for (int axis = 0; axis < input.rank(); axis++) {
        for (Symbol symbol : input.dim(axis).symbols()) {
          (axis == 0 && input.rank() > 1 ? batches : others).add(symbol.name());
        }
      }
    }
    others.removeAll(batches);
    Set<ImmutableMap<String, Long>> all = new LinkedHashSet<>();
    for (long size : SIZES) {
      all.add(sizes(batches, others, size, 1));
      all.add(sizes(batches, others, size, 0));
    }
    Random random = new Random(seed);
    List<String> names = new ArrayList<>(batches);
    names.addAll(others);
    for (int i = 0; i < RANDOM_SIZES; i++) {
      all.add(ImmutableMap.copyOf(Maps.toMap(names, _ -> 1L + random.nextInt(4))));
    }
    return all;
  }

  private static ImmutableMap<String, Long> sizes(
      Set<String> batches, Set<String> others, long first, long step) {
    Map<String, Long> sizes = new LinkedHashMap<>();
    batches.forEach(name -> sizes.put(name, BATCH));
    for (String name : others) {
      sizes.put(name, first + step * (sizes.size() - batches.size()));
    }
    return ImmutableMap.copyOf(sizes);
  }

  private static GeneratedInputs draw(
      Graph graph, ImmutableMap<String, Long> sizes, boolean mild, long seed) {
    ImmutableMap<String, Tensor> inputs =
        new RandomInputs(sizes, ranges(graph, sizes, mild)).draw(graph, seed);
    return new GeneratedInputs(inputs, Interpreter.of(graph).run(inputs));
  }

  /**
   * What elements of inputs lie in.
   *
   * @param mild numbers between 0 and 1, and masks that let everything pass
   */
  private static ImmutableMap<String, Range<Double>> ranges(
      Graph graph, ImmutableMap<String, Long> sizes, boolean mild) {
    Map<String, Range<Double>> ranges =
        new LinkedHashMap<>(IndexRanges.of(graph, dim -> size(dim, sizes)));
    if (mild) {
      for (Value input : graph.inputs()) {
        if (input.elementType().isFloating()) {
          ranges.put(input.name(), Range.closed(0.0, 1.0));
        } else if (IndexRanges.MASK.equals(ranges.getOrDefault(input.name(), IndexRanges.MASK))) {
          ranges.put(input.name(), Range.closed(1.0, 1.0));
        }
      }
    }
    return ImmutableMap.copyOf(ranges);
  }

  private static OptionalLong size(Dim dim, ImmutableMap<String, Long> sizes) {
    boolean known = dim.symbols().stream().allMatch(symbol -> sizes.containsKey(symbol.name()));
    return known
        ? OptionalLong.of(dim.evaluate(symbol -> sizes.getOrDefault(symbol.name(), 1L)))
        : OptionalLong.empty();
  }

  private boolean isFinite() {
    return outputs.values().stream().allMatch(GeneratedInputs::isFinite);
  }

  private static boolean isFinite(Tensor tensor) {
    boolean finite = true;
    for (long i = 0; finite && tensor.elementType().isFloating() && i < tensor.count(); i++) {
      finite = Double.isFinite(tensor.getDouble(i));
    }
    return finite;
  }
}
