package dev.tenrec.passes.quantize;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Source.Constant;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.passes.rewrite.GraphRebuilder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Constants that become others, each where it is read. */
public final class OtherConstants {
  private final Map<Reading, Tensor> tensors = new LinkedHashMap<>();

  /** What is read there now. */
  public Tensor get(Reading reading) {
    Tensor changed = tensors.get(reading);
    return changed != null
        ? changed
        : reading
            .value()
            .constant()
            .orElseThrow(() ->
                new TenrecException(
                    ErrorCode.INTERNAL, "%s is not a constant".formatted(reading.value())));
  }

  public void change(Reading reading, UnaryOperator<Tensor> change) {
    tensors.put(reading, change.apply(get(reading)));
  }

  /** The graph with what was changed; the same one if nothing was. */
  public Graph in(Graph graph) {
    Uses uses = Uses.of(graph);
    GraphRebuilder rebuilder = new GraphRebuilder(graph);
    for (Node node : graph.nodes()) {
      Tensor only =
          node.op() instanceof Constant
              ? uses.only(node.result()).map(tensors::get).orElse(null)
              : null;
      if (only != null) {
        rebuilder.replace(node, new Constant(only));
      } else {
        keep(node, uses, rebuilder);
      }
    }
    return rebuilder.build();
  }

  /** A constant that others read too stays, and gets another one beside it. */
  private void keep(Node node, Uses uses, GraphRebuilder rebuilder) {
    boolean changed = false;
    ImmutableList.Builder<Value> operands = ImmutableList.builder();
    for (int i = 0; i < node.op().operands().size(); i++) {
      Value operand = node.op().operands().get(i);
      Tensor tensor = tensors.get(new Reading(node, i));
      if (tensor == null || uses.only(operand).isPresent()) {
        operands.add(rebuilder.get(operand));
      } else {
        changed = true;
        operands.add(rebuilder.add(Node.of(new Constant(tensor)), node.location()).result());
      }
    }
    if (changed) {
      rebuilder.replace(node, node.op().withOperands(operands.build()));
    } else {
      rebuilder.keep(node);
    }
  }
}
