package dev.tenrec.passes.quantize;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableDoubleArray;
import dev.tenrec.ir.Contraction.MatMul;
import dev.tenrec.ir.Convolution.Conv;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.text.ValueNames;
import dev.tenrec.passes.quantize.FoldedFactors.Place;
import java.util.Optional;

/**
 * A value whose channels can be divided by factors, because constants behind it and ahead of it can
 * take them:
 *
 * <pre>
 * (x c) w → (x (c / s)) (s w)
 * </pre>
 *
 * <p>Legal where only products with constants read the value, and it is proportional to constants:
 * to those of a normalization or projection, or to weights and bias of a convolution with an
 * activation for which f(s x) = s f(x) with positive s.
 *
 * @param behind constants that are to be divided
 * @param ahead weights that are to be multiplied, all of convolutions or all of other products
 */
record Seam(Value value, int channels, ImmutableList<Place> behind, ImmutableList<Place> ahead) {

  /** The seams of a graph by the names of the values, in the order of the graph. */
  static ImmutableMap<String, Seam> of(Graph graph) {
    Uses uses = Uses.of(graph);
    ValueNames names = ValueNames.of(graph);
    ImmutableMap.Builder<String, Seam> seams = ImmutableMap.builder();
    for (Node node : graph.nodes()) {
      Value value = node.results().getFirst();
      of(value, uses).ifPresent(seam -> seams.put(names.of(value), seam));
    }
    return seams.buildOrThrow();
  }

  private static Optional<Seam> of(Value value, Uses uses) {
    ImmutableList.Builder<Place> readers = ImmutableList.builder();
    for (Reading reading : uses.of(value)) {
      Optional<Place> weights = weights(reading);
      if (weights.isEmpty()) {
        return Optional.empty();
      }
      readers.add(weights.get());
    }
    ImmutableList<Place> ahead = readers.build();
    if (ahead.isEmpty() || uses.isOutput(value) || !value.elementType().isFloating()) {
      return Optional.empty();
    }
    long channels = ahead.getFirst().channels();
    boolean isConvolved = isConvolution(ahead.getFirst());
    boolean alike =
        ahead.stream()
            .allMatch(place -> isConvolution(place) == isConvolved && place.channels() == channels);
    Optional<ImmutableList<Place>> behind =
        !alike
            ? Optional.empty()
            : isConvolved
                ? value.producer().flatMap(node -> convolution(node, channels))
                : FoldedFactors.behind(value, channels, uses);
    return behind.map(places -> new Seam(value, Math.toIntExact(channels), places, ahead));
  }

  private static boolean isConvolution(Place place) {
    return place.reading().reader().op() instanceof Conv;
  }

  boolean isConvolved() {
    return isConvolution(ahead.getFirst());
  }

  /** The weights that a value is multiplied with, with the axis that is summed over. */
  private static Optional<Place> weights(Reading reading) {
    int axis =
        switch (reading.reader().op()) {
          case MatMul(_, Value b, boolean transposeA, boolean transposeB)
              when !transposeA && b.rank() == 2 ->
              transposeB ? 1 : 0;
          case Conv conv when conv.groups() == 1 -> 1;
          case Conv conv when isDepthwise(conv) -> 0;
          default -> -1;
        };
    return axis >= 0 && reading.operand() == 0
        ? FoldedFactors.constant(new Reading(reading.reader(), 1), axis)
        : Optional.empty();
  }

  private static boolean isDepthwise(Conv conv) {
    return conv.weights().dim(1).is(1) && conv.weights().dim(0).is(conv.groups());
  }

  private static Optional<ImmutableList<Place>> convolution(Node node, long channels) {
    return node.op() instanceof Conv conv && isHomogeneous(conv)
        ? FoldedFactors.all(node, _ -> 0, channels)
        : Optional.empty();
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

  /** Divides the channels. */
  void divide(ImmutableDoubleArray factors, OtherConstants constants) {
    for (Place place : behind) {
      constants.change(
          place.reading(), c -> Channels.scaled(c, place.axis(), i -> 1 / factors.get(i)));
    }
    for (Place place : ahead) {
      constants.change(place.reading(), w -> Channels.scaled(w, place.axis(), factors::get));
    }
  }
}
