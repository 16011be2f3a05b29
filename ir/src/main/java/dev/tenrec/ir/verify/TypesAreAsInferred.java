package dev.tenrec.ir.verify;

import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.diagnostic.TenrecException;
import java.util.List;

/** Each result has the type that inference gives; sizes may differ where either is open. */
record TypesAreAsInferred() implements GraphCheck {
  @Override
  public String property() {
    return "results have the types that inference gives";
  }

  @Override
  public void check(Graph graph, Report report) {
    for (Node node : graph.nodes()) {
      try {
        List<TensorType> inferred = node.op().inferTypes();
        List<TensorType> actual = node.results().stream().map(value -> value.type()).toList();
        if (!fits(inferred, actual)) {
          report.violation(node.location(), "results are %s, not %s".formatted(actual, inferred));
        }
      } catch (TenrecException e) {
        report.violation(node.location(), e.problem());
      }
    }
  }

  private static boolean fits(List<TensorType> inferred, List<TensorType> actual) {
    if (inferred.size() != actual.size()) {
      return false;
    }
    for (int i = 0; i < actual.size(); i++) {
      if (!inferred.get(i).isCompatibleWith(actual.get(i))) {
        return false;
      }
    }
    return true;
  }
}
