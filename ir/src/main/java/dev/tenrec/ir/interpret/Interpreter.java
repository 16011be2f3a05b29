package dev.tenrec.ir.interpret;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.Attention;
import dev.tenrec.ir.Contraction;
import dev.tenrec.ir.ControlFlow;
import dev.tenrec.ir.Convolution;
import dev.tenrec.ir.CustomOp;
import dev.tenrec.ir.Elementwise;
import dev.tenrec.ir.Executable;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Indexing;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Normalization;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Pooling;
import dev.tenrec.ir.Quantization;
import dev.tenrec.ir.Reduction;
import dev.tenrec.ir.Resampling;
import dev.tenrec.ir.Shuffle;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.dim.Symbol;
import dev.tenrec.ir.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;

/** Computes what a graph says, node by node. Holds no state between runs. */
public final class Interpreter implements Executable {
  private final Graph graph;
  private final Signature signature;
  private final ImmutableList<ImmutableList<Value>> unreadAfter;

  private Interpreter(Graph graph) {
    this.graph = graph;
    this.signature = Signature.of(graph);
    this.unreadAfter = unreadAfter(graph);
  }

  public static Interpreter of(Graph graph) {
    return new Interpreter(graph);
  }

  /** For each node the values that nothing reads once it has run. */
  private static ImmutableList<ImmutableList<Value>> unreadAfter(Graph graph) {
    Set<Value> read = new HashSet<>();
    graph.outputs().forEach(output -> read.add(output.value()));
    List<ImmutableList<Value>> reversed = new ArrayList<>();
    for (Node node : graph.nodes().reverse()) {
      ImmutableList.Builder<Value> unread = ImmutableList.builder();
      node.op().operands().stream().filter(read::add).forEach(unread::add);
      node.results().stream().filter(value -> !read.contains(value)).forEach(unread::add);
      reversed.add(unread.build());
    }
    return ImmutableList.copyOf(reversed).reverse();
  }

  @Override
  public Signature signature() {
    return signature;
  }

  @Override
  public ImmutableMap<String, Tensor> run(Map<String, Tensor> inputs) {
    ImmutableMap<Symbol, Long> bound = signature.bind(inputs);
    Map<Value, Tensor> values = new HashMap<>();
    graph.inputs().forEach(input -> values.put(input, inputs.get(input.name())));
    for (int i = 0; i < graph.nodes().size(); i++) {
      Node node = graph.nodes().get(i);
      ImmutableList<Tensor> results = run(node, values, symbol -> size(bound, symbol));
      for (int k = 0; k < results.size(); k++) {
        values.put(node.results().get(k), results.get(k));
      }
      unreadAfter.get(i).forEach(values::remove);
    }
    return graph.outputs().stream()
        .collect(
            ImmutableMap.toImmutableMap(
                Graph.Output::name, output -> known(values, output.value())));
  }

  private static ImmutableList<Tensor> run(
      Node node, Map<Value, Tensor> values, ToLongFunction<Symbol> sizes) {
    try {
      ImmutableList<Tensor> operands =
          node.op().operands().stream()
              .map(operand -> known(values, operand))
              .collect(ImmutableList.toImmutableList());
      return evaluate(node.op(), operands, sizes);
    } catch (TenrecException e) {
      throw e.at(node.location());
    }
  }

  private static Tensor known(Map<Value, Tensor> values, Value value) {
    Tensor tensor = values.get(value);
    if (tensor == null) {
      throw new TenrecException(
          ErrorCode.INTERNAL, "nothing has computed %s before it is read".formatted(value));
    }
    return tensor;
  }

  private static long size(Map<Symbol, Long> bound, Symbol symbol) {
    Long size = bound.get(symbol);
    if (size == null) {
      throw new TenrecException(
          ErrorCode.INTERNAL, "no input of the graph has a dimension of size " + symbol);
    }
    return size;
  }

  /**
   * The results of one operation.
   *
   * @param operands one tensor for each of the operation's operands
   * @param sizes what the symbols of the graph stand for
   * @throws TenrecException with {@code INVALID_INPUT} if the tensors do not fit, and with {@code
   *     TOO_LARGE} if a result cannot be held
   */
  public static ImmutableList<Tensor> evaluate(
      Op op, ImmutableList<Tensor> operands, ToLongFunction<Symbol> sizes) {
    try {
      return switch (op) {
        case Attention attention ->
            ImmutableList.of(AttentionInterpreter.evaluate(attention, operands));
        case Contraction contraction ->
            ImmutableList.of(ContractionInterpreter.evaluate(contraction, operands));
        case ControlFlow flow -> ControlFlowInterpreter.evaluate(flow, operands);
        case Convolution convolution ->
            ImmutableList.of(ConvolutionInterpreter.evaluate(convolution, operands));
        case CustomOp custom -> custom.interpret(operands);
        case Elementwise elementwise ->
            ImmutableList.of(ElementwiseInterpreter.evaluate(elementwise, operands));
        case Indexing indexing ->
            ImmutableList.of(IndexingInterpreter.evaluate(indexing, operands));
        case Normalization normalization ->
            ImmutableList.of(NormalizationInterpreter.evaluate(normalization, operands));
        case Pooling pooling -> ImmutableList.of(PoolingInterpreter.evaluate(pooling, operands));
        case Quantization quantization ->
            ImmutableList.of(QuantizationInterpreter.evaluate(quantization, operands));
        case Reduction reduction -> ReductionInterpreter.evaluate(reduction, operands);
        case Resampling resampling ->
            ImmutableList.of(ResamplingInterpreter.evaluate(resampling, operands));
        case Shuffle shuffle -> ImmutableList.of(ShuffleInterpreter.evaluate(shuffle, operands));
        case Source source -> ImmutableList.of(SourceInterpreter.evaluate(source, operands, sizes));
      };
    } catch (ArithmeticException e) {
      throw new TenrecException(
          ErrorCode.INVALID_INPUT, "sizes that cannot be computed: " + e.getMessage(), e);
    } catch (OutOfMemoryError e) {
      throw new TenrecException(
          ErrorCode.TOO_LARGE, "no memory for %s on %s".formatted(op, operands), e);
    }
  }
}
