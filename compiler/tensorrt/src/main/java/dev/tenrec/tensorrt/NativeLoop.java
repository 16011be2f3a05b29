package dev.tenrec.tensorrt;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.Location;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.tensorrt.TensorRtNetwork.Loop;
import dev.tenrec.tensorrt.layer.NetworkTensor;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.tensorrt.global.nvinfer.LoopOutput;
import org.bytedeco.tensorrt.global.nvinfer.TripLimit;
import org.bytedeco.tensorrt.nvinfer.ILoop;
import org.bytedeco.tensorrt.nvinfer.ILoopOutputLayer;
import org.bytedeco.tensorrt.nvinfer.IRecurrenceLayer;

/** Adds a loop: its limits, iterators, recurrences, body and outputs. */
record NativeLoop(ILoop loop, NativeNetwork network, Location location) {

  ImmutableList<NetworkTensor> add(Loop parts) {
    parts.turns().ifPresent(turns -> limit(turns, TripLimit.kCOUNT));
    List<IRecurrenceLayer> recurrences = new ArrayList<>();
    parts
        .condition()
        .ifPresent(condition -> {
          recurrences.add(loop.addRecurrence(NativeTensor.handle(condition)));
          limit(
              network.addPart(recurrences.getFirst(), "a recurrence from " + condition, location),
              TripLimit.kWHILE);
        });
    int firstState = recurrences.size();
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
    ImmutableList<NetworkTensor> next = parts.body().add(turn.build());
    ImmutableList.Builder<NetworkTensor> results = ImmutableList.builder();
    for (int i = 0; i < recurrences.size(); i++) {
      recurrences.get(i).setInput(1, NativeTensor.handle(next.get(i)));
      if (i >= firstState) {
        results.add(last(recurrences.get(i)));
      }
    }
    for (NetworkTensor step : next.subList(recurrences.size(), next.size())) {
      results.add(collected(step, parts));
    }
    return results.build();
  }

  private void limit(NetworkTensor tensor, TripLimit kind) {
    loop.addTripLimit(NativeTensor.handle(tensor), kind);
  }

  private NetworkTensor last(IRecurrenceLayer recurrence) {
    ILoopOutputLayer last = loop.addLoopOutput(recurrence.getOutput(0), LoopOutput.kLAST_VALUE, 0);
    return network.addPart(last, "the last value of a loop", location);
  }

  private NetworkTensor collected(NetworkTensor step, Loop parts) {
    NetworkTensor turns =
        parts
            .turns()
            .orElseThrow(
                () -> new TenrecException(ErrorCode.INTERNAL, "steps of a loop without a limit"));
    LoopOutput kind = parts.reverse() ? LoopOutput.kREVERSE : LoopOutput.kCONCATENATE;
    ILoopOutputLayer output = loop.addLoopOutput(NativeTensor.handle(step), kind, 0);
    output.setInput(1, NativeTensor.handle(turns));
    return network.addPart(output, "the values of a loop", location);
  }
}
