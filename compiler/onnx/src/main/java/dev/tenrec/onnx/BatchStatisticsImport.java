package dev.tenrec.onnx;

import static dev.tenrec.ir.Terms.add;
import static dev.tenrec.ir.Terms.cast;
import static dev.tenrec.ir.Terms.mul;
import static dev.tenrec.ir.Terms.reduce;
import static dev.tenrec.ir.Terms.reshape;
import static dev.tenrec.ir.Terms.sub;

import dev.tenrec.ir.Normalization.BatchNorm;
import dev.tenrec.ir.Reduction.ReduceKind;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.onnx.OperatorTable.Result;
import java.util.List;
import java.util.stream.IntStream;

/** Batch normalization with the statistics of the batch itself, which move the running ones. */
final class BatchStatisticsImport {
  private static final double EPSILON = 1e-5f;
  private static final double MOMENTUM = 0.9f;

  private BatchStatisticsImport() {}

  static List<Result> batchNorm(NodeContext n) {
    if (!n.flag("training_mode", false)) {
      return List.of(Result.of(NormalizationImport.batchNorm(n, false)));
    }
    Value x = n.input(0);
    Integer[] others =
        IntStream.range(0, x.rank()).filter(i -> i != 1).boxed().toArray(Integer[]::new);
    Value mean = reduce(ReduceKind.MEAN, x, true, others);
    Value deviation = sub(x, mean);
    Value variance = reduce(ReduceKind.MEAN, mul(deviation, deviation), false, others);
    Value means = reshape(mean, -1);
    ElementType type = x.elementType();
    BatchNorm norm =
        new BatchNorm(
            x,
            cast(n.input(1), type),
            cast(n.input(2), type),
            means,
            variance,
            n.floatAttribute("epsilon", EPSILON));
    return List.of(
        Result.of(norm), Result.of(running(n, 3, means)), Result.of(running(n, 4, variance)));
  }

  private static Value running(NodeContext n, int input, Value batch) {
    Value before = n.input(input);
    double momentum = n.floatAttribute("momentum", MOMENTUM);
    Value now = cast(batch, before.elementType());
    return add(mul(before, momentum), mul(now, 1 - momentum));
  }
}
