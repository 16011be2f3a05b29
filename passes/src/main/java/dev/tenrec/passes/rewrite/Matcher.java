package dev.tenrec.passes.rewrite;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Value;
import dev.tenrec.passes.rewrite.Pattern.Alternatives;
import dev.tenrec.passes.rewrite.Pattern.Operation;
import dev.tenrec.passes.rewrite.Pattern.Variable;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Finds out whether a pattern fits a value. Goes back over every choice (alternatives, order of
 * commutative operands) until one leads to a match; patterns are small.
 */
final class Matcher {
  private final MatchContext context;
  private Match.Rejected deepest;

  Matcher(MatchContext context) {
    this.context = context;
    this.deepest = new Match.Rejected("does not fit", context.result(), -1);
  }

  /** What has fitted so far: variables and what they stand for, results of matched operations. */
  private record State(ImmutableMap<Variable, Value> captures, ImmutableSet<Value> matched) {
    static final State EMPTY = new State(ImmutableMap.of(), ImmutableSet.of());

    int size() {
      return captures.size() + matched.size();
    }

    State with(Variable variable, Value value) {
      return new State(
          ImmutableMap.<Variable, Value>builder().putAll(captures).put(variable, value).build(),
          matched);
    }

    State with(Value operation) {
      return new State(
          captures, ImmutableSet.<Value>builder().addAll(matched).add(operation).build());
    }
  }

  /** What remains to be matched; gives the final state if that fits too. */
  private interface Rest extends Function<State, Optional<State>> {}

  Match match(Pattern pattern) {
    Value root = context.result();
    return match(pattern, root, State.EMPTY, this::endsInside)
        .<Match>map(state -> new Match.Found(root, state.captures()))
        .orElse(deepest);
  }

  /** Whether a pattern may fit the operation: a quick look before anything is allocated. */
  static boolean mayMatch(Pattern pattern, Op op) {
    return switch (pattern) {
      case Variable _ -> true;
      case Operation operation -> operation.accepts(op);
      case Alternatives(var patterns) -> {
        boolean may = false;
        for (Pattern alternative : patterns) {
          may |= mayMatch(alternative, op);
        }
        yield may;
      }
    };
  }

  private Optional<State> match(Pattern pattern, Value value, State state, Rest rest) {
    return switch (pattern) {
      case Variable variable -> bind(variable, value, state).flatMap(rest);
      case Operation operation -> operation(operation, value, state, rest);
      case Alternatives(var patterns) -> {
        Optional<State> found = Optional.empty();
        for (int i = 0; found.isEmpty() && i < patterns.size(); i++) {
          found = match(patterns.get(i), value, state, rest);
        }
        yield found;
      }
    };
  }

  private Optional<State> bind(Variable variable, Value value, State state) {
    Value bound = state.captures().get(variable);
    if (bound == null ? !variable.accepts(value) : bound != value) {
      return reject(variable.expectation(), value, state);
    }
    return Optional.of(bound == null ? state.with(variable, value) : state);
  }

  private Optional<State> operation(Operation pattern, Value value, State state, Rest rest) {
    if (value.producer().isEmpty() || !pattern.accepts(value.producer().get().op())) {
      return reject(pattern.expectation(), value, state);
    }
    Op op = value.producer().get().op();
    State matched = state.with(value);
    return pattern
        .capture()
        .map(variable -> bind(variable, value, matched))
        .orElse(Optional.of(matched))
        .flatMap(next -> operands(pattern.operands(), op, next, rest));
  }

  private Optional<State> operands(List<Pattern> patterns, Op op, State state, Rest rest) {
    List<Value> values = op.operands();
    Optional<State> found = operands(patterns, values, 0, state, rest);
    boolean commutes = op instanceof Binary binary && binary.kind().isCommutative();
    return found.isEmpty() && commutes && patterns.size() == 2
        ? operands(patterns, values.reversed(), 0, state, rest)
        : found;
  }

  private Optional<State> operands(
      List<Pattern> patterns, List<Value> values, int next, State state, Rest rest) {
    return next == patterns.size()
        ? rest.apply(state)
        : match(
            patterns.get(next),
            values.get(next),
            state,
            s -> operands(patterns, values, next + 1, s, rest));
  }

  /** Accepts a complete match unless an operation inside of it has a reader outside. */
  private Optional<State> endsInside(State state) {
    for (Value value : state.matched()) {
      long readers =
          state.matched().stream()
              .flatMap(reader -> reader.producer().orElseThrow().op().operands().stream())
              .filter(operand -> operand == value)
              .count();
      if (value != context.result() && readers != context.uses(value)) {
        return reject("is read elsewhere too", value, state);
      }
    }
    return Optional.of(state);
  }

  private Optional<State> reject(String reason, Value at, State state) {
    if (state.size() > deepest.matched()) {
      deepest = new Match.Rejected(reason, at, state.size());
    }
    return Optional.empty();
  }
}
