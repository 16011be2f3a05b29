package dev.tenrec.onnx;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Shuffle.Concat;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.onnx.proto.GraphProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The turns of a loop one after the other, if it is known how many there are. Loops over tensors
 * are unrolled if there are few turns; those that carry sequences always, as the IR has none.
 *
 * @param asks whether the body decides if there is another turn
 */
record LoopUnrolling(NodeContext n, GraphProto body, int stateCount, boolean asks) {
  private static final long MAX_TURNS = 16;
  private static final long MAX_NODES = 2048;

  /** For loops that carry sequences. */
  private static final long MAX_TURNS_OF_SEQUENCES = 1024;

  /** The last states and the collected steps; nothing if the loop must stay one. */
  Optional<List<Datum>> run() {
    Optional<Long> limit =
        n.hasInput(0) ? n.knownInput(0).map(t -> t.getLong(0)) : Optional.of(Long.MAX_VALUE);
    Optional<Boolean> first =
        asks ? n.knownInput(1).map(t -> t.getLong(0) != 0) : Optional.of(true);
    if (limit.isEmpty() || first.isEmpty() || (limit.get() > maxTurns() && !mayEndEarly())) {
      return Optional.empty();
    }
    return turns(first.get() ? Math.max(0, limit.get()) : 0);
  }

  private List<Datum> states() {
    return IntStream.range(2, 2 + stateCount).mapToObj(n::datum).toList();
  }

  private long maxTurns() {
    return states().stream().allMatch(state -> state.tensor().isPresent())
        ? Math.min(MAX_TURNS, MAX_NODES / Math.max(1, body.getNodeCount()))
        : MAX_TURNS_OF_SEQUENCES;
  }

  /** Whether it is worth a try: all that the first turn starts from is known. */
  private boolean mayEndEarly() {
    return asks && states().stream().anyMatch(s -> s.tensor().flatMap(n::known).isPresent());
  }

  private Optional<List<Datum>> turns(long limit) {
    List<Datum> states = states();
    List<List<Datum>> steps = new ArrayList<>();
    boolean goesOn = true;
    for (long turn = 0; goesOn && turn < limit; turn++) {
      if (turn == maxTurns()) {
        return Optional.empty();
      }
      List<Datum> outputs = GraphImport.inline(n, body, "body", inputs(turn, states));
      Optional<Boolean> more = asks ? isTrue(outputs.getFirst()) : Optional.of(true);
      if (more.isEmpty()) {
        return Optional.empty();
      }
      goesOn = more.get();
      states = outputs.subList(1, 1 + stateCount);
      steps.add(outputs.subList(1 + stateCount, outputs.size()));
    }
    int collected = body.getOutputCount() - 1 - stateCount;
    if (steps.isEmpty() && collected > 0) {
      return Optional.empty();
    }
    List<Datum> results = new ArrayList<>(states);
    for (int i = 0; i < collected; i++) {
      int output = i;
      results.add(Datum.of(stacked(steps.stream().map(step -> step.get(output)).toList())));
    }
    return Optional.of(results);
  }

  private List<Datum> inputs(long turn, List<Datum> states) {
    Tensor number = Tensor.ofLongs(turn).withSizes(ImmutableLongArray.of());
    List<Datum> inputs = new ArrayList<>();
    inputs.add(Datum.of(LoopImport.single(n, body, 0, number)));
    inputs.add(Datum.of(LoopImport.single(n, body, 1, Tensor.scalar(ElementType.BOOL, 1))));
    inputs.addAll(states);
    return inputs;
  }

  private Optional<Boolean> isTrue(Datum condition) {
    return condition.tensor().flatMap(n::known).map(tensor -> tensor.getLong(0) != 0);
  }

  private Value stacked(List<Datum> steps) {
    ImmutableList.Builder<Value> rows = ImmutableList.builder();
    for (Datum step : steps) {
      Value value =
          step.tensor().orElseThrow(() -> n.invalid("the loop collects " + step.describe()));
      rows.add(Terms.unsqueeze(value, 0));
    }
    return new Concat(rows.build(), 0).value();
  }
}
