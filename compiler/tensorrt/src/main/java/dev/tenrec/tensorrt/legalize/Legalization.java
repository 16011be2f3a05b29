package dev.tenrec.tensorrt.legalize;

import com.google.common.collect.ImmutableSet;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.dim.Symbol;
import dev.tenrec.passes.PassContext;
import dev.tenrec.passes.Pipeline;
import dev.tenrec.passes.PipelineListener;
import dev.tenrec.passes.simplify.EliminateDeadCode;
import dev.tenrec.passes.simplify.FoldConstants;

/**
 * Makes of any graph one that TensorRT's layers can express.
 *
 * @param allowNarrowing whether an element type that TensorRT does not have may become one that
 *     does not hold all its numbers
 * @param ones names of dimensions that are 1 where an engine is to be fast
 */
public record Legalization(boolean allowNarrowing, ImmutableSet<String> ones) {
  /** Refuses what would lose anything. */
  public static final Legalization EXACT = new Legalization(false);

  /** For engines of which no dimension is known to be 1. */
  public Legalization(boolean allowNarrowing) {
    this(allowNarrowing, ImmutableSet.of());
  }

  /** The passes in the order in which they run. */
  public Pipeline passes() {
    return Pipeline.of(
        new RefuseInexactResizes(),
        new AssignTargetTypes(allowNarrowing),
        new DecomposeBits(),
        new DecomposePooling(),
        new DecomposeScatter(),
        new DecomposeResize(),
        new DecomposeGridSample(),
        new SplitProducts(),
        new ApproximateGelu(),
        new SequenceFirst(ones),
        new EliminateDeadCode(),
        new DequantizeWeights(),
        new UnsqueezeBeforeDequantize(),
        new FlattenProducts(ones),
        new DecomposeIntegers(),
        new DecomposeIntegerPower(),
        new DecomposeSuppression(),
        new FoldConstants());
  }

  /**
   * The graph for TensorRT, with the names and sizes of inputs and outputs as they were. Those of a
   * type that TensorRT does not have are of the type that stands for it: whoever runs the graph
   * converts them.
   *
   * @throws dev.tenrec.ir.diagnostic.TenrecException at an operation that cannot be expressed
   */
  public Graph run(Graph graph) {
    return run(graph, PassContext.unlimited());
  }

  /** As {@link #run(Graph)}, watched. */
  public Graph run(Graph graph, PassContext context, PipelineListener... listeners) {
    return OpenBorders.of(passes().run(graph, context, listeners));
  }

  /** Whether a size may be other than 1 where an engine is to be fast. */
  static boolean isMany(Dim dim, ImmutableSet<String> ones) {
    return !dim.is(1) && !(dim instanceof Symbol symbol && ones.contains(symbol.name()));
  }
}
