package dev.tenrec.onnx;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.ControlFlow;
import dev.tenrec.ir.ControlFlow.If;
import dev.tenrec.ir.ControlFlow.Loop;
import dev.tenrec.ir.ControlFlow.Scan;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.onnx.proto.GraphProto;
import dev.tenrec.onnx.proto.NodeProto;
import java.util.HashMap;
import java.util.Map;

/** Operations that hold graphs. */
final class ControlFlowExport {
  private ControlFlowExport() {}

  static void write(ControlFlow controlFlow, NodeExport e) {
    switch (controlFlow) {
      case If op -> branches(op, e);
      case Loop op -> loop(op, e);
      case Scan op -> scan(op, e);
    }
  }

  private static void branches(If op, NodeExport e) {
    e.op("If")
        .in(op.condition())
        .attribute("then_branch", body(op.thenBranch(), op.captures(), e))
        .attribute("else_branch", body(op.elseBranch(), op.captures(), e))
        .result();
  }

  private static void loop(Loop op, NodeExport e) {
    NodeExport.Builder builder =
        e.op("Loop")
            .in(op.limit().map(e::name).orElse(""))
            .in(op.condition().map(e::name).orElse(""));
    op.states().forEach(builder::in);
    GraphProto body = body(op.body(), op.captures(), e);
    builder.attribute("body", withCondition(body, op, e)).result();
  }

  /** ONNX's body is given a condition, and gives back the next one also where nobody asks. */
  private static GraphProto withCondition(GraphProto body, Loop op, NodeExport e) {
    TensorType type = TensorType.of(ElementType.BOOL);
    String given = e.graph().uniqueName("condition");
    GraphProto.Builder whole = body.toBuilder();
    whole.addInput(1, ValueTypes.toProto(given, type));
    if (op.condition().isEmpty()) {
      String next = e.graph().uniqueName("condition");
      whole.addNode(NodeProto.newBuilder().setOpType("Identity").addInput(given).addOutput(next));
      whole.addOutput(0, ValueTypes.toProto(next, type));
    }
    return whole.build();
  }

  /** What the IR hands to the body as inputs, ONNX's body takes from outside by name. */
  private static GraphProto body(Graph body, ImmutableList<Value> captures, NodeExport e) {
    int ownInputs = body.inputs().size() - captures.size();
    Map<Value, String> captured = new HashMap<>();
    for (int i = 0; i < captures.size(); i++) {
      captured.put(body.inputs().get(ownInputs + i), e.name(captures.get(i)));
    }
    return e.graph().nested(body).body(captured);
  }

  private static void scan(Scan op, NodeExport e) {
    int collected = op.body().outputs().size() - op.states().size();
    NodeExport.Builder builder = e.op("Scan");
    op.states().forEach(builder::in);
    op.sequences().forEach(builder::in);
    builder
        .attribute("body", body(op.body(), op.captures(), e))
        .attribute("num_scan_inputs", op.sequences().size())
        .attribute("scan_input_directions", directions(op, op.sequences().size()))
        .attribute("scan_output_directions", directions(op, collected))
        .result();
  }

  private static ImmutableLongArray directions(Scan op, int count) {
    return Windows.filled(count, op.reverse() ? 1 : 0);
  }
}
