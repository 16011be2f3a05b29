package dev.tenrec.onnx;

import com.google.common.collect.ArrayListMultimap;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedSet;
import com.google.common.collect.ListMultimap;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Value;
import dev.tenrec.onnx.OperatorSupport.Refusal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What can be imported: for each operator of a domain one entry per opset from which its meaning or
 * form differs. Handlers see a node through {@link NodeContext} and never ask for the opset.
 */
final class OperatorTable {
  /** ONNX's own operators. */
  static final OperatorTable STANDARD = new OperatorTable();

  /** Operators that ONNX tries out. */
  static final OperatorTable PREVIEW = new OperatorTable();

  /** Operators that ONNX Runtime and its tools add. */
  static final OperatorTable MICROSOFT = new OperatorTable();

  private static final ImmutableMap<String, OperatorTable> DOMAINS =
      ImmutableMap.of("", STANDARD, "ai.onnx.preview", PREVIEW, "com.microsoft", MICROSOFT);

  static {
    ElementwiseImport.register(STANDARD);
    CastImport.register(STANDARD);
    BitImport.register(STANDARD);
    QuantizationImport.register(STANDARD);
    IntegerImport.register(STANDARD);
    ActivationImport.register(STANDARD);
    ConvolutionImport.register(STANDARD);
    PoolingImport.register(STANDARD);
    ContractionImport.register(STANDARD);
    NormalizationImport.register(STANDARD);
    ReductionImport.register(STANDARD);
    ShapingImport.register(STANDARD);
    ShuffleImport.register(STANDARD);
    SliceImport.register(STANDARD);
    IndexingImport.register(STANDARD);
    SelectionImport.register(STANDARD);
    SourceImport.register(STANDARD);
    AttentionImport.register(STANDARD);
    LossImport.register(STANDARD);
    SignalImport.register(STANDARD);
    FourierImport.register(STANDARD);
    CroppingImport.register(STANDARD);
    SequenceStateImport.register(STANDARD);
    CumulativeProductImport.register(STANDARD);
    FlexAttentionImport.register(PREVIEW);
    FusedOperatorsImport.registerStandard(STANDARD);
    FusedOperatorsImport.register(MICROSOFT);
    MultiHeadAttentionImport.register(MICROSOFT);
    ProjectedAttentionImport.register(MICROSOFT);
    RefusedImport.registerMicrosoft(MICROSOFT);
    MICROSOFT.op("RotaryEmbedding", RotaryImport::rotateByPositions);
    NgramImport.register(STANDARD);
    DeterminantImport.register(STANDARD);
    ResamplingImport.register(STANDARD);
    RecurrentImport.register(STANDARD);
    ControlFlowImport.register(STANDARD);
    SequenceImport.register(STANDARD);
    RefusedImport.register(STANDARD);
    QuantizedOperatorImport.register(MICROSOFT);
    QuantizedProductImport.register(MICROSOFT);
    BlockQuantizedImport.register(MICROSOFT);
  }

  /** Turns a node into its outputs, in order. */
  interface Handler {
    List<Result> apply(NodeContext node);

    /** The same for nodes that have at most so many inputs; others are refused. */
    default Handler withInputs(int most) {
      return node -> {
        node.checkInputs(most);
        return apply(node);
      };
    }
  }

  /** The outputs of a node: the results of a new operation, or what is already there. */
  sealed interface Result {
    record Computed(Op op) implements Result {}

    record Existing(Datum datum) implements Result {}

    static Result of(Op op) {
      return new Computed(op);
    }

    static Result of(Value value) {
      return new Existing(Datum.of(value));
    }

    static Result of(Datum datum) {
      return new Existing(datum);
    }
  }

  /** The opset from which an entry counts. */
  record Since(long opset) {}

  private final Map<String, NavigableMap<Long, Handler>> handlers = new HashMap<>();
  private final Map<String, Refusal> refusals = new HashMap<>();
  private final ListMultimap<String, String> limits = ArrayListMultimap.create();

  static Since since(long opset) {
    return new Since(opset);
  }

  /** An operator that is one operation, with the same results. */
  void op(String name, Function<NodeContext, Op> handler) {
    op(name, since(1), handler);
  }

  void op(String name, Since since, Function<NodeContext, Op> handler) {
    result(name, since, node -> Result.of(handler.apply(node)));
  }

  /** An operator that may give back what it is given. */
  void result(String name, Function<NodeContext, Result> handler) {
    result(name, since(1), handler);
  }

  void result(String name, Since since, Function<NodeContext, Result> handler) {
    results(name, since, node -> List.of(handler.apply(node)));
  }

  /** An operator whose outputs are computed by several operations. */
  void results(String name, Handler handler) {
    results(name, since(1), handler);
  }

  void results(String name, Since since, Handler handler) {
    handlers.computeIfAbsent(name, _ -> new TreeMap<>()).put(since.opset(), handler);
  }

  /** An operator that is known not to be supported, with the reason and a way out. */
  void unsupported(String name, String reason, String advice) {
    refusals.put(name, new Refusal(reason, advice));
    results(
        name,
        node -> {
          throw node.unsupported(reason).advise(advice);
        });
  }

  /** Says what of an operator is not supported; its handler refuses that when it meets it. */
  void limit(String name, String text) {
    limits.put(name, text);
  }

  static Optional<Handler> handler(String domain, String name, long opset) {
    Optional<Handler> handler =
        Optional.ofNullable(DOMAINS.get(domain)).flatMap(table -> table.handler(name, opset));
    Optional<Integer> most = domain.isEmpty() ? InputCounts.most(name) : Optional.empty();
    return most.isEmpty() ? handler : handler.map(h -> h.withInputs(most.get()));
  }

  private Optional<Handler> handler(String name, long opset) {
    return Optional.ofNullable(handlers.get(name))
        .flatMap(versions -> Optional.ofNullable(versions.floorEntry(opset)))
        .map(Map.Entry::getValue);
  }

  /** The domain of ONNX's own operators has two names. */
  static String domain(String name) {
    return name.equals("ai.onnx") ? "" : name;
  }

  /** All entries of all domains, by domain and name. */
  static ImmutableList<OperatorSupport> all() {
    ImmutableList.Builder<OperatorSupport> all = ImmutableList.builder();
    DOMAINS.forEach((domain, table) ->
        ImmutableSortedSet.copyOf(table.handlers.keySet())
            .forEach(name -> all.add(table.support(domain, name))));
    return all.build();
  }

  private OperatorSupport support(String domain, String name) {
    return new OperatorSupport(
        domain,
        name,
        ImmutableSortedSet.copyOf(handlers.getOrDefault(name, new TreeMap<>()).keySet()),
        Optional.ofNullable(refusals.get(name)),
        ImmutableList.copyOf(limits.get(name)));
  }
}
