package dev.tenrec.passes.rewrite;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.passes.rewrite.Pattern.Variable;
import java.util.Optional;

/** The answer to whether a pattern fits a value. */
public sealed interface Match {

  /**
   * The pattern fits.
   *
   * @param root the value that it fits
   * @param captures what the pattern's variables stand for
   */
  record Found(Value root, ImmutableMap<Variable, Value> captures) implements Match {
    /** What a variable stands for; empty if it only occurs in an alternative that was not taken. */
    public Optional<Value> find(Variable variable) {
      return Optional.ofNullable(captures.get(variable));
    }

    public Value get(Variable variable) {
      return find(variable)
          .orElseThrow(() ->
              new TenrecException(
                  ErrorCode.INTERNAL, "the pattern gives no value to '%s'".formatted(variable)));
    }

    /** The operation that computes what a variable stands for. */
    public <T extends Op> T operation(Variable variable, Class<T> kind) {
      return get(variable)
          .producedBy(kind)
          .orElseThrow(() ->
              new TenrecException(
                  ErrorCode.INTERNAL,
                  "'%s' is not computed by %s".formatted(variable, kind.getSimpleName())));
    }

    /** The only element of the constant that a variable stands for. */
    public double number(Variable variable) {
      return get(variable)
          .scalarConstant()
          .orElseThrow(() ->
              new TenrecException(
                  ErrorCode.INTERNAL, "'%s' is not a constant scalar".formatted(variable)));
    }

    /** This match if a value has the type of what is replaced. */
    public Match requireSameType(Value value) {
      return require(value.type().equals(root.type()), "is broadcast to another shape", value);
    }

    /** This match if a condition holds, else the reason why it is none after all. */
    public Match require(boolean condition, String reason, Value at) {
      return condition ? this : new Rejected(reason, at, captures.size());
    }
  }

  /**
   * The pattern does not fit.
   *
   * @param reason said of {@code at}: {@code is not a constant}
   * @param at where the attempt that came furthest ended
   * @param matched how many operations and variables had fitted by then
   */
  record Rejected(String reason, Value at, int matched) implements Match {}
}
