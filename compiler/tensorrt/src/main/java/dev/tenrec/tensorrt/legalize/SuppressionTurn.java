package dev.tenrec.tensorrt.legalize;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.GraphBuilder;
import dev.tenrec.ir.Indexing.GatherElements;
import dev.tenrec.ir.Reduction.ArgReduce;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import java.util.List;

/**
 * One turn of {@link DecomposeSuppression}: selects a box in each batch and class.
 *
 * @param edges left, top, right and bottom of all boxes, [batches, classes, boxes]
 * @param best the number of the selected box, [batches, classes, 1]
 */
record SuppressionTurn(List<Value> edges, Value best) {
  private static final int BOXES = 2;
  private static final int OVERLAP = 5;
  private static final int NUMBERS = 6;

  /**
   * The body of the loop: from the boxes that are free and the number of the turn to those that
   * stay free, the selected ones, and whether there were any.
   *
   * @param captures the scores, the four edges, the overlap that is allowed, and the numbers of the
   *     boxes
   */
  static Graph of(List<Value> captures) {
    GraphBuilder body = new GraphBuilder("suppression");
    Value scores = captures.getFirst();
    Value free = body.input("free", scores.type().with(ElementType.BOOL));
    var _ = body.input("turn", new TensorType(ElementType.INT64, Shape.SCALAR));
    ImmutableList.Builder<Value> inner = ImmutableList.builder();
    for (int i = 0; i < captures.size(); i++) {
      inner.add(body.input("capture" + i, captures.get(i).type()));
    }
    ImmutableList<Value> inputs = inner.build();
    Value none = Terms.number(scores, Double.NEGATIVE_INFINITY);
    Value candidates = Terms.select(free, inputs.getFirst(), none);
    Value best = new ArgReduce(true, candidates, BOXES, true, false).value();
    Value any = new GatherElements(free, best, BOXES).value();
    SuppressionTurn turn = new SuppressionTurn(inputs.subList(1, OVERLAP), best);
    Value isBest = Terms.equal(Terms.along(inputs.get(NUMBERS), BOXES, 3), best);
    Value dropped = Terms.binary(BinaryKind.OR, turn.overlapping(inputs.get(OVERLAP)), isBest);
    Value left = Terms.and(free, Terms.not(dropped));
    body.output("next", added(body, left));
    body.output("best", added(body, Terms.squeeze(best, BOXES)));
    body.output("any", added(body, Terms.squeeze(any, BOXES)));
    return body.build();
  }

  private static Value added(GraphBuilder body, Value value) {
    body.add(value.producer().orElseThrow());
    return value;
  }

  /** Where the intersection with the selected box is more than a part of the union. */
  private Value overlapping(Value part) {
    Value width = shared(0);
    Value height = shared(1);
    Value intersection = Terms.mul(width, height);
    Value area = Terms.mul(extent(edges, 0), extent(edges, 1));
    Value bestArea = new GatherElements(area, best, BOXES).value();
    Value union = Terms.sub(Terms.add(area, bestArea), intersection);
    Value quotient = Terms.div(intersection, union);
    Value some =
        Terms.and(
            Terms.and(positive(width), positive(height)),
            Terms.and(positive(area), positive(bestArea)));
    Value exists = Terms.and(some, Terms.and(positive(intersection), positive(union)));
    return Terms.and(exists, Terms.binary(BinaryKind.GREATER, quotient, part));
  }

  private Value shared(int axis) {
    Value bestLow = new GatherElements(edges.get(axis), best, BOXES).value();
    Value bestHigh = new GatherElements(edges.get(axis + 2), best, BOXES).value();
    return Terms.sub(Terms.min(edges.get(axis + 2), bestHigh), Terms.max(edges.get(axis), bestLow));
  }

  private static Value extent(List<Value> edges, int axis) {
    return Terms.sub(edges.get(axis + 2), edges.get(axis));
  }

  private static Value positive(Value x) {
    return Terms.binary(BinaryKind.GREATER, x, Terms.number(x, 0));
  }
}
