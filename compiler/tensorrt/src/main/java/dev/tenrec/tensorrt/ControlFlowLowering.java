package dev.tenrec.tensorrt;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.ControlFlow;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Provenance;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.tensorrt.layer.MovementLayer;
import dev.tenrec.tensorrt.layer.NetworkTensor;
import dev.tenrec.tensorrt.layer.Vector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Lowers {@link ControlFlow}. */
final class ControlFlowLowering {
  private static final String ADVICE =
      "export the model with fixed sizes and counts, so that the loop can be unrolled";

  private ControlFlowLowering() {}

  static ImmutableList<NetworkTensor> lower(ControlFlow op, Scope in) {
    return switch (op) {
      case ControlFlow.If branches -> branches(branches, in);
      case ControlFlow.Loop loop -> loop(loop, in);
      case ControlFlow.Scan scan -> scan(scan, in);
    };
  }

  private static ImmutableList<NetworkTensor> branches(ControlFlow.If op, Scope in) {
    TensorRtNetwork.Conditional conditional =
        new TensorRtNetwork.Conditional(
            in.of(op.condition()),
            tensors(op.captures(), in),
            inputs -> body(op.thenBranch(), inputs, in),
            inputs -> body(op.elseBranch(), inputs, in));
    return in.network().conditional(conditional, in.location());
  }

  /** The number of the turn is one more state. */
  private static ImmutableList<NetworkTensor> loop(ControlFlow.Loop op, Scope in) {
    checkStates(op);
    checkSteps(op, in);
    ImmutableList<NetworkTensor> captures = tensors(op.captures(), in);
    NetworkTensor zero = in.constant(Tensor.ofLongs(0).withSizes(ImmutableLongArray.of()));
    NetworkTensor one = in.constant(Tensor.ofLongs(1).withSizes(ImmutableLongArray.of()));
    TensorRtNetwork.Loop loop =
        new TensorRtNetwork.Loop(
            op.limit().map(in::of),
            op.condition().map(in::of),
            ImmutableList.<NetworkTensor>builder()
                .add(zero)
                .addAll(tensors(op.states(), in))
                .build(),
            ImmutableList.of(),
            false,
            turn -> {
              List<NetworkTensor> next =
                  new ArrayList<>(
                      body(
                          op.body(), Stream.concat(turn.stream(), captures.stream()).toList(), in));
              next.add(op.firstState(), in.sum(turn.getFirst(), one));
              return ImmutableList.copyOf(next);
            });
    ImmutableList<NetworkTensor> results = in.network().loop(loop, in.location());
    return Stream.concat(
            results.stream().skip(1).limit(op.states().size()),
            results.stream()
                .skip(1 + op.states().size())
                .map(steps ->
                    op.condition().isEmpty() ? steps : first(steps, results.getFirst(), in)))
        .collect(ImmutableList.toImmutableList());
  }

  private static void checkStates(ControlFlow.Loop op) {
    for (int i = 0; i < op.states().size(); i++) {
      int state = i;
      Value value = op.states().get(i);
      if (!IntStream.range(0, value.rank()).allMatch(axis -> op.isInvariant(state, axis))) {
        throw unsupported(
            op,
            "state %s of a loop changes its size, which TensorRT does not allow".formatted(value));
      }
    }
  }

  /** How much room collected steps take must follow from sizes. */
  private static void checkSteps(ControlFlow.Loop op, Scope in) {
    boolean collects = op.body().outputs().size() > op.firstStep();
    boolean computable =
        op.limit()
            .flatMap(Value::content)
            .filter(count -> in.isComputable(count.getFirst()))
            .isPresent();
    if (collects && !computable) {
      throw unsupported(op, "how many steps a loop gives back does not follow from sizes");
    }
  }

  private static TenrecException unsupported(ControlFlow.Loop op, String problem) {
    ImmutableSet<String> inputs =
        Stream.of(op.limit(), op.condition())
            .flatMap(Optional::stream)
            .flatMap(value -> Provenance.inputsBehind(value).stream())
            .collect(ImmutableSet.toImmutableSet());
    return new TenrecException(ErrorCode.UNSUPPORTED, problem).advise(ADVICE).needing(inputs);
  }

  /** The steps of turns that took place. */
  private static NetworkTensor first(NetworkTensor steps, NetworkTensor turns, Scope in) {
    int rank = steps.rank();
    List<NetworkTensor> sizes = new ArrayList<>();
    sizes.add(in.unsqueeze(turns, ImmutableList.of(0)));
    if (rank > 1) {
      sizes.add(in.part(in.shape(steps), 1, rank - 1));
    }
    long[] ones = new long[rank];
    Arrays.fill(ones, 1);
    return in.add(
        new MovementLayer.Slice(
            steps,
            Vector.of(new long[rank]),
            new Vector.Computed(in.concat(sizes)),
            Vector.of(ones),
            MovementLayer.SampleMode.STRICT_BOUNDS,
            Optional.empty()));
  }

  private static ImmutableList<NetworkTensor> scan(ControlFlow.Scan op, Scope in) {
    ImmutableList<NetworkTensor> captures = tensors(op.captures(), in);
    TensorRtNetwork.Loop loop =
        new TensorRtNetwork.Loop(
            Optional.of(in.scalar(op.sequences().getFirst().dim(0))),
            Optional.empty(),
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
