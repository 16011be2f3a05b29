package dev.tenrec.passes.precision;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.Elementwise.Cast;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.passes.precision.PrecisionPlan.Row;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decides in which type each operation on float32 computes: by its preference, by what its
 * constants hold, and by what its operands are. Values of other types are left alone. For one
 * graph.
 */
final class PlanPrecision {
  private static final ElementType HIGH = ElementType.FLOAT32;

  private final ElementType low;
  private final LowConstants constants;
  private final Map<Value, ElementType> seen = new HashMap<>();

  /**
   * For a type.
   *
   * @param low float16 or bfloat16
   */
  PlanPrecision(ElementType low) {
    this.low = low;
    this.constants = new LowConstants(low);
  }

  PrecisionPlan plan(Graph graph) {
    ImmutableMap.Builder<Value, Row> rows = ImmutableMap.builder();
    for (Node node : graph.nodes()) {
      if (concerns(node)) {
        Row row = decide(node.op());
        for (Value result : node.results()) {
          seen.put(result, row.seen());
          rows.put(result, row);
        }
      }
    }
    return new PrecisionPlan(rows.buildOrThrow());
  }

  private static boolean concerns(Node node) {
    return !(node.op() instanceof Source.Constant)
        && (isFloat32(node.op().operands()) || isFloat32(node.results()));
  }

  private static boolean isFloat32(List<Value> values) {
    return values.stream().anyMatch(value -> value.elementType() == HIGH);
  }

  private Row decide(Op op) {
    if (op instanceof Cast(Value x, _) && x.elementType() == ElementType.BOOL) {
      return new Row(HIGH, low, "holds 0 and 1");
    }
    PrecisionPreference preference = PrecisionPreference.of(op);
    switch (preference) {
      case KEEPS_HIGH -> {
        return new Row(HIGH, HIGH, "too large or too fine to round");
      }
      case KEEPS_HIGH_INSIDE -> {
        return new Row(HIGH, low, "accumulates or curves, and is rounded afterwards");
      }
      case FOLLOWS_INPUTS, PREFERS_LOW -> {
        Optional<String> obstacle = constants.obstacle(op);
        if (obstacle.isPresent()) {
          return new Row(HIGH, HIGH, obstacle.get());
        }
      }
    }
    if (preference == PrecisionPreference.FOLLOWS_INPUTS && readsHigh(op)) {
      return new Row(HIGH, HIGH, "follows an operand in float32");
    }
    String reason =
        preference == PrecisionPreference.PREFERS_LOW
            ? "products gain most"
            : "follows its operands";
    return new Row(low, low, constants.note(op).map(note -> reason + "; " + note).orElse(reason));
  }

  /** Whether an operand stays in float32. Constants and inputs of the graph take any type. */
  private boolean readsHigh(Op op) {
    return op.operands().stream()
        .anyMatch(operand -> operand.elementType() == HIGH && seen.get(operand) == HIGH);
  }
}
