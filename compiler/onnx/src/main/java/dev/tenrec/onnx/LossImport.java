package dev.tenrec.onnx;

import static dev.tenrec.ir.Terms.constant;
import static dev.tenrec.ir.Terms.equal;
import static dev.tenrec.ir.Terms.expand;
import static dev.tenrec.ir.Terms.gather;
import static dev.tenrec.ir.Terms.number;
import static dev.tenrec.ir.Terms.scalar;
import static dev.tenrec.ir.Terms.select;
import static dev.tenrec.ir.Terms.shapeOf;
import static dev.tenrec.ir.Terms.squeeze;
import static dev.tenrec.ir.Terms.unary;
import static dev.tenrec.ir.Terms.unsqueeze;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Indexing.GatherElements;
import dev.tenrec.ir.Normalization.Softmax;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Reduction.Reduce;
import dev.tenrec.ir.Reduction.ReduceKind;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.onnx.OperatorTable.Result;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Losses: minus the logarithm of the probability of the target class, for each position. */
final class LossImport {
  private static final int CLASSES = 1;

  private LossImport() {}

  static void register(OperatorTable on) {
    on.op("NegativeLogLikelihoodLoss", n -> loss(n, n.input(0)));
    on.results("SoftmaxCrossEntropyLoss", LossImport::crossEntropy);
  }

  private static List<Result> crossEntropy(NodeContext n) {
    Value logarithms = new Softmax(n.input(0), 1, true).value();
    return List.of(Result.of(loss(n, logarithms)), Result.of(logarithms));
  }

  /** {@code logarithms} is [N, C, ...], the target [N, ...], and the weights are [C]. */
  private static Op loss(NodeContext n, Value logarithms) {
    Value target = n.input(1);
    Optional<Value> ignored =
        n.attributes().integer("ignore_index").map(index -> isIgnored(target, index));
    Value zero = number(target, 0);
    Value classes = ignored.map(i -> select(i, zero, target)).orElse(target);
    Value position = unsqueeze(classes, CLASSES);
    Value picked = new GatherElements(logarithms, position, 1).value();
    Value loss = unary(UnaryKind.NEG, squeeze(picked, CLASSES));
    Optional<Value> weights = weights(n, logarithms.elementType(), classes, ignored);
    Op weighted = weights.<Op>map(w -> new Binary(BinaryKind.MUL, loss, w)).orElse(identity(loss));
    return reduce(n, weighted, weights);
  }

  private static Value isIgnored(Value target, long index) {
    Tensor constant = Tensor.ofLongs(target.elementType(), ImmutableLongArray.of(), _ -> index);
    return equal(target, constant(constant));
  }

  /** A weight for each position: that of its class, and none where it is ignored. */
  private static Optional<Value> weights(
      NodeContext n, ElementType type, Value classes, Optional<Value> ignored) {
    Optional<Value> byClass = n.optionalInput(2).map(weights -> gather(weights, classes, 0));
    if (ignored.isEmpty()) {
      return byClass;
    }
    Value one = expand(scalar(type, 1), shapeOf(classes));
    Value zero = scalar(type, 0);
    return Optional.of(select(ignored.get(), zero, byClass.orElse(one)));
  }

  private static Op identity(Value x) {
    return new Reduce(ReduceKind.SUM, x, ImmutableList.of(), true);
  }

  private static Op reduce(NodeContext n, Op loss, Optional<Value> weights) {
    String reduction = n.textAttribute("reduction", "mean");
    return switch (reduction) {
      case "none" -> loss;
      case "sum" -> overAll(ReduceKind.SUM, loss.value());
      case "mean" ->
          weights
              .<Op>map(w ->
                  new Binary(
                      BinaryKind.DIV,
                      overAll(ReduceKind.SUM, loss.value()).value(),
                      overAll(ReduceKind.SUM, w).value()))
              .orElseGet(() -> overAll(ReduceKind.MEAN, loss.value()));
      default -> throw n.invalid("reduction is '%s'".formatted(reduction));
    };
  }

  private static Op overAll(ReduceKind kind, Value x) {
    ImmutableList<Integer> axes =
        IntStream.range(0, x.rank()).boxed().collect(ImmutableList.toImmutableList());
    return new Reduce(kind, x, axes, false);
  }
}
