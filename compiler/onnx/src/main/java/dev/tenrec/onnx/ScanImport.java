package dev.tenrec.onnx;

import static dev.tenrec.ir.Terms.vector;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.ControlFlow.Scan;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Shuffle.Slice;
import dev.tenrec.ir.Shuffle.Transpose;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Value;
import dev.tenrec.onnx.OperatorTable.Result;
import dev.tenrec.onnx.proto.GraphProto;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * ONNX's Scan: sequences along any axis become sequences along axis 0, and those that run against
 * the others are turned around before and after the loop.
 */
final class ScanImport {
  private final NodeContext n;
  private final GraphProto body;
  private final int stateCount;
  private final int sequenceCount;
  private final ImmutableLongArray inputDirections;
  private final ImmutableLongArray inputAxes;
  private final boolean reverse;

  private ScanImport(NodeContext n) {
    this.n = n;
    this.body = n.required(n.attributes().graph("body"), "body");
    long count = n.required(n.attributes().integer("num_scan_inputs"), "num_scan_inputs");
    if (count < 1 || count > n.inputCount()) {
      throw n.invalid("num_scan_inputs is %d of %d inputs".formatted(count, n.inputCount()));
    }
    this.sequenceCount = (int) count;
    this.stateCount = n.inputCount() - sequenceCount;
    if (body.getOutputCount() < stateCount) {
      throw n.invalid("the body gives back fewer values than there are states");
    }
    this.inputDirections = Windows.attribute(n, "scan_input_directions", sequenceCount, 0);
    this.inputAxes = Windows.attribute(n, "scan_input_axes", sequenceCount, 0);
    this.reverse = inputDirections.get(0) != 0;
  }

  static List<Result> scan(NodeContext n) {
    return new ScanImport(n).run();
  }

  private List<Result> run() {
    List<Value> states = IntStream.range(0, stateCount).mapToObj(n::input).toList();
    List<Value> sequences = IntStream.range(0, sequenceCount).mapToObj(this::sequence).toList();
    Stream<TensorType> types =
        Stream.concat(
            states.stream().map(Value::type),
            sequences.stream().map(value -> LoopBuilder.stepOf(value.type())));
    BodyGraph inside = GraphImport.nested(n, body, "body").body(types.toList());
    Scan scan =
        new Scan(
            inside.graph(),
            ImmutableList.copyOf(states),
            ImmutableList.copyOf(sequences),
            inside.captures(),
            reverse);
    return results(Node.of(scan, n.location(), scanNames()).results());
  }

  private Value sequence(int i) {
    Value given = n.input(stateCount + i);
    int axis = n.axis(inputAxes.get(i), given.rank());
    Value moved = axis == 0 ? given : new Transpose(given, moving(given.rank(), axis, 0)).value();
    boolean against = (inputDirections.get(i) != 0) != reverse;
    return against ? turned(n, moved).value() : moved;
  }

  private List<String> scanNames() {
    return IntStream.range(0, body.getOutputCount())
        .mapToObj(i -> i < n.outputCount() && isPlain(i) ? n.outputNames().get(i) : "")
        .toList();
  }

  private boolean isPlain(int output) {
    int collected = output - stateCount;
    return collected < 0 || (outputAxis(collected) == 0 && !isAgainst(collected));
  }

  private long outputAxis(int collected) {
    return Windows.attribute(n, "scan_output_axes", collectedCount(), 0).get(collected);
  }

  private boolean isAgainst(int collected) {
    ImmutableLongArray directions =
        Windows.attribute(n, "scan_output_directions", collectedCount(), 0);
    return (directions.get(collected) != 0) != reverse;
  }

  private int collectedCount() {
    return body.getOutputCount() - stateCount;
  }

  private List<Result> results(List<Value> values) {
    List<Result> results = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      results.add(isPlain(i) ? Result.of(values.get(i)) : result(values.get(i), i - stateCount));
    }
    return results;
  }

  private Result result(Value value, int collected) {
    Op op = isAgainst(collected) ? turned(n, value) : null;
    int axis = n.axis(outputAxis(collected), value.rank());
    Value directed = op == null ? value : op.value();
    return Result.of(
        axis == 0 && op != null ? op : new Transpose(directed, moving(value.rank(), 0, axis)));
  }

  /** A sequence along axis 0 from its end. */
  static Op turned(NodeContext n, Value x) {
    return new Slice(
        x, vector(-1), vector(Long.MIN_VALUE), ImmutableList.of(0), ImmutableLongArray.of(-1));
  }

  /** The permutation that moves one axis and keeps the order of the others. */
  private static ImmutableList<Integer> moving(int rank, int from, int to) {
    List<Integer> axes = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
    axes.remove((Object) from);
    axes.add(to, from);
    return ImmutableList.copyOf(axes);
  }
}
