package dev.tenrec.onnx;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.ControlFlow;
import dev.tenrec.ir.ControlFlow.Scan;
import dev.tenrec.ir.Value;
import dev.tenrec.onnx.proto.GraphProto;
import java.util.HashMap;
import java.util.Map;

/** Operations that hold graphs. */
final class ControlFlowExport {
  private ControlFlowExport() {}

  static void write(ControlFlow controlFlow, NodeExport e) {
    switch (controlFlow) {
      case Scan op -> scan(op, e);
    }
  }

  /** What the IR hands to the body as inputs, ONNX's body takes from outside by name. */
  private static void scan(Scan op, NodeExport e) {
    int ownInputs = op.states().size() + op.sequences().size();
    int collected = op.body().outputs().size() - op.states().size();
    Map<Value, String> captured = new HashMap<>();
    for (int i = 0; i < op.captures().size(); i++) {
      captured.put(op.body().inputs().get(ownInputs + i), e.name(op.captures().get(i)));
    }
    NodeExport.Builder builder = e.op("Scan");
    op.states().forEach(builder::in);
    op.sequences().forEach(builder::in);
    GraphProto body = e.graph().nested(op.body()).body(captured);
    builder
        .attribute("body", body)
        .attribute("num_scan_inputs", op.sequences().size())
        .attribute("scan_input_directions", directions(op, op.sequences().size()))
        .attribute("scan_output_directions", directions(op, collected))
        .result();
  }

  private static ImmutableLongArray directions(Scan op, int count) {
    return Windows.filled(count, op.reverse() ? 1 : 0);
  }
}
