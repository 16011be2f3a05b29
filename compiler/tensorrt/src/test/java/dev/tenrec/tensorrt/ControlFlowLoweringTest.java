package dev.tenrec.tensorrt;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Contraction;
import dev.tenrec.ir.ControlFlow;
import dev.tenrec.ir.Elementwise;
import dev.tenrec.ir.Elementwise.ActivationKind;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.GraphBuilder;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class ControlFlowLoweringTest {
  /** A recurrent cell: the next state is tanh(state weights + step), and steps are collected. */
  private static Graph cell(TensorType state, TensorType step, TensorType weights) {
    GraphBuilder body = new GraphBuilder("cell");
    Value h = body.input("h", state);
    Value x = body.input("x", step);
    Value w = body.input("w", weights);
    Value product = body.add(new Contraction.MatMul(h, w));
    Value sum = body.add(new Elementwise.Binary(BinaryKind.ADD, product, x));
    Value next = body.add(new Elementwise.Activation(ActivationKind.TANH, sum));
    body.output("next", next);
    body.output("double", body.add(new Elementwise.Binary(BinaryKind.ADD, next, x)));
    return body.build();
  }

  @Property(tries = 2)
  void scan(@ForAll boolean reverse) {
    TensorType state = TensorType.of(ElementType.FLOAT32, 2, 3);
    TensorType weights = TensorType.of(ElementType.FLOAT32, 3, 3);
    LoweringCheck.checkKnown(
        v ->
            new ControlFlow.Scan(
                cell(state, state, weights),
                ImmutableList.of(v.get(0)),
                ImmutableList.of(v.get(1)),
                ImmutableList.of(v.get(2)),
                reverse),
        state,
        TensorType.of(ElementType.FLOAT32, 5, 2, 3),
        weights);
  }

  /** The batch and the length of the sequence are open. */
  @Property(tries = 2)
  void scanOfOpenSizes(@ForAll boolean reverse) {
    LoweringCheck.check(
        v ->
            new ControlFlow.Scan(
                cell(v.get(0).type(), v.get(0).type(), v.get(2).type()),
                ImmutableList.of(v.get(0)),
                ImmutableList.of(v.get(1)),
                ImmutableList.of(v.get(2)),
                reverse),
        TensorType.of(ElementType.FLOAT32, 2, 3),
        TensorType.of(ElementType.FLOAT32, 5, 2, 3),
        TensorType.of(ElementType.FLOAT32, 3, 3));
  }
}
