package dev.tenrec.passes.precision;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.Elementwise.Cast;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.text.ValueNames;
import dev.tenrec.passes.precision.PrecisionPlan.Row;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Decides in which type each operation on float32 computes: as the user wishes, or else by its
 * preference, by what its constants and its values hold, and by what its operands are. Values of
 * other types are left alone. For one graph.
 */
final class PlanPrecision {
  private static final ElementType HIGH = ElementType.FLOAT32;

  private final Graph graph;
  private final AssignPrecision options;
  private final ElementType low;
  private final LowConstants constants;
  private final LowRange range;
  private final ValueNames names;
  private final Map<Value, ElementType> seen = new HashMap<>();

  PlanPrecision(Graph graph, AssignPrecision options) {
    this.graph = graph;
    this.options = options;
    this.low = options.low();
    this.constants = new LowConstants(LowType.of(low));
    this.names = ValueNames.of(graph);
    this.range = new LowRange(LowType.of(low), new ValueIntervals(graph, options.table()), names);
  }

  PrecisionPlan plan() {
    options.overrides().requireMatches(graph, names);
    ImmutableMap.Builder<Value, Row> rows = ImmutableMap.builder();
    for (Node node : graph.nodes()) {
      if (concerns(node)) {
        Row row = decide(node);
        for (Value result : node.results()) {
          seen.put(result, row.seen());
          rows.put(result, row);
        }
      }
    }
    return new PrecisionPlan(rows.buildOrThrow());
  }

  static boolean concerns(Node node) {
    return !(node.op() instanceof Source.Constant)
        && (isFloat32(node.op().operands()) || isFloat32(node.results()));
  }

  private static boolean isFloat32(List<Value> values) {
    return values.stream().anyMatch(value -> value.elementType() == HIGH);
  }

  private Row decide(Node node) {
    Optional<PrecisionOverride> wish = options.overrides().find(node, names);
    if (wish.isPresent()) {
      return new Row(wish.get().type(), wish.get().type(), "override " + wish.get());
    }
    if (low == HIGH) {
      return high("as in the model");
    }
    if (node.op() instanceof Cast(Value x, _) && !x.elementType().isFloating()) {
      return integers(x, node.result());
    }
    return switch (PrecisionPreference.of(node.op())) {
      case KEEPS_HIGH -> high("too large or too fine to round");
      case KEEPS_HIGH_INSIDE ->
          range
              .obstacle(node.results())
              .map(PlanPrecision::high)
              .orElse(new Row(HIGH, low, "accumulates or curves, and is rounded afterwards"));
      case FOLLOWS_INPUTS -> low(node, following(node.op()), "follows its operands");
      case PREFERS_LOW -> low(node, products(node.op()), "products gain most");
    };
  }

  private static Row high(String reason) {
    return new Row(HIGH, HIGH, reason);
  }

  private Row integers(Value x, Value result) {
    if (x.elementType() == ElementType.BOOL) {
      return new Row(HIGH, low, "holds 0 and 1");
    }
    return range.isExact(result)
        ? new Row(HIGH, low, "holds small integers")
        : high("too large or too fine to round");
  }

  /** In the low type if nothing is in the way. */
  private Row low(Node node, Optional<String> obstacle, String reason) {
    Op op = node.op();
    return constants
        .obstacle(op)
        .or(() -> obstacle)
        .or(() -> range.obstacle(computed(op)))
        .or(() -> range.obstacle(node.results()))
        .map(PlanPrecision::high)
        .orElseGet(() ->
            new Row(low, low, constants.note(op).map(note -> reason + "; " + note).orElse(reason)));
  }

  private static List<Value> computed(Op op) {
    return PrecisionPreference.computed(op).stream()
        .filter(operand -> operand.elementType() == HIGH && operand.constant().isEmpty())
        .toList();
  }

  /** Constants and inputs of the graph take any type. */
  private Optional<String> following(Op op) {
    Set<ElementType> types =
        op.operands().stream()
            .filter(operand -> operand.elementType() == HIGH && seen.containsKey(operand))
            .map(operand -> seen.getOrDefault(operand, HIGH))
            .collect(Collectors.toSet());
    types.remove(low);
    return types.stream()
        .findFirst()
        .map(type -> "follows an operand in " + type.name().toLowerCase(Locale.ROOT));
  }

  /** Products read operands in float32 only where these are known to be neither large nor fine. */
  private Optional<String> products(Op op) {
    return computed(op).stream()
        .filter(operand -> seen.get(operand) == HIGH)
        .flatMap(operand -> range.doubt(operand).stream())
        .findFirst();
  }
}
