package dev.tenrec.passes.precision;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.text.ValueNames;
import dev.tenrec.passes.Pass;
import dev.tenrec.passes.PassContext;
import dev.tenrec.passes.PassOptions;
import dev.tenrec.passes.calibration.CalibrationTable;
import java.util.Collection;
import java.util.List;

/**
 * Computes in 16 bits what tolerates it. Inputs and outputs of the graph keep their types;
 * constants are converted at once; casts stand where types change, and never two in a row.
 *
 * <p>Recurrences stay in float32: their roundings add up from step to step.
 *
 * @param low float16 or bfloat16; float32 if only overrides make a difference
 * @param table ranges of values of the graph before anything was quantized; may be empty
 * @param overrides of the user, who is believed
 */
public record AssignPrecision(ElementType low, CalibrationTable table, PrecisionOverrides overrides)
    implements Pass {
  private static final ImmutableList<ElementType> TYPES =
      ImmutableList.of(ElementType.FLOAT16, ElementType.BFLOAT16, ElementType.FLOAT32);

  public AssignPrecision {
    if (!TYPES.contains(low)) {
      throw unknown(low.text());
    }
  }

  /** Without ranges or overrides. */
  public AssignPrecision(ElementType low) {
    this(low, CalibrationTable.EMPTY, PrecisionOverrides.NONE);
  }

  @Override
  public String name() {
    return "assign-precision";
  }

  @Override
  public ImmutableMap<String, String> options() {
    return ImmutableMap.of("low", low.text());
  }

  @Override
  public AssignPrecision with(PassOptions options) {
    return options.text("low").map(this::with).orElse(this);
  }

  private AssignPrecision with(String text) {
    return TYPES.stream()
        .filter(type -> type.text().equals(text))
        .map(type -> new AssignPrecision(type, table, overrides))
        .findFirst()
        .orElseThrow(() -> unknown(text));
  }

  private static TenrecException unknown(String low) {
    return new TenrecException(
        ErrorCode.INVALID_ARGUMENT, "precision %s is neither float16 nor bfloat16".formatted(low));
  }

  @Override
  public boolean runsInBodies() {
    return false;
  }

  /** The decisions alone, for the graph as it is. */
  public PrecisionPlan plan(Graph graph) {
    return new PlanPrecision(graph, this).plan();
  }

  /** The names of the operations that gain from being computed in the low type, and are. */
  public ImmutableList<String> regions(Graph graph) {
    ValueNames names = ValueNames.of(graph);
    return plan(graph).rows().entrySet().stream()
        .filter(entry -> entry.getValue().computed() == low && isPreferred(entry.getKey()))
        .map(entry -> names.of(entry.getKey()))
        .collect(ImmutableList.toImmutableList());
  }

  private static boolean isPreferred(Value value) {
    return value.producer().filter(node -> gains(node.op())).isPresent();
  }

  /** Whether an operation is a sum of products, for which few bits gain most. */
  public static boolean gains(Op op) {
    return PrecisionPreference.of(op) == PrecisionPreference.PREFERS_LOW;
  }

  /** The same with some operations in float32. */
  public AssignPrecision keeping(Collection<String> names) {
    return new AssignPrecision(low, table, overrides.and(kept(names)));
  }

  /** Overrides that keep operations in float32. */
  public static List<PrecisionOverride> kept(Collection<String> names) {
    return names.stream().map(name -> PrecisionOverride.named(name, ElementType.FLOAT32)).toList();
  }

  @Override
  public Graph run(Graph graph, PassContext context) {
    return new ApplyPrecision(graph, plan(graph)).run();
  }
}
