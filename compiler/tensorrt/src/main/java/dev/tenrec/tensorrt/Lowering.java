package dev.tenrec.tensorrt;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Attention;
import dev.tenrec.ir.Contraction;
import dev.tenrec.ir.ControlFlow;
import dev.tenrec.ir.Convolution;
import dev.tenrec.ir.CustomOp;
import dev.tenrec.ir.Elementwise;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Indexing;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Normalization;
import dev.tenrec.ir.Pooling;
import dev.tenrec.ir.Quantization;
import dev.tenrec.ir.Reduction;
import dev.tenrec.ir.Resampling;
import dev.tenrec.ir.Shuffle;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.Location;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.dim.Symbol;
import dev.tenrec.passes.Pipeline;
import dev.tenrec.passes.simplify.EliminateCommonSubexpressions;
import dev.tenrec.passes.simplify.FoldConstants;
import dev.tenrec.passes.simplify.FoldSizes;
import dev.tenrec.tensorrt.layer.NetworkTensor;
import dev.tenrec.tensorrt.layer.PointwiseLayer;
import dev.tenrec.tensorrt.layer.SourceLayer;
import dev.tenrec.tensorrt.legalize.DecomposeAttention;
import dev.tenrec.tensorrt.legalize.Legalization;
import java.util.HashSet;
import java.util.Set;

/** Expresses a graph in TensorRT's layers. */
public final class Lowering {
  private Lowering() {}

  /**
   * Adds the graph's inputs, operations and outputs to an empty network; refuses what would lose
   * anything.
   *
   * @throws TenrecException at the location of an operation that TensorRT has no layers for
   */
  public static void lower(Graph graph, TensorRtNetwork network) {
    lower(graph, Legalization.EXACT, network);
  }

  /** As {@link #lower(Graph, TensorRtNetwork)}, with a legalization of one's choice before it. */
  public static void lower(Graph graph, Legalization legalization, TensorRtNetwork network) {
    lowerLegal(legalization.run(graph), network);
  }

  /** As {@link #lower(Graph, TensorRtNetwork)}, for what a {@link Legalization} gave. */
  public static void lowerLegal(Graph legal, TensorRtNetwork network) {
    boolean layers = Capabilities.of(network.version()).attentionLayers();
    Graph graph = decomposed(layers).run(legal);
    Scope scope = new Scope(network);
    // TensorRT gives an output tensor one name, and inputs keep theirs.
    Set<NetworkTensor> named = new HashSet<>();
    for (Value input : graph.inputs()) {
      NetworkTensor tensor = network.input(input.name(), input.type());
      scope.define(input, tensor);
      named.add(tensor);
    }
    lowerNodes(graph, scope);
    for (Graph.Output output : graph.outputs()) {
      NetworkTensor tensor = scope.of(output.value());
      boolean free = named.add(tensor);
      network.output(free ? tensor : scope.add(new PointwiseLayer.Identity(tensor)), output.name());
      if (!graph.boundSymbols().containsAll(symbols(output.value()))) {
        // An engine knows the sizes of such an output only while it runs.
        NetworkTensor sizes = scope.add(new SourceLayer.Shape(tensor));
        network.sizesOutput(sizes, output.name());
      }
    }
  }

  /** What depends on the version of TensorRT. Layers share masks and tables of angles. */
  private static Pipeline decomposed(boolean layers) {
    return Pipeline.of(
        new DecomposeAttention(layers),
        new FoldSizes(),
        new EliminateCommonSubexpressions(),
        new FoldConstants());
  }

  private static Set<Symbol> symbols(Value value) {
    Set<Symbol> symbols = new HashSet<>();
    value.shape().dims().forEach(dim -> symbols.addAll(dim.symbols()));
    return symbols;
  }

  /** Lowers the nodes of a graph whose inputs the scope knows. */
  static void lowerNodes(Graph graph, Scope scope) {
    for (Node node : graph.nodes()) {
      scope.network().expressing(node);
      lower(node, scope);
    }
  }

  static void lower(Node node, Scope scope) {
    scope.locate(node.location());
    try {
      ImmutableList<NetworkTensor> results = results(node, scope);
      for (int i = 0; i < results.size(); i++) {
        scope.define(node.results().get(i), results.get(i));
      }
    } catch (TenrecException e) {
      throw e.at(node.location());
    }
  }

  /** The tensors of the node's results; none for what becomes a layer only where it is read. */
  private static ImmutableList<NetworkTensor> results(Node node, Scope in) {
    return switch (node.op()) {
      case Source.Constant _, Source.Sizes _ -> ImmutableList.of();
      case Source op -> ImmutableList.of(SourceLowering.lower(op, node.result(), in));
      case Elementwise op -> ImmutableList.of(ElementwiseLowering.lower(op, in));
      case Convolution.Conv op when op.activation().isPresent() ->
          expanded(ImmutableList.of(op.expand()), in);
      case Convolution op -> ImmutableList.of(ConvolutionLowering.lower(op, node.result(), in));
      case Pooling op -> ImmutableList.of(PoolingLowering.lower(op, in));
      case Contraction op -> ImmutableList.of(ContractionLowering.lower(op, in));
      case Normalization op -> ImmutableList.of(NormalizationLowering.lower(op, in));
      case Quantization op -> ImmutableList.of(QuantizationLowering.lower(op, in));
      case Reduction op -> ReductionLowering.lower(op, in);
      case Shuffle op -> ImmutableList.of(ShuffleLowering.lower(op, node.result(), in));
      case Indexing op -> ImmutableList.of(IndexingLowering.lower(op, in));
      case Resampling op -> ImmutableList.of(ResamplingLowering.lower(op, node.result(), in));
      case Attention op -> ImmutableList.of(AttentionLowering.lower(op, in));
      case ControlFlow op -> ControlFlowLowering.lower(op, in);
      case CustomOp op -> expanded(op.expand(), in);
    };
  }

  private static ImmutableList<NetworkTensor> expanded(ImmutableList<Value> values, Scope in) {
    Location place = in.location();
    values.forEach(value -> lowerTree(value, place, in));
    return values.stream().map(in::of).collect(ImmutableList.toImmutableList());
  }

  /** Lowers what a value is made of, at the place of what is expanded. */
  private static void lowerTree(Value value, Location place, Scope in) {
    Node node = value.producer().filter(_ -> !in.isDefined(value)).orElse(null);
    if (node != null) {
      node.op().operands().forEach(operand -> lowerTree(operand, place, in));
      node.locate(place);
      lower(node, in);
    }
  }
}
