package dev.tenrec.passes.simplify;

import dev.tenrec.ir.Elementwise.Activation;
import dev.tenrec.ir.Elementwise.ActivationKind;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Value;
import dev.tenrec.passes.rewrite.MatchContext;
import dev.tenrec.passes.rewrite.Rule;
import java.util.Optional;

/**
 * Limits in a row → one limit, and limits in the form of an activation:
 *
 * <pre>
 * max(x, 0)              → relu(x)
 * min(max(x, low), high) → clip(x, low, high), low <= high; in the other order too
 * clip(x, 0, infinity)   → relu(x)
 * clip(clip(x))          → clip(x)
 * </pre>
 *
 * <p>Legal for scalar limits that do not change the shape. A NaN stays a NaN in one form and may
 * become a limit in the other.
 */
public record SimplifyActivations() implements Rule {
  /** The range that a value is limited to. */
  private record Limits(Value x, double low, double high) {}

  @Override
  public String name() {
    return "simplify-activations";
  }

  @Override
  public Optional<Value> rewrite(Op op, MatchContext context) {
    return limits(op)
        .filter(limits -> limits.x().type().equals(context.result().type()))
        .flatMap(limits -> merged(limits, op));
  }

  private static Optional<Value> merged(Limits outer, Op op) {
    Optional<Limits> inner = outer.x().producer().flatMap(node -> limits(node.op()));
    Limits limits =
        inner
            .filter(in -> in.x().type().equals(outer.x().type()))
            .map(in ->
                new Limits(
                    in.x(),
                    Math.clamp(in.low(), outer.low(), outer.high()),
                    Math.clamp(in.high(), outer.low(), outer.high())))
            .orElse(outer);
    if (limits.low() == Double.NEGATIVE_INFINITY && limits.high() == Double.POSITIVE_INFINITY) {
      return Optional.of(limits.x());
    }
    boolean relu = limits.low() == 0 && limits.high() == Double.POSITIVE_INFINITY;
    boolean open = Double.isInfinite(limits.low()) || Double.isInfinite(limits.high());
    if (!relu && open && op instanceof Binary) {
      return Optional.empty();
    }
    Activation simpler =
        relu
            ? new Activation(ActivationKind.RELU, limits.x())
            : new Activation(ActivationKind.CLIP, limits.x(), limits.low(), limits.high());
    return simpler.equals(op) ? Optional.empty() : Optional.of(simpler.value());
  }

  private static Optional<Limits> limits(Op op) {
    return switch (op) {
      case Activation(ActivationKind kind, Value x, _, _) when kind == ActivationKind.RELU ->
          Optional.of(new Limits(x, 0, Double.POSITIVE_INFINITY));
      case Activation(ActivationKind kind, Value x, double low, double high)
          when kind == ActivationKind.CLIP && low <= high ->
          Optional.of(new Limits(x, low, high));
      case Binary(BinaryKind kind, Value x, Value limit) when kind == BinaryKind.MAX ->
          limit
              .scalarConstant()
              .filter(low -> x.elementType().isFloating() && !low.isNaN())
              .map(low -> new Limits(x, low, Double.POSITIVE_INFINITY));
      case Binary(BinaryKind kind, Value x, Value limit) when kind == BinaryKind.MIN ->
          limit
              .scalarConstant()
              .filter(high -> x.elementType().isFloating() && !high.isNaN())
              .map(high -> new Limits(x, Double.NEGATIVE_INFINITY, high));
      default -> Optional.empty();
    };
  }
}
