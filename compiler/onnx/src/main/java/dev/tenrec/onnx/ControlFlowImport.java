package dev.tenrec.onnx;

import static dev.tenrec.onnx.OperatorTable.since;

import dev.tenrec.ir.Elementwise.Select;
import dev.tenrec.ir.Shuffle.Reshape;
import dev.tenrec.ir.Value;
import dev.tenrec.onnx.OperatorTable.Result;
import dev.tenrec.onnx.proto.GraphProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Operators that hold graphs. */
final class ControlFlowImport {
  private static final String ADVICE =
      "export the model so that the decision is taken before export, for example by tracing it";

  private ControlFlowImport() {}

  static void register(OperatorTable on) {
    on.results("If", ControlFlowImport::branches);
    on.unsupported("Loop", "loops of open length are not supported", ADVICE);
    on.unsupported("Scan", "the Scan of opset 8 is not supported", "convert the model to opset 9");
    on.results("Scan", since(9), ScanImport::scan);
    on.unsupported("SequenceConstruct", "sequences are not supported", ADVICE);
  }

  /** The branch that is taken, where that is known; else both, one of which is chosen. */
  private static List<Result> branches(NodeContext n) {
    GraphProto yes = n.required(n.attributes().graph("then_branch"), "then_branch");
    GraphProto no = n.required(n.attributes().graph("else_branch"), "else_branch");
    Optional<Boolean> condition = n.knownInput(0).map(tensor -> tensor.getLong(0) != 0);
    if (condition.isPresent()) {
      List<Value> taken =
          condition.get()
              ? GraphImport.inline(n, yes, "then_branch")
              : GraphImport.inline(n, no, "else_branch");
      return taken.stream().map(Result::of).toList();
    }
    List<Value> a = GraphImport.inline(n, yes, "then_branch");
    List<Value> b = GraphImport.inline(n, no, "else_branch");
    if (a.size() != b.size()) {
      throw n.invalid("the branches give %d and %d values".formatted(a.size(), b.size()));
    }
    Value scalar = new Reshape(n.input(0), n.longs(), false).value();
    List<Result> results = new ArrayList<>();
    for (int i = 0; i < a.size(); i++) {
      results.add(chosen(n, scalar, a.get(i), b.get(i)));
    }
    return results;
  }

  private static Result chosen(NodeContext n, Value condition, Value a, Value b) {
    if (!a.type().equals(b.type())) {
      throw n.unsupported(
              "branches of different types %s and %s are not supported"
                  .formatted(a.type(), b.type()))
          .advise(ADVICE);
    }
    return Result.of(new Select(condition, a, b));
  }
}
