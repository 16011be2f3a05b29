package dev.tenrec.passes.quantize.weights;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.passes.Pass;
import dev.tenrec.passes.PassContext;
import dev.tenrec.passes.PassOptions;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Keeps the weights of matrix products in few bits, and dequantizes them where they are read.
 *
 * <pre>
 * a b → a dequantize(numbers, scales)
 * </pre>
 *
 * @param samples of what the graph that the pass is given computes, for methods that need some
 */
public record QuantizeWeights(WeightSettings settings, Optional<Samples> samples) implements Pass {
  public QuantizeWeights {
    if (settings.method().needsSamples() && samples.isEmpty()) {
      throw new TenrecException(
              ErrorCode.INVALID_ARGUMENT, "%s needs data".formatted(lower(settings.method())))
          .advise("give typical inputs with --calibrate, or choose rtn or mse");
    }
  }

  @Override
  public String name() {
    return "quantize-weights";
  }

  @Override
  public ImmutableMap<String, String> options() {
    return ImmutableMap.of(
        "type", settings.type().text(),
        "block", String.valueOf(settings.block()),
        "method", lower(settings.method()));
  }

  @Override
  public QuantizeWeights with(PassOptions options) {
    long block = options.number("block", settings.block());
    String type = options.text("type").orElse(settings.type().text());
    String method = options.text("method").orElse(settings.method().name());
    return new QuantizeWeights(
        new WeightSettings(
            named(ElementType.values(), ElementType::text, type),
            Math.toIntExact(block),
            named(WeightMethod.values(), WeightMethod::name, method),
            settings.overrides()),
        samples);
  }

  private static String lower(WeightMethod method) {
    return method.name().toLowerCase(Locale.ROOT);
  }

  private static <T> T named(T[] all, Function<T, String> name, String wanted) {
    return Stream.of(all)
        .filter(one -> name.apply(one).equalsIgnoreCase(wanted))
        .findFirst()
        .orElseThrow(() ->
            new TenrecException(
                ErrorCode.INVALID_ARGUMENT,
                "weights cannot be quantized by '%s'".formatted(wanted)));
  }

  @Override
  public boolean runsInBodies() {
    return false;
  }

  /** The decisions alone, for the graph as it is. */
  public WeightPlan plan(Graph graph) {
    return new PlanWeights(settings).plan(graph);
  }

  @Override
  public Graph run(Graph graph, PassContext context) {
    if (settings.method() != WeightMethod.AWQ) {
      return new ApplyWeights(graph, this).run();
    }
    WeightSettings nearest =
        new WeightSettings(
            settings.type(), settings.block(), WeightMethod.MSE, settings.overrides());
    Graph balanced = new BalanceChannels(graph, this).run();
    return new QuantizeWeights(nearest, Optional.empty()).run(balanced, context);
  }
}
