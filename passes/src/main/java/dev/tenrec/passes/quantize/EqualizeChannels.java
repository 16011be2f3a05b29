package dev.tenrec.passes.quantize;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableDoubleArray;
import dev.tenrec.ir.Convolution.Conv;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.passes.Pass;
import dev.tenrec.passes.PassContext;
import java.util.Optional;

/**
 * Gives the channels between two convolutions weights of like size on both sides, so that few bits
 * serve all of them:
 *
 * <pre>
 * conv(f(conv(x, w, b)), v) → conv(f(conv(x, w / s, b / s)), v s)    s = sqrt(max|w| / max|v|)
 * </pre>
 *
 * <p>Legal where nobody else reads what lies between, and f(x s) = f(x) s for positive s: for none,
 * Relu and LeakyRelu. Source: Nagel et al., "Data-Free Quantization Through Weight Equalization and
 * Bias Correction", 2019.
 */
public record EqualizeChannels() implements Pass {
  private static final int SWEEPS = 20;
  private static final double SETTLED = 1e-2;

  /** Two convolutions in a row. */
  private record Pair(Reading first, Optional<Reading> bias, Reading second, int secondAxis) {}

  @Override
  public String name() {
    return "equalize-channels";
  }

  @Override
  public Graph run(Graph graph, PassContext context) {
    ImmutableList<Pair> pairs = pairs(graph);
    OtherConstants constants = new OtherConstants();
    boolean moved = true;
    for (int sweep = 0; moved && sweep < SWEEPS; sweep++) {
      moved = false;
      for (Pair pair : pairs) {
        moved |= equalize(pair, constants);
      }
    }
    return constants.in(graph);
  }

  private static ImmutableList<Pair> pairs(Graph graph) {
    Uses uses = Uses.of(graph);
    ImmutableList.Builder<Pair> pairs = ImmutableList.builder();
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Conv conv && isHomogeneous(conv)) {
        uses.only(node.result())
            .filter(reading -> reading.operand() == 0)
            .flatMap(reading -> pair(node, conv, reading.reader()))
            .ifPresent(pairs::add);
      }
    }
    return pairs.build();
  }

  private static boolean isHomogeneous(Conv conv) {
    return conv.activation()
        .map(function ->
            switch (function.kind()) {
              case RELU, LEAKY_RELU -> true;
              default -> false;
            })
        .orElse(true);
  }

  private static Optional<Pair> pair(Node first, Conv conv, Node second) {
    boolean known =
        conv.weights().constant().isPresent()
            && conv.bias().map(bias -> bias.constant().isPresent()).orElse(true);
    return known
            && second.op() instanceof Conv next
            && next.weights().constant().isPresent()
            && (next.groups() == 1 || isDepthwise(next))
        ? Optional.of(
            new Pair(
                new Reading(first, 1),
                conv.bias().map(_ -> new Reading(first, 2)),
                new Reading(second, 1),
                next.groups() == 1 ? 1 : 0))
        : Optional.empty();
  }

  private static boolean isDepthwise(Conv conv) {
    return conv.weights().dim(1).is(1) && conv.weights().dim(0).is(conv.groups());
  }

  /** Whether channels differed much. */
  private static boolean equalize(Pair pair, OtherConstants constants) {
    ImmutableDoubleArray first = Channels.maxima(constants.get(pair.first()), 0);
    ImmutableDoubleArray second = Channels.maxima(constants.get(pair.second()), pair.secondAxis());
    double[] factors = new double[first.length()];
    boolean moved = false;
    for (int i = 0; i < factors.length; i++) {
      double factor = Math.sqrt(first.get(i) / second.get(i));
      factors[i] = factor > 0 && Double.isFinite(factor) ? factor : 1;
      moved |= Math.abs(factors[i] - 1) > SETTLED;
    }
    if (moved) {
      constants.change(pair.first(), w -> Channels.scaled(w, 0, i -> 1 / factors[i]));
      pair.bias()
          .ifPresent(
              bias -> constants.change(bias, b -> Channels.scaled(b, 0, i -> 1 / factors[i])));
      constants.change(pair.second(), w -> Channels.scaled(w, pair.secondAxis(), i -> factors[i]));
    }
    return moved;
  }
}
