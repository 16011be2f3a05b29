package dev.tenrec.tensorrt;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.diagnostic.Location;
import dev.tenrec.tensorrt.TensorRtNetwork.Conditional;
import dev.tenrec.tensorrt.layer.NetworkTensor;
import org.bytedeco.tensorrt.nvinfer.IIfConditional;

/** Adds two branches: the condition, what enters them, their layers and what leaves them. */
record NativeConditional(IIfConditional conditional, NativeNetwork network, Location location) {

  ImmutableList<NetworkTensor> add(Conditional parts) {
    conditional.setCondition(NativeTensor.handle(parts.condition()));
    ImmutableList<NetworkTensor> inputs =
        parts.inputs().stream().map(this::input).collect(ImmutableList.toImmutableList());
    ImmutableList<NetworkTensor> yes = parts.thenBranch().add(inputs);
    ImmutableList<NetworkTensor> no = parts.elseBranch().add(inputs);
    ImmutableList.Builder<NetworkTensor> results = ImmutableList.builder();
    for (int i = 0; i < yes.size(); i++) {
      results.add(
          network.addPart(
              conditional.addOutput(
                  NativeTensor.handle(yes.get(i)), NativeTensor.handle(no.get(i))),
              "a choice of %s and %s".formatted(yes.get(i), no.get(i)),
              location));
    }
    return results.build();
  }

  private NetworkTensor input(NetworkTensor outer) {
    return network.addPart(
        conditional.addInput(NativeTensor.handle(outer)), "an input of branches", location);
  }
}
