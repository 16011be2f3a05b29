package dev.tenrec.onnx;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.ControlFlow.If;
import dev.tenrec.ir.Elementwise;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Provenance;
import dev.tenrec.ir.Shuffle;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.onnx.OperatorTable.Result;
import dev.tenrec.onnx.proto.GraphProto;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The branch that is taken, where that is known; else both, one of which is chosen at run time. */
final class IfImport {
  private static final String ADVICE =
      "export the model so that the decision is taken before export, for example by tracing it";

  /** Up to this size, computing both branches costs less than deciding between them. */
  private static final int MAX_NODES = 8;

  private static final long MAX_ELEMENTS = 4096;

  private IfImport() {}

  static List<Result> branches(NodeContext n) {
    GraphProto yes = n.required(n.attributes().graph("then_branch"), "then_branch");
    GraphProto no = n.required(n.attributes().graph("else_branch"), "else_branch");
    Optional<Boolean> condition = n.knownInput(0).map(tensor -> tensor.getLong(0) != 0);
    if (condition.isPresent()) {
      List<Datum> taken =
          condition.get()
              ? GraphImport.inline(n, yes, "then_branch")
              : GraphImport.inline(n, no, "else_branch");
      return taken.stream().map(Result::of).toList();
    }
    BodyGraph a = GraphImport.nested(n, yes, "then_branch").body();
    BodyGraph b = GraphImport.nested(n, no, "else_branch").body();
    check(n, a, b);
    if (a.graph().outputs().isEmpty()) {
      return a.outputs().stream().map(Result::of).toList();
    }
    Value scalar = n.scalarInput(0);
    Iterator<Value> chosen =
        (isCheap(a, b) ? selected(scalar, a, b) : decided(n, scalar, a, b)).iterator();
    return a.outputs().stream().map(datum -> Result.of(datum.with(chosen))).toList();
  }

  private static void check(NodeContext n, BodyGraph a, BodyGraph b) {
    if (a.outputs().size() != b.outputs().size()) {
      throw n.invalid(
          "the branches give %d and %d values".formatted(a.outputs().size(), b.outputs().size()));
    }
    for (int i = 0; i < a.outputs().size(); i++) {
      Datum yes = a.outputs().get(i);
      Datum no = b.outputs().get(i);
      if (!yes.hasFormOf(no)) {
        throw different(n, yes.describe(), no.describe());
      }
    }
    for (int i = 0; i < a.graph().outputs().size(); i++) {
      TensorType yes = a.output(i).type();
      TensorType no = b.output(i).type();
      if (yes.elementType() != no.elementType() || yes.rank() != no.rank()) {
        throw different(n, yes.toString(), no.toString());
      }
    }
  }

  private static RuntimeException different(NodeContext n, String a, String b) {
    return n.unsupported("branches of different types %s and %s are not supported".formatted(a, b))
        .advise(ADVICE)
        .needing(Provenance.inputsBehind(n.input(0)));
  }

  /** Whether both branches may be computed, and one be selected element by element. */
  private static boolean isCheap(BodyGraph a, BodyGraph b) {
    return isSmall(a)
        && isSmall(b)
        && IntStream.range(0, a.graph().outputs().size())
            .allMatch(i -> a.output(i).type().equals(b.output(i).type()));
  }

  /** Whether a branch costs next to nothing and cannot fail. */
  private static boolean isSmall(BodyGraph branch) {
    List<Node> computed =
        branch.graph().nodes().stream()
            .filter(node -> !(node.op() instanceof Source.Constant))
            .toList();
    Stream<Value> values =
        Stream.concat(
            computed.stream().flatMap(node -> node.results().stream()),
            branch.graph().outputs().stream().map(Graph.Output::value));
    return computed.size() <= MAX_NODES
        && computed.stream().allMatch(node -> cannotFail(node.op()))
        && values.allMatch(IfImport::isSmall);
  }

  private static boolean isSmall(Value value) {
    return value.shape().elementCount().value().orElse(Long.MAX_VALUE) <= MAX_ELEMENTS
        && value.shape().isStatic();
  }

  private static boolean cannotFail(Op op) {
    return switch (op) {
      case Elementwise.Binary(BinaryKind kind, Value a, _) ->
          switch (kind) {
            case DIV, FLOOR_DIV, MOD, FMOD, POW -> a.elementType().isFloating();
            default -> true;
          };
      case Elementwise _ -> true;
      case Shuffle.Reshape _, Shuffle.Squeeze _, Shuffle.Unsqueeze _, Shuffle.Transpose _ -> true;
      default -> false;
    };
  }

  private static List<Value> selected(Value condition, BodyGraph a, BodyGraph b) {
    List<Value> yes = a.inlined();
    List<Value> no = b.inlined();
    List<Value> chosen = new ArrayList<>();
    for (int i = 0; i < yes.size(); i++) {
      chosen.add(Terms.select(condition, yes.get(i), no.get(i)));
    }
    return chosen;
  }

  private static List<Value> decided(NodeContext n, Value condition, BodyGraph a, BodyGraph b) {
    Set<Value> captures = new LinkedHashSet<>(a.captures());
    captures.addAll(b.captures());
    If op =
        new If(a.taking(captures), b.taking(captures), condition, ImmutableList.copyOf(captures));
    boolean tensorsOnly = a.outputs().stream().allMatch(datum -> datum.tensor().isPresent());
    return Node.of(op, n.location(), tensorsOnly ? n.outputNames() : List.of()).results();
  }
}
