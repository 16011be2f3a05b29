package dev.tenrec.tensorrt.legalize;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Shuffle.Transpose;
import dev.tenrec.ir.Value;
import dev.tenrec.passes.Pass;
import dev.tenrec.passes.PassContext;
import dev.tenrec.passes.rewrite.GraphRebuilder;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Quantized transformers compute [sequence, batch, channels] instead of [batch, sequence, channels]
 * between attention and attention.
 *
 * <pre>
 * transpose(reshape(x, [B, S, H, D]), [0, 2, 1, 3])
 *     → transpose(reshape(transpose(x, [1, 0, 2]), [S, B, H, D]), [1, 2, 0, 3])
 * </pre>
 *
 * <p>Then batch and heads lie side by side, and are one axis for attention's kernels. TensorRT 10.6
 * does the same by itself with floating point, but does not exchange axes of what is quantized: it
 * moves queries, keys and values, and what attention gives, once more in each layer. Done to
 * connected operations that act on each position alone, where less has to be moved at their borders
 * than in front of and behind attention, and not to one sequence alone.
 *
 * @param ones names of dimensions that are 1 where an engine is to be fast
 */
public record SequenceFirst(ImmutableSet<String> ones) implements Pass {
  @Override
  public String name() {
    return "sequence-first";
  }

  @Override
  public Graph run(Graph graph, PassContext context) {
    PositionwiseRegions regions = PositionwiseRegions.of(graph, ones);
    return regions.isEmpty() ? graph : new Exchange(graph, regions).run(context);
  }

  /** Exchanges the leading axes of all values in regions. */
  private final class Exchange {
    private final Graph graph;
    private final PositionwiseRegions regions;
    private final GraphRebuilder rebuilder;
    private final Map<Value, Value> exchanged = new HashMap<>();

    /** Values of the old graph that the new one has with axes exchanged only. */
    private final Set<Value> computed = new HashSet<>();

    Exchange(Graph graph, PositionwiseRegions regions) {
      this.graph = graph;
      this.regions = regions;
      this.rebuilder = new GraphRebuilder(graph);
    }

    Graph run(PassContext context) {
      for (Node node : graph.nodes()) {
        Optional<Positionwise> alike = regions.at(node);
        if (alike.isPresent() && context.mayRewrite()) {
          Node other = added(alike.get().on(operands(alike.get())), node);
          exchanged.put(node.result(), other.result());
          computed.add(node.result());
          context.applied(name(), node.result(), other.result());
        } else {
          keep(node);
        }
      }
      graph.outputs().forEach(output -> restore(output.value()));
      return rebuilder.build();
    }

    private ImmutableList<Value> operands(Positionwise alike) {
      List<Value> all = alike.op().operands();
      return IntStream.range(0, all.size())
          .mapToObj(i -> alike.places().contains(i) ? exchanged(all.get(i)) : restored(all.get(i)))
          .collect(ImmutableList.toImmutableList());
    }

    private void keep(Node node) {
      if (node.op() instanceof Transpose(Value x, var permutation) && computed.contains(x)) {
        rebuilder.replace(node, Transpose.once(inOrder(x).value(), permutation));
      } else {
        node.op().operands().forEach(this::restore);
        rebuilder.keep(node);
      }
    }

    /** A value with its leading axes exchanged. */
    private Value exchanged(Value value) {
      Value known = exchanged.get(value);
      return known != null ? known : moved(value);
    }

    /** A value from outside of the regions. */
    private Value moved(Value value) {
      Transpose op = Transpose.once(rebuilder.get(value), exchange(value.rank()));
      Value other = value.producer().map(at -> added(op, at).result()).orElseGet(op::value);
      exchanged.put(value, other);
      return other;
    }

    private Value restored(Value value) {
      restore(value);
      return rebuilder.get(value);
    }

    /** Gives a value of a region, if it is one, to the new graph with its axes in order. */
    private void restore(Value value) {
      if (computed.contains(value) && rebuilder.get(value) == value) {
        Node at = value.producer().orElseThrow();
        rebuilder.replace(value, added(inOrder(value), at).result());
      }
    }

    /** A value of a region with its axes in order again. */
    private Transpose inOrder(Value value) {
      return new Transpose(exchanged(value), exchange(value.rank()));
    }

    private Node added(Op op, Node at) {
      return rebuilder.add(Node.of(op, at.location(), at.names()), at.location());
    }
  }

  private static ImmutableList<Integer> exchange(int rank) {
    return IntStream.range(0, rank)
        .mapToObj(axis -> axis < 2 ? 1 - axis : axis)
        .collect(ImmutableList.toImmutableList());
  }
}
