package dev.tenrec.tensorrt;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.diagnostic.Location;
import dev.tenrec.tensorrt.TensorRtNetwork.Loop;
import dev.tenrec.tensorrt.layer.NetworkTensor;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.tensorrt.global.nvinfer.LoopOutput;
import org.bytedeco.tensorrt.global.nvinfer.TripLimit;
import org.bytedeco.tensorrt.nvinfer.ILoop;
import org.bytedeco.tensorrt.nvinfer.ILoopOutputLayer;
import org.bytedeco.tensorrt.nvinfer.IRecurrenceLayer;

/** Adds a loop: its iterators, recurrences, body and outputs. */
record NativeLoop(ILoop loop, NativeNetwork network, Location location) {

  ImmutableList<NetworkTensor> add(Loop parts) {
    loop.addTripLimit(NativeTensor.handle(parts.turns()), TripLimit.kCOUNT);
    List<IRecurrenceLayer> recurrences = new ArrayList<>();
    ImmutableList.Builder<NetworkTensor> turn = ImmutableList.builder();
    for (NetworkTensor state : parts.states()) {
      IRecurrenceLayer recurrence = loop.addRecurrence(NativeTensor.handle(state));
      turn.add(network.addPart(recurrence, "a recurrence from " + state, location));
      recurrences.add(recurrence);
    }
    for (NetworkTensor sequence : parts.sequences()) {
      turn.add(
          network.addPart(
              loop.addIterator(NativeTensor.handle(sequence), 0, parts.reverse()),
              "an iterator over " + sequence,
              location));
    }
    ImmutableList<NetworkTensor> next = parts.body().turn(turn.build());
    ImmutableList.Builder<NetworkTensor> results = ImmutableList.builder();
    for (int i = 0; i < recurrences.size(); i++) {
      recurrences.get(i).setInput(1, NativeTensor.handle(next.get(i)));
      ILoopOutputLayer last =
          loop.addLoopOutput(recurrences.get(i).getOutput(0), LoopOutput.kLAST_VALUE, 0);
      results.add(network.addPart(last, "the last value of a loop", location));
    }
    for (NetworkTensor step : next.subList(recurrences.size(), next.size())) {
      results.add(collected(step, parts));
    }
    return results.build();
  }

  private NetworkTensor collected(NetworkTensor step, Loop parts) {
    LoopOutput kind = parts.reverse() ? LoopOutput.kREVERSE : LoopOutput.kCONCATENATE;
    ILoopOutputLayer output = loop.addLoopOutput(NativeTensor.handle(step), kind, 0);
    output.setInput(1, NativeTensor.handle(parts.turns()));
    return network.addPart(output, "the values of a loop", location);
  }
}
