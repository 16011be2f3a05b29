package dev.tenrec.compiler.report;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.diagnostic.Location;
import dev.tenrec.ir.diagnostic.Location.OnnxNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Numbers for where operations come from: nodes of the ONNX file, and the rule that joined them.
 */
final class Places {
  /**
   * A place.
   *
   * @param nodes numbers of ONNX nodes
   * @param note the rule that joined them, or what else is known
   */
  record Place(ImmutableList<Integer> nodes, String note) {}

  private final Numbering<OnnxNode> nodes = new Numbering<>();
  private final Numbering<Place> places = new Numbering<>();
  private final Map<Location, Integer> known = new HashMap<>();

  int of(Location location) {
    return known.computeIfAbsent(location, this::number);
  }

  private int number(Location location) {
    return places.of(
        switch (location) {
          case OnnxNode node -> new Place(ImmutableList.of(nodes.of(node)), "");
          case Location.Fused fused -> fused(fused);
          case Location.Synthetic(var origin) ->
              new Place(ImmutableList.of(), location.equals(Location.UNKNOWN) ? "" : origin);
        });
  }

  private Place fused(Location.Fused fused) {
    return new Place(
        fused.parts().stream()
            .filter(OnnxNode.class::isInstance)
            .map(part -> nodes.of((OnnxNode) part))
            .collect(ImmutableList.toImmutableList()),
        fused.rule());
  }

  List<OnnxNode> nodes() {
    return nodes.all();
  }

  List<Place> all() {
    return places.all();
  }
}
