package dev.tenrec.onnx;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.ControlFlow.Scan;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Value;
import dev.tenrec.onnx.OperatorTable.Result;
import dev.tenrec.onnx.proto.GraphProto;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The Scan of opset 8, whose states and sequences have a batch in front: a loop over the batch, in
 * which there is a loop over the steps. What is collected is in the order of the steps, also where
 * sequences are read from the end.
 */
final class BatchedScanImport {
  private final NodeContext n;
  private final GraphProto body;
  private final int stateCount;
  private final int sequenceCount;
  private final ImmutableLongArray directions;

  private BatchedScanImport(NodeContext n) {
    this.n = n;
    this.body = n.required(n.attributes().graph("body"), "body");
    long count = n.required(n.attributes().integer("num_scan_inputs"), "num_scan_inputs");
    if (count < 1 || count >= n.inputCount()) {
      throw n.invalid("num_scan_inputs is %d of %d inputs".formatted(count, n.inputCount()));
    }
    if (n.hasInput(0)) {
      throw n.unsupported("a Scan with sequences of different lengths is not supported")
          .advise("convert the model to opset 9");
    }
    this.sequenceCount = (int) count;
    this.stateCount = n.inputCount() - 1 - sequenceCount;
    this.directions = Windows.attribute(n, "directions", sequenceCount, 0);
  }

  static List<Result> scan(NodeContext n) {
    return new BatchedScanImport(n).run();
  }

  private List<Result> run() {
    LoopBuilder batch = new LoopBuilder("batch", false);
    List<Value> states = new ArrayList<>();
    for (int i = 0; i < stateCount; i++) {
      states.add(batch.sequence("state" + i, n.input(1 + i)));
    }
    List<Value> sequences = new ArrayList<>();
    for (int i = 0; i < sequenceCount; i++) {
      Value sequence = batch.sequence("sequence" + i, n.input(1 + stateCount + i));
      sequences.add(directions.get(i) == 0 ? sequence : ScanImport.turned(n, sequence).value());
    }
    BodyGraph inside = body(states, sequences);
    ImmutableList<Value> captures =
        IntStream.range(0, inside.captures().size())
            .mapToObj(i -> batch.capture("outer" + i, inside.captures().get(i)))
            .collect(ImmutableList.toImmutableList());
    Scan scan =
        new Scan(
            inside.graph(),
            ImmutableList.copyOf(states),
            ImmutableList.copyOf(sequences),
            captures,
            false);
    List<Value> results = Node.of(scan, n.location(), List.of()).results();
    for (int i = 0; i < results.size(); i++) {
      batch.collect("result" + i, results.get(i));
    }
    return Node.of(batch.scan(), n.location(), n.outputNames()).results().stream()
        .map(Result::of)
        .toList();
  }

  private BodyGraph body(List<Value> states, List<Value> sequences) {
    List<TensorType> types = new ArrayList<>(states.stream().map(Value::type).toList());
    sequences.forEach(sequence -> types.add(LoopBuilder.stepOf(sequence.type())));
    return GraphImport.nested(n, body, "body").body(types);
  }
}
