package dev.tenrec.tensorrt.legalize;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.ControlFlow.Scan;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.GraphBuilder;
import dev.tenrec.ir.Indexing.GatherElements;
import dev.tenrec.ir.Indexing.GatherNd;
import dev.tenrec.ir.Indexing.ScatterElements;
import dev.tenrec.ir.Indexing.ScatterKind;
import dev.tenrec.ir.Indexing.ScatterNd;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.Shuffle.Transpose;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A scatter as a loop in which no two updates of one turn meet. */
final class ScatterLoop {
  private ScatterLoop() {}

  /** One turn for each position of the indices along the axis. */
  static Value elements(ScatterElements op) {
    int axis = op.axis();
    Value indices = first(op.indices(), axis);
    Value updates = first(op.updates(), axis);
    GraphBuilder body = new GraphBuilder("scatter");
    Value state = body.input("state", op.x().type());
    Value at = Terms.unsqueeze(body.input("indices", step(indices)), axis);
    Value update = Terms.unsqueeze(body.input("updates", step(updates)), axis);
    Value current = new GatherElements(state, at, axis).value();
    Value next = CompareAndReduce.apply(op.kind(), current, update);
    body.output("next", body.add(new ScatterElements(ScatterKind.REPLACE, state, at, next, axis)));
    return scan(body.build(), op.x(), indices, updates);
  }

  /** One turn for each tuple of indices; empty if the updates cannot be put in a line. */
  static Optional<Value> slices(ScatterNd op) {
    Optional<Value> indices = line(op.indices(), op.indices().rank() - 1);
    Optional<Value> updates = line(op.updates(), op.indices().rank() - 1);
    if (indices.isEmpty() || updates.isEmpty()) {
      return Optional.empty();
    }
    GraphBuilder body = new GraphBuilder("scatter");
    Value state = body.input("state", op.x().type());
    Value at = Terms.unsqueeze(body.input("indices", step(indices.get())), 0);
    Value update = Terms.unsqueeze(body.input("updates", step(updates.get())), 0);
    Value current = new GatherNd(state, at, 0).value();
    Value next = CompareAndReduce.apply(op.kind(), current, update);
    body.output("next", body.add(new ScatterNd(ScatterKind.REPLACE, state, at, next)));
    return Optional.of(scan(body.build(), op.x(), indices.get(), updates.get()));
  }

  private static Value scan(Graph body, Value x, Value indices, Value updates) {
    Scan scan =
        new Scan(
            body,
            ImmutableList.of(x),
            ImmutableList.of(indices, updates),
            ImmutableList.of(),
            false);
    return Node.of(scan).results().getFirst();
  }

  private static TensorType step(Value sequence) {
    TensorType type = sequence.type();
    return type.with(new Shape(type.shape().dims().subList(1, type.rank())));
  }

  /** With an axis in front of the others. */
  private static Value first(Value x, int axis) {
    List<Integer> order = new ArrayList<>(List.of(axis));
    order.addAll(Places.without(x.rank(), axis));
    return axis == 0 ? x : new Transpose(x, ImmutableList.copyOf(order)).value();
  }

  /** The leading dimensions as one. */
  private static Optional<Value> line(Value x, int leading) {
    if (leading <= 1) {
      return Optional.of(leading == 1 ? x : Terms.unsqueeze(x, 0));
    }
    long[] sizes = new long[x.rank() - leading + 1];
    sizes[0] = -1;
    for (int i = 1; i < sizes.length; i++) {
      if (x.dim(leading + i - 1).value().isEmpty()) {
        return Optional.empty();
      }
      sizes[i] = x.dim(leading + i - 1).value().getAsLong();
    }
    return Optional.of(Terms.reshape(x, sizes));
  }
}
