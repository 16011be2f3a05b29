package dev.tenrec.passes.debug;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Iterables;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.dim.Symbol;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.text.GraphPrinter;
import dev.tenrec.ir.verify.GraphVerifier;
import dev.tenrec.passes.simplify.EliminateDeadCode;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The search for a small graph that still fails: operations, outputs, constants and sizes are left
 * out or made smaller for as long as it does. No valid graph is tried twice.
 */
public final class GraphReduction {
  private final Predicate<Graph> fails;
  private final Progress progress;
  private final Set<String> tried = new HashSet<>();
  private Graph smallest;

  /** Hears of each graph that was tried. */
  @FunctionalInterface
  public interface Progress {
    void tried(int number, Graph graph, boolean failed);
  }

  private GraphReduction(Graph graph, Predicate<Graph> fails, Progress progress) {
    this.smallest = graph;
    this.fails = fails;
    this.progress = progress;
  }

  /**
   * A graph that fails and is no larger than the given one.
   *
   * @param fails is true of the given graph; it may be slow
   */
  public static Graph reduce(Graph graph, Predicate<Graph> fails, Progress progress) {
    return new GraphReduction(graph, fails, progress).run();
  }

  private Graph run() {
    // What is left out may let more be left out; constants and sizes hardly ever do.
    Graph before;
    do {
      before = smallest;
      reduceOperations();
      bypassOperations();
      reduceOutputs();
    } while (!smallest.equals(before));
    simplifyConstants();
    shrinkSizes();
    return smallest;
  }

  /** Takes a graph for the smallest if it is valid, new, and fails. */
  private boolean take(Supplier<Graph> candidate) {
    Graph graph;
    try {
      graph = candidate.get();
    } catch (TenrecException _) {
      // The parts that are left do not fit together.
      return false;
    }
    if (!isValid(graph) || !tried.add(text(graph))) {
      return false;
    }
    boolean failed = fails.test(graph);
    smallest = failed ? graph : smallest;
    progress.tried(tried.size(), graph, failed);
    return failed;
  }

  private static boolean isValid(Graph graph) {
    return !graph.outputs().isEmpty() && GraphVerifier.WELL_FORMED.violations(graph).isEmpty();
  }

  /** Tells graphs apart without printing large constants. */
  private static String text(Graph graph) {
    StringBuilder text = new StringBuilder(GraphPrinter.describe(graph));
    constants(graph).forEach(node -> text.append(node.result().constant().hashCode()).append(' '));
    return text.toString();
  }

  private static ImmutableList<Node> constants(Graph graph) {
    return graph.nodes().stream()
        .filter(node -> node.op() instanceof Source.Constant)
        .collect(ImmutableList.toImmutableList());
  }

  private static ImmutableList<Node> operations(Graph graph) {
    return graph.nodes().stream()
        .filter(node -> !(node.op() instanceof Source.Constant))
        .collect(ImmutableList.toImmutableList());
  }

  private void reduceOperations() {
    Graph whole = smallest;
    take(() -> Subgraph.of(whole, operations(whole), false));
    DeltaDebugging.minimize(
        operations(whole),
        nodes ->
            take(() -> Subgraph.of(whole, nodes, false))
                || take(() -> Subgraph.of(whole, nodes, true)));
  }

  /** Puts an operand of the same type in the place of what an operation computes. */
  private void bypassOperations() {
    for (Node node : operations(smallest).reverse()) {
      for (Value operand : node.op().operands()) {
        if (node.results().size() == 1 && operand.type().equals(node.result().type())) {
          Graph graph = smallest;
          take(() -> EliminateDeadCode.in(SmallerParts.without(graph, node.result(), operand)));
        }
      }
    }
  }

  private void reduceOutputs() {
    Graph whole = smallest;
    DeltaDebugging.minimize(
        whole.outputs(),
        outputs ->
            take(() ->
                EliminateDeadCode.in(
                    new Graph(
                        whole.name(),
                        whole.inputs(),
                        whole.nodes(),
                        ImmutableList.copyOf(outputs)))));
  }

  /** Turns large constants into inputs, or into ones. */
  private void simplifyConstants() {
    List<Node> large =
        constants(smallest).stream()
            .filter(node -> node.result().constant().orElseThrow().count() > 1)
            .toList();
    Graph whole = smallest;
    if (!take(() -> SmallerParts.withInputs(whole, large))) {
      for (Node node : large) {
        Graph graph = smallest;
        if (!take(() -> SmallerParts.withInputs(graph, List.of(node)))) {
          Tensor tensor = node.result().constant().orElseThrow();
          take(() -> SmallerParts.withConstants(graph, t -> t.equals(tensor) ? ones(t) : t));
        }
      }
    }
  }

  private static Tensor ones(Tensor tensor) {
    return tensor.elementType().isFloating()
        ? Tensor.ofDoubles(tensor.elementType(), tensor.sizes(), _ -> 1)
        : tensor;
  }

  private void shrinkSizes() {
    for (Symbol symbol : smallest.boundSymbols()) {
      Graph graph = smallest;
      if (!take(() -> SmallerParts.withSize(graph, symbol, 1))) {
        take(() -> SmallerParts.withSize(graph, symbol, 2));
      }
    }
    for (long size : sizes(smallest)) {
      for (long smaller : new long[] {1, 2, 3, size / 2}) {
        Graph graph = smallest;
        if (smaller < size && take(() -> SmallerParts.withSize(graph, size, smaller))) {
          break;
        }
      }
    }
  }

  /** The sizes of inputs and constants above 1, largest first. */
  private static Set<Long> sizes(Graph graph) {
    Set<Long> sizes = new TreeSet<>(Comparator.reverseOrder());
    for (Value value : Iterables.concat(graph.inputs(), results(constants(graph)))) {
      for (Dim dim : value.shape().dims()) {
        dim.value().ifPresent(sizes::add);
      }
    }
    sizes.removeIf(size -> size <= 1);
    return sizes;
  }

  private static List<Value> results(List<Node> nodes) {
    return nodes.stream().map(Node::result).toList();
  }
}
