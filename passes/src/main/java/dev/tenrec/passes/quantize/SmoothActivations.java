package dev.tenrec.passes.quantize;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.LinkedHashMultimap;
import com.google.common.collect.SetMultimap;
import com.google.common.primitives.ImmutableDoubleArray;
import dev.tenrec.ir.Contraction.MatMul;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.text.ValueNames;
import dev.tenrec.passes.Pass;
import dev.tenrec.passes.PassContext;
import dev.tenrec.passes.quantize.FoldedFactors.Place;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Moves what is large in some channels of activations into weights, so that one scale serves all
 * channels:
 *
 * <pre>
 * (x c) w → (x (c / s)) (s w)    s = max|x c|^a / max|w|^(1 - a), for each channel
 * </pre>
 *
 * <p>Legal where c is a constant that x is multiplied with, as in a normalization or in what a
 * projection gives, and only products with constants read x c. Source: Xiao et al., "SmoothQuant",
 * 2023; here a is chosen for each activation such that the expected error of the products is
 * smallest, and nothing changes where that is no less than before.
 *
 * @param statistics of what products read, by the names of the values
 */
public record SmoothActivations(ImmutableMap<String, ChannelStatistics> statistics)
    implements Pass {
  private static final int STEPS = 20;

  @Override
  public String name() {
    return "smooth-activations";
  }

  @Override
  public boolean runsInBodies() {
    return false;
  }

  @Override
  public Graph run(Graph graph, PassContext context) {
    SetMultimap<Value, Region> readers = LinkedHashMultimap.create();
    Region.of(graph).forEach(region -> readers.put(region.data().value(), region));
    Uses uses = Uses.of(graph);
    ValueNames names = ValueNames.of(graph);
    OtherConstants constants = new OtherConstants();
    for (Map.Entry<Value, ? extends Iterable<Region>> entry : readers.asMap().entrySet()) {
      Value value = entry.getKey();
      ChannelStatistics seen = statistics.get(names.of(value));
      Set<Region> regions = readers.get(value);
      if (seen != null && readsOnlyProducts(value, regions, uses)) {
        FoldedFactors.behind(value, seen.maxima().length(), uses)
            .ifPresent(places -> smooth(seen, regions, places, constants));
      }
    }
    return constants.in(graph);
  }

  private static boolean readsOnlyProducts(Value value, Set<Region> regions, Uses uses) {
    return !uses.isOutput(value)
        && uses.of(value).size() == regions.size()
        && regions.stream()
            .allMatch(region ->
                region.op() instanceof MatMul(_, Value b, boolean transposeA, _)
                    && !transposeA
                    && b.rank() == 2
                    && b.constant().isPresent());
  }

  private static void smooth(
      ChannelStatistics seen,
      Set<Region> regions,
      ImmutableList<Place> places,
      OtherConstants constants) {
    SmoothingError error = new SmoothingError(seen);
    regions.forEach(region -> error.add(constants.get(region.weights()), 1 - region.channelAxis()));
    Optional<ImmutableDoubleArray> best = best(error);
    best.ifPresent(s -> {
      for (Place place : places) {
        constants.change(place.reading(), c -> Channels.scaled(c, place.axis(), i -> 1 / s.get(i)));
      }
      for (Region region : regions) {
        constants.change(region.weights(), w -> scaledRows(w, 1 - region.channelAxis(), s));
      }
    });
  }

  private static Optional<ImmutableDoubleArray> best(SmoothingError error) {
    double least = error.of(error.none());
    Optional<ImmutableDoubleArray> best = Optional.empty();
    for (int step = 1; step <= STEPS; step++) {
      ImmutableDoubleArray factors = error.factors((double) step / STEPS);
      double now = error.of(factors);
      if (now < least) {
        least = now;
        best = Optional.of(factors);
      }
    }
    return best;
  }

  private static Tensor scaledRows(Tensor weights, int axis, ImmutableDoubleArray factors) {
    return Channels.scaled(weights, axis, factors::get);
  }
}
