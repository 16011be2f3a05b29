package dev.tenrec.passes.quantize.weights;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Quantization.Dequantize;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.Location;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.passes.quantize.weights.WeightPlan.Row;
import dev.tenrec.passes.rewrite.GraphRebuilder;
import dev.tenrec.passes.simplify.EliminateDeadCode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** Builds the graph that a plan describes. */
final class ApplyWeights {
  private final Graph old;
  private final QuantizeWeights pass;
  private final WholeNumbers type;

  ApplyWeights(Graph old, QuantizeWeights pass) {
    this.old = old;
    this.pass = pass;
    this.type = WholeNumbers.of(pass.settings().type());
  }

  Graph run() {
    List<Row> rows = pass.plan(old).rows().stream().filter(Row::isQuantized).toList();
    Map<Node, Value> weights = new HashMap<>();
    for (MomentsOfRows part : MomentsOfRows.split(rows, MomentsOfRows.BUDGET)) {
      if (!part.moments().isEmpty()) {
        part.observe(old, pass.samples().orElseThrow());
      }
      part.rows()
          .forEach(row -> {
            Value quantized = quantized(row, part);
            row.readers().forEach(reader -> weights.put(reader, quantized));
          });
    }
    return rebuild(weights);
  }

  private Graph rebuild(Map<Node, Value> weights) {
    GraphRebuilder builder = new GraphRebuilder(old);
    Set<Value> added = new HashSet<>();
    for (Node node : old.nodes()) {
      Value now = weights.get(node);
      if (now == null) {
        builder.keep(node);
        continue;
      }
      if (added.add(now)) {
        Location place = node.op().operands().get(1).producer().orElseThrow().location();
        builder.add(now.producer().orElseThrow(), place);
      }
      builder.replace(
          node,
          node.op()
              .withOperands(ImmutableList.of(builder.get(node.op().operands().getFirst()), now)));
    }
    return EliminateDeadCode.in(builder.build());
  }

  private Value quantized(Row row, MomentsOfRows moments) {
    WeightMatrix matrix =
        new WeightMatrix(row.weights().constant().orElseThrow(), row.transposed());
    Output.Quantizer quantizer = quantizer(row, moments);
    List<Output> outputs =
        IntStream.range(0, matrix.outputs())
            .parallel()
            .mapToObj(i -> quantizer.quantize(matrix.output(i)))
            .toList();
    double[] numbers =
        matrix.assemble(outputs.stream().map(Output::numbers).toArray(double[][]::new));
    double[] scales =
        matrix.assemble(outputs.stream().map(Output::scales).toArray(double[][]::new));
    Tensor tensor = matrix.tensor();
    return new Dequantize(
            Terms.constant(Tensor.ofDoubles(type.type(), tensor.sizes(), i -> numbers[i])),
            Terms.constant(scales(scales, matrix.scaleSizes(row.block()), tensor.elementType())),
            tensor.elementType(),
            matrix.granularity(row.block()))
        .value();
  }

  /** In the type of the weights where that holds them: TensorRT wants blocks in one type. */
  private static Tensor scales(double[] scales, ImmutableLongArray sizes, ElementType wanted) {
    Tensor same = Tensor.ofDoubles(wanted, sizes, i -> scales[i]);
    boolean exact = IntStream.range(0, scales.length).allMatch(i -> same.getDouble(i) == scales[i]);
    return exact ? same : Tensor.ofDoubles(ElementType.FLOAT32, sizes, i -> scales[i]);
  }

  private Output.Quantizer quantizer(Row row, MomentsOfRows moments) {
    return switch (row.method()) {
      case RTN -> new RoundToNearest(type, row.block(), false);
      case MSE, AWQ -> new RoundToNearest(type, row.block(), true);
      case GPTQ -> new CompensateErrors(type, row.block(), OutputError.of(moments.of(row)));
    };
  }
}
