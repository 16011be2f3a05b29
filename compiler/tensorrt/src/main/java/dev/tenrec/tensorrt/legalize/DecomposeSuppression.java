package dev.tenrec.tensorrt.legalize;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.ControlFlow.Scan;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Indexing.GatherNd;
import dev.tenrec.ir.Indexing.NonMaxSuppression;
import dev.tenrec.ir.Indexing.NonZero;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.passes.rewrite.MatchContext;
import dev.tenrec.passes.rewrite.Rule;
import java.util.List;
import java.util.Optional;

/**
 * The selection among more boxes than TensorRT's layer looks at, or an open number of them: a loop
 * that takes the best free box of each batch and class and drops what overlaps it.
 *
 * <p>Legal if the model holds the number of boxes to select, which is the number of turns. The
 * order is right by itself: results are the turns in which there was a box, batch by batch and
 * class by class.
 */
public record DecomposeSuppression() implements Rule {
  /** TensorRT drops the worst boxes before it compares them if there are more. */
  public static final int MAX_BOXES = 5000;

  @Override
  public String name() {
    return "decompose-suppression";
  }

  @Override
  public Optional<Value> rewrite(Op op, MatchContext context) {
    return op instanceof NonMaxSuppression suppression
            && suppression.boxes().dim(1).value().orElse(Long.MAX_VALUE) > MAX_BOXES
            && suppression.perClass().scalarConstant().isPresent()
            && Places.areBound(suppression.scores().shape().dims(), context)
        ? Optional.of(selected(suppression))
        : Optional.empty();
  }

  private static Value selected(NonMaxSuppression op) {
    long most = Math.max(0, op.perClass().constant().orElseThrow().getLong(0));
    Dim turns = Dim.min(Dim.of(most), op.boxes().dim(1));
    ImmutableList<Value> captures =
        ImmutableList.<Value>builder()
            .add(op.scores())
            .addAll(edges(op))
            .add(Terms.reshape(op.overlap()))
            .add(Places.range(op.boxes().dim(1)))
            .build();
    Scan scan =
        new Scan(
            SuppressionTurn.of(captures),
            ImmutableList.of(free(op)),
            ImmutableList.of(Places.range(turns)),
            captures,
            false);
    List<Value> results = Node.of(scan).results();
    return triples(lastAxis(results.get(1)), lastAxis(results.get(2)));
  }

  /** Which boxes may be selected: all, or those with a high score. */
  private static Value free(NonMaxSuppression op) {
    Value scores = op.scores();
    return op.leastScore()
        .map(least -> Terms.binary(BinaryKind.GREATER, scores, Terms.reshape(least)))
        .orElseGet(() -> {
          Value yes = Terms.scalar(ElementType.BOOL, 1);
          return Terms.expand(yes, Places.sizes(scores.shape().dims()));
        });
  }

  /** Left, top, right and bottom, each [batches, classes, boxes]. */
  private static ImmutableList<Value> edges(NonMaxSuppression op) {
    ImmutableList.Builder<Value> low = ImmutableList.builder();
    ImmutableList.Builder<Value> high = ImmutableList.builder();
    for (int axis = 0; axis < 2; axis++) {
      Value first = coordinate(op, axis);
      Value second = coordinate(op, axis + 2);
      if (op.centered()) {
        Value half = Terms.div(second, Terms.number(second, 2));
        low.add(Terms.sub(first, half));
        high.add(Terms.add(first, half));
      } else {
        low.add(Terms.min(first, second));
        high.add(Terms.max(first, second));
      }
    }
    return ImmutableList.<Value>builder().addAll(low.build()).addAll(high.build()).build();
  }

  private static Value coordinate(NonMaxSuppression op, int number) {
    Value ofBoxes = Terms.gather(op.boxes(), Terms.vector(number), 2);
    Value row = Terms.transpose(ofBoxes, 0, 2, 1);
    return Terms.expand(row, Places.sizes(op.scores().shape().dims()));
  }

  private static Value lastAxis(Value turns) {
    return Terms.transpose(turns, 1, 2, 0);
  }

  private static Value triples(Value boxes, Value valid) {
    Value places = Terms.transpose(new NonZero(valid).value(), 1, 0);
    Value box = new GatherNd(boxes, places, 0).value();
    Value batchAndClass = Terms.gather(places, Terms.vector(0, 1), 1);
    return Terms.concat(1, batchAndClass, Terms.along(box, 0, 2));
  }
}
