package dev.tenrec.tensorrt;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.ControlFlow;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Value;
import dev.tenrec.tensorrt.layer.NetworkTensor;
import java.util.List;
import java.util.stream.Stream;

/** Lowers {@link ControlFlow}. */
final class ControlFlowLowering {
  private ControlFlowLowering() {}

  static ImmutableList<NetworkTensor> lower(ControlFlow op, Scope in) {
    return switch (op) {
      case ControlFlow.Scan scan -> scan(scan, in);
    };
  }

  private static ImmutableList<NetworkTensor> scan(ControlFlow.Scan op, Scope in) {
    ImmutableList<NetworkTensor> captures = tensors(op.captures(), in);
    TensorRtNetwork.Loop loop =
        new TensorRtNetwork.Loop(
            in.scalar(op.sequences().getFirst().dim(0)),
            tensors(op.states(), in),
            tensors(op.sequences(), in),
            op.reverse(),
            turn -> body(op.body(), Stream.concat(turn.stream(), captures.stream()).toList(), in));
    return in.network().loop(loop, in.location());
  }

  private static ImmutableList<NetworkTensor> tensors(List<Value> values, Scope in) {
    return values.stream().map(in::of).collect(ImmutableList.toImmutableList());
  }

  private static ImmutableList<NetworkTensor> body(
      Graph body, List<NetworkTensor> inputs, Scope outer) {
    Scope inner = new Scope(outer.network());
    inner.locate(outer.location());
    for (int i = 0; i < inputs.size(); i++) {
      inner.define(body.inputs().get(i), inputs.get(i));
    }
    Lowering.lowerNodes(body, inner);
    return tensors(body.outputs().stream().map(Graph.Output::value).toList(), inner);
  }
}
