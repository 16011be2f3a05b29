package dev.tenrec.passes.check;

import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Range;
import dev.tenrec.ir.Elementwise.Cast;
import dev.tenrec.ir.Elementwise.Select;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Indexing.Gather;
import dev.tenrec.ir.Indexing.GatherElements;
import dev.tenrec.ir.Indexing.GatherNd;
import dev.tenrec.ir.Indexing.ScatterElements;
import dev.tenrec.ir.Indexing.ScatterNd;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Reduction.TopK;
import dev.tenrec.ir.Resampling.Resize;
import dev.tenrec.ir.Shuffle.Concat;
import dev.tenrec.ir.Shuffle.Expand;
import dev.tenrec.ir.Shuffle.Reshape;
import dev.tenrec.ir.Shuffle.Slice;
import dev.tenrec.ir.Shuffle.Squeeze;
import dev.tenrec.ir.Shuffle.Tile;
import dev.tenrec.ir.Shuffle.Transpose;
import dev.tenrec.ir.Shuffle.Unsqueeze;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.tensor.ElementType;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/**
 * Which integers a graph's inputs may hold, told from what reads them: positions lie within what is
 * addressed, counts and sizes are small and positive. What nothing restricts is 0 or 1, as masks
 * are.
 */
final class IndexRanges {
  static final Range<Double> MASK = Range.closed(0.0, 1.0);
  private static final Range<Double> SIZE = Range.closed(1.0, 2.0);

  private final ImmutableListMultimap<Value, Node> readers;
  private final Function<Dim, OptionalLong> sizes;

  private IndexRanges(Graph graph, Function<Dim, OptionalLong> sizes) {
    ImmutableListMultimap.Builder<Value, Node> reading = ImmutableListMultimap.builder();
    for (Node node : graph.nodes()) {
      new HashSet<>(node.op().operands()).forEach(operand -> reading.put(operand, node));
    }
    this.readers = reading.build();
    this.sizes = sizes;
  }

  /**
   * The ranges of all integer inputs, by name.
   *
   * @param sizes tells the size of a dimension, unless it depends on data
   */
  static ImmutableMap<String, Range<Double>> of(Graph graph, Function<Dim, OptionalLong> sizes) {
    IndexRanges ranges = new IndexRanges(graph, sizes);
    return graph.inputs().stream()
        .filter(input -> input.elementType().isInteger())
        .collect(ImmutableMap.toImmutableMap(Value::name, ranges::of));
  }

  private Range<Double> of(Value input) {
    Range<Double> range = null;
    Set<Value> seen = new HashSet<>(List.of(input));
    Deque<Value> waiting = new ArrayDeque<>(seen);
    while (!waiting.isEmpty()) {
      Value value = waiting.pop();
      for (Node reader : readers.get(value)) {
        Optional<Range<Double>> wanted = wanted(reader.op(), value);
        if (wanted.isPresent()) {
          range = range == null ? wanted.get() : both(range, wanted.get());
        } else if (handsOn(reader.op())) {
          reader.results().stream().filter(seen::add).forEach(waiting::push);
        }
      }
    }
    return range == null ? MASK : range;
  }

  private static Range<Double> both(Range<Double> a, Range<Double> b) {
    return a.isConnected(b) ? a.intersection(b) : a;
  }

  /** What an operation wants one of its operands to lie in. */
  private Optional<Range<Double>> wanted(Op op, Value value) {
    return Optional.ofNullable(
        switch (op) {
          case Gather(Value x, Value at, int axis) when at == value -> positions(x, axis, 1);
          case GatherElements(Value x, Value at, int axis) when at == value ->
              positions(x, axis, 1);
          case GatherNd(Value x, Value at, int batch) when at == value ->
              positions(x, batch, x.rank() - batch);
          case ScatterElements(_, Value x, Value at, _, int axis) when at == value ->
              positions(x, axis, 1);
          case ScatterNd(_, Value x, Value at, _) when at == value -> positions(x, 0, x.rank());
          case Reshape(_, Value shape, _) when shape == value -> SIZE;
          case Expand(_, Value shape) when shape == value -> SIZE;
          case Tile(_, Value repeats) when repeats == value -> SIZE;
          case TopK(_, Value k, _, _) when k == value -> SIZE;
          case Resize(_, Value size, _, _) when size == value -> SIZE;
          case Source.Range(_, Value limit, Value step) when limit == value || step == value ->
              SIZE;
          default -> null;
        });
  }

  /** Positions along any of some axes. */
  private Range<Double> positions(Value x, int firstAxis, int count) {
    long last = Long.MAX_VALUE;
    for (Dim dim : x.shape().dims().subList(firstAxis, firstAxis + count)) {
      last = Math.min(last, sizes.apply(dim).orElse(1) - 1);
    }
    return Range.closed(0.0, (double) Math.max(0, Math.min(last, Integer.MAX_VALUE)));
  }

  /** Whether the elements of what an operation computes are elements of what it reads. */
  private static boolean handsOn(Op op) {
    return switch (op) {
      case Cast(_, ElementType to) -> to.isInteger();
      case Select _, Reshape _, Squeeze _, Unsqueeze _, Transpose _, Concat _ -> true;
      case Slice _, Expand _, Tile _, Gather _ -> true;
      default -> false;
    };
  }
}
