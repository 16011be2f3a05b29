package dev.tenrec.passes.rewrite;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Value;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What a value may look like, written as the operations that compute it: see {@link Patterns}.
 *
 * <p>Operands of commutative operations match in either order. What a matched operation computes
 * must not be read by anything outside of the match, but for the outermost one; a graph's output
 * counts as such a reader.
 */
public sealed interface Pattern {

  /** Any value that fits a condition. Wherever the same object occurs, it is the same value. */
  final class Variable implements Pattern {
    private final String name;
    private final String expectation;
    private final Predicate<Value> condition;

    Variable(String name, String expectation, Predicate<Value> condition) {
      this.name = name;
      this.expectation = expectation;
      this.condition = condition;
    }

    boolean accepts(Value value) {
      return condition.test(value);
    }

    String expectation() {
      return expectation;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * What an operation computes.
   *
   * @param operands one pattern for each operand; none if the operands do not matter
   * @param condition what the attributes must be
   * @param expectation what is said of a value that is something else, for example {@code is not a
   *     sum}
   * @param capture stands for the operation's result
   */
  record Operation(
      Class<? extends Op> kind,
      Predicate<Op> condition,
      String expectation,
      ImmutableList<Pattern> operands,
      Optional<Variable> capture)
      implements Pattern {

    /** The same pattern, whose value the variable stands for. */
    public Operation as(Variable variable) {
      return new Operation(kind, condition, expectation, operands, Optional.of(variable));
    }

    boolean accepts(Op op) {
      return kind.isInstance(op)
          && (operands.isEmpty() || operands.size() == op.operands().size())
          && condition.test(op);
    }
  }

  /** One of several patterns, the first that leads to a match. */
  record Alternatives(ImmutableList<Pattern> patterns) implements Pattern {}
}
