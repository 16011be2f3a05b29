package dev.tenrec.passes.quantize;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Convolution.Conv;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Quantization.Dequantize;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.interpret.Interpreter;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.text.ValueNames;
import dev.tenrec.passes.Pass;
import dev.tenrec.passes.PassContext;
import dev.tenrec.passes.rewrite.GraphRebuilder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes out of biases what rounded weights add to sums on average:
 *
 * <pre>
 * conv(x, w', b) → conv(x, w', b - sum((w' - w) mean(x)))
 * </pre>
 *
 * <p>w is what the weights w' were before they were quantized. Legal for all convolutions; what
 * lies outside of x counts as if it were inside. Source: Nagel et al., "Data-Free Quantization
 * Through Weight Equalization and Bias Correction", 2019.
 *
 * @param exact the graph before it was quantized
 * @param statistics of what its convolutions read
 */
public record CorrectBiases(Graph exact, ImmutableMap<String, ChannelStatistics> statistics)
    implements Pass {
  @Override
  public String name() {
    return "correct-biases";
  }

  @Override
  public boolean runsInBodies() {
    return false;
  }

  @Override
  public Graph run(Graph graph, PassContext context) {
    Map<String, Node> originals = new HashMap<>();
    ValueNames names = ValueNames.of(exact);
    exact.nodes().forEach(node -> originals.put(names.of(node.results().getFirst()), node));
    ValueNames current = ValueNames.of(graph);
    GraphRebuilder rebuilder = new GraphRebuilder(graph);
    for (Node node : graph.nodes()) {
      Node original = originals.get(current.of(node.results().getFirst()));
      Optional<Tensor> bias =
          original != null && node.op() instanceof Conv conv && original.op() instanceof Conv before
              ? bias(conv, before, statistics.get(names.of(before.x())))
              : Optional.empty();
      bias.ifPresentOrElse(
          tensor -> rebuilder.replace(node, withBias((Conv) rebuilder.remapped(node.op()), tensor)),
          () -> rebuilder.keep(node));
    }
    return rebuilder.build();
  }

  private static Conv withBias(Conv conv, Tensor bias) {
    return new Conv(
        conv.x(),
        conv.weights(),
        Optional.of(Terms.constant(bias)),
        conv.window(),
        conv.groups(),
        conv.activation());
  }

  private static Optional<Tensor> bias(Conv now, Conv before, @Nullable ChannelStatistics seen) {
    boolean known = before.bias().map(bias -> bias.constant().isPresent()).orElse(true);
    Optional<Tensor> weights = before.weights().constant();
    if (seen == null || weights.isEmpty() || !known) {
      return Optional.empty();
    }
    return dequantized(now)
        .map(rounded -> {
          double[] errors = errors(rounded, weights.get(), before.groups(), seen.means());
          Optional<Tensor> bias = before.bias().flatMap(Value::constant);
          return Tensor.ofDoubles(
              weights.get().elementType(),
              ImmutableLongArray.of(errors.length),
              i -> bias.map(b -> b.getDouble(i)).orElse(0.0) - errors[i]);
        });
  }

  private static Optional<Tensor> dequantized(Conv conv) {
    return conv.weights()
        .producedBy(Dequantize.class)
        .filter(op -> op.operands().stream().allMatch(value -> value.constant().isPresent()))
        .map(op ->
            Interpreter.evaluate(
                    op,
                    ImmutableList.of(
                        op.x().constant().orElseThrow(), op.scale().constant().orElseThrow()),
                    _ -> 0)
                .getFirst());
  }

  /** What each output gets too much. */
  private static double[] errors(
      Tensor rounded, Tensor exact, long groups, ImmutableDoubleArray means) {
    Channels outputs = Channels.of(exact.sizes(), 0);
    Channels inputs = Channels.of(exact.sizes(), 1);
    double[] errors = new double[outputs.count()];
    long perGroup = outputs.count() / groups;
    for (long i = 0; i < exact.count(); i++) {
      int output = outputs.of(i);
      long input = output / perGroup * inputs.count() + inputs.of(i);
      double mean = means.get(Math.toIntExact(input));
      errors[output] += (rounded.getDouble(i) - exact.getDouble(i)) * mean;
    }
    return errors;
  }
}
