package dev.tenrec.onnx;

import static dev.tenrec.ir.Terms.add;
import static dev.tenrec.ir.Terms.cast;
import static dev.tenrec.ir.Terms.expand;
import static dev.tenrec.ir.Terms.less;
import static dev.tenrec.ir.Terms.number;
import static dev.tenrec.ir.Terms.select;
import static dev.tenrec.ir.Terms.unsqueeze;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Contraction.MatMul;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Shuffle.Concat;
import dev.tenrec.ir.Shuffle.Transpose;
import dev.tenrec.ir.Shuffle.Unsqueeze;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.onnx.OperatorTable.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * RNN, GRU and LSTM as loops over the steps: one {@code Scan} per direction. The inputs of all
 * steps are multiplied with their weights beforehand.
 */
final class RecurrentImport {
  private static final ImmutableList<Integer> BATCH_FIRST = ImmutableList.of(1, 0, 2);

  private final NodeContext n;
  private final RecurrentCell cell;
  private final List<String> directions;
  private final boolean batchFirst;
  private final Value x;
  private final long hidden;
  private final List<UnaryOperator<Value>> activations;

  /** Results of the loop of each direction: the last states, then the outputs of all steps. */
  private final List<List<Value>> results = new ArrayList<>();

  private RecurrentImport(NodeContext n, RecurrentCell cell) {
    this.n = n;
    this.cell = cell;
    this.directions = directions(n);
    this.batchFirst = n.flag("layout", false);
    Value input = n.input(0);
    this.x = batchFirst ? new Transpose(input, BATCH_FIRST).value() : input;
    this.hidden = hiddenSize(n);
    this.activations = RecurrentActivations.of(n, cell.defaultActivations(), directions.size());
  }

  static void register(OperatorTable on) {
    on.results("RNN", n -> new RecurrentImport(n, new RecurrentCell.Rnn()).run());
    on.results(
        "GRU",
        n ->
            new RecurrentImport(n, new RecurrentCell.Gru(n.flag("linear_before_reset", false)))
                .run());
    on.results(
        "LSTM",
        n -> new RecurrentImport(n, new RecurrentCell.Lstm(n.flag("input_forget", false))).run());
  }

  private static List<String> directions(NodeContext n) {
    String direction = n.textAttribute("direction", "forward");
    return switch (direction) {
      case "forward", "reverse" -> List.of(direction);
      case "bidirectional" -> List.of("forward", "reverse");
      default -> throw n.invalid("direction is '%s'".formatted(direction));
    };
  }

  private static long hiddenSize(NodeContext n) {
    Value weights = n.input(2);
    long size = weights.rank() == 3 ? weights.dim(2).value().orElse(-1) : -1;
    if (size < 1 || n.intAttribute("hidden_size", size) != size) {
      throw n.invalid(
          "recurrent weights are %s for hidden size %d".formatted(weights.type(), size));
    }
    return size;
  }

  private List<Result> run() {
    for (int i = 0; i < directions.size(); i++) {
      results.add(loop(i));
    }
    List<Result> outputs = new ArrayList<>();
    outputs.add(Result.of(allSteps()));
    for (int state = 0; state < cell.states(); state++) {
      outputs.add(Result.of(lastState(state)));
    }
    return outputs;
  }

  /** [steps, directions, N, H], or [N, steps, directions, H]. */
  private Op allSteps() {
    Op joined = joined(cell.states(), 1);
    return batchFirst ? new Transpose(joined.value(), ImmutableList.of(2, 0, 1, 3)) : joined;
  }

  /** [directions, N, H], or [N, directions, H]. */
  private Op lastState(int state) {
    Op joined = joined(state, 0);
    return batchFirst ? new Transpose(joined.value(), BATCH_FIRST) : joined;
  }

  private Op joined(int result, int axis) {
    ImmutableList<Integer> axes = ImmutableList.of(axis);
    if (results.size() == 1) {
      return new Unsqueeze(results.getFirst().get(result), axes);
    }
    ImmutableList.Builder<Value> parts = ImmutableList.builder();
    results.forEach(loop -> parts.add(new Unsqueeze(loop.get(result), axes).value()));
    return new Concat(parts.build(), axis);
  }

  private List<Value> loop(int direction) {
    Value recurrent = TensorParts.element(n.input(2), direction);
    Optional<Value> bias = n.optionalInput(3).map(b -> TensorParts.element(b, direction));
    long rows = cell.gates() * hidden;
    Optional<Value> inner = bias.map(b -> TensorParts.slice(b, 0, rows, 2 * rows));
    LoopBuilder loop = new LoopBuilder("step", directions.get(direction).equals("reverse"));
    List<Value> states = new ArrayList<>();
    for (int i = 0; i < cell.states(); i++) {
      states.add(loop.state("state" + i, initialState(i, direction)));
    }
    Value step = loop.sequence("x", projected(direction, bias, rows));
    Optional<Value> time = n.optionalInput(4).map(_ -> loop.sequence("time", times()));
    Optional<Value> innerBias = cell.biasInside() ? inner : Optional.empty();
    List<Value> next =
        cell.next(
            new RecurrentCell.Step(
                hidden,
                step,
                states,
                loop.capture("weights", recurrent),
                innerBias.map(b -> loop.capture("bias", b)),
                peepholes(direction).map(p -> loop.capture("peepholes", p)),
                activationsOf(direction)));
    Optional<Value> running = time.map(t -> isRunning(t, loop.capture("lengths", lengths())));
    for (int i = 0; i < next.size(); i++) {
      loop.next(
          "next" + i,
          running.isEmpty() ? next.get(i) : select(running.get(), next.get(i), states.get(i)));
    }
    Value h = next.getFirst();
    loop.collect("y", running.isEmpty() ? h : select(running.get(), h, zero(h)));
    return Node.of(loop.scan()).results();
  }

  private List<UnaryOperator<Value>> activationsOf(int direction) {
    int count = cell.defaultActivations().size();
    return activations.subList(direction * count, (direction + 1) * count);
  }

  private Optional<Value> peepholes(int direction) {
    return cell.states() == 2
        ? n.optionalInput(7).map(p -> TensorParts.element(p, direction))
        : Optional.empty();
  }

  /** x W + b for all steps, [steps, N, gates H]. */
  private Value projected(int direction, Optional<Value> bias, long rows) {
    Value weights = TensorParts.element(n.input(1), direction);
    Value product = new MatMul(x, weights, false, true).value();
    if (bias.isEmpty()) {
      return product;
    }
    Value inputBias = TensorParts.slice(bias.get(), 0, 0, rows);
    Value recurrentBias = TensorParts.slice(bias.get(), 0, rows, 2 * rows);
    Value sum = cell.biasInside() ? inputBias : add(inputBias, recurrentBias);
    return add(product, sum);
  }

  private Value initialState(int state, int direction) {
    return n.optionalInput(5 + state)
        .map(given -> batchFirst ? new Transpose(given, BATCH_FIRST).value() : given)
        .map(given -> TensorParts.element(given, direction))
        .orElseGet(() -> expand(number(x, 0), n.sizes(n.sizeOf(x, 1), Size.of(hidden))));
  }

  /** The number of each step. */
  private Value times() {
    return IndexingImport.range(n, n.sizeOf(x, 0));
  }

  /** The number of steps of each sequence of the batch, [N, 1]. */
  private Value lengths() {
    Value wide = cast(n.input(4), ElementType.INT64);
    return unsqueeze(wide, 1);
  }

  /** Whether a sequence has not ended; states of others stay, and their outputs are 0. */
  private static Value isRunning(Value time, Value lengths) {
    return less(time, lengths);
  }

  private Value zero(Value like) {
    return number(like, 0);
  }
}
