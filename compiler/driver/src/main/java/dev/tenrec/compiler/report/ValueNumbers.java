package dev.tenrec.compiler.report;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.text.GraphPrinter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Numbers for values that tell which value of one graph goes on as which value of the next. Passes
 * make new objects wherever an operand changes; a value goes on under its name, or else where an
 * operation of the same text comes from the same place.
 */
final class ValueNumbers {
  /** What is alike in two graphs: a name in a scope, or a text at a place in a scope. */
  private record Trait(String scope, String first, String second) {
    static Trait of(Row row, Value value) {
      if (!value.name().isEmpty() || row.node().isEmpty()) {
        return new Trait(row.scope(), value.name(), "");
      }
      Node node = row.node().get();
      return new Trait(row.scope(), GraphPrinter.describe(node.op()), node.location().describe());
    }
  }

  private record Output(String scope, String name) {}

  private final Map<Value, Integer> numbers = new HashMap<>();
  private final Map<Output, Integer> outputs = new HashMap<>();
  private final List<String> names = new ArrayList<>();
  private final Set<String> taken = new HashSet<>();
  private Map<Trait, Deque<Integer>> previous = new HashMap<>();

  /** Numbers the values of the next graph. */
  void enter(List<Row> rows) {
    Set<Integer> kept = new HashSet<>();
    for (Row row : rows) {
      row.results().stream().map(numbers::get).filter(n -> n != null).forEach(kept::add);
    }
    Map<Trait, Deque<Integer>> current = new HashMap<>();
    for (Row row : rows) {
      for (Value value : row.results()) {
        Trait trait = Trait.of(row, value);
        int number = numbers.computeIfAbsent(value, v -> successor(v, trait, kept));
        current.computeIfAbsent(trait, _ -> new ArrayDeque<>()).add(number);
      }
      if (row.results().isEmpty()) {
        outputs.computeIfAbsent(new Output(row.scope(), row.label()), o -> fresh(o.name()));
      }
    }
    previous = current;
  }

  private int successor(Value value, Trait trait, Set<Integer> kept) {
    Deque<Integer> candidates = previous.getOrDefault(trait, new ArrayDeque<>());
    while (!candidates.isEmpty()) {
      int candidate = candidates.poll();
      if (kept.add(candidate)) {
        return candidate;
      }
    }
    return fresh(unique(value.name()));
  }

  private String unique(String name) {
    String candidate = name.isEmpty() ? "v" + names.size() : name;
    for (int i = 2; !taken.add(candidate); i++) {
      candidate = "%s~%d".formatted(name, i);
    }
    return candidate;
  }

  /** A number for something else. */
  int fresh(String name) {
    names.add(name);
    return names.size() - 1;
  }

  /** The number of a line: that of its first result, or of the output. */
  int of(Row row) {
    return row.results().isEmpty()
        ? outputs.getOrDefault(new Output(row.scope(), row.label()), -1)
        : of(row.results().getFirst());
  }

  /** The number of a value; -1 if it was in no graph so far. */
  int of(Value value) {
    return numbers.getOrDefault(value, -1);
  }

  ImmutableList<Integer> of(List<Value> values) {
    return values.stream().map(this::of).collect(ImmutableList.toImmutableList());
  }

  /**
   * The number of a value, or else of the one of that name in the last graph, outside of bodies.
   */
  Optional<Integer> find(Value value) {
    return Optional.ofNullable(numbers.get(value)).or(() -> find(value.name()));
  }

  /** The number of the value of that name in the last graph, outside of bodies. */
  Optional<Integer> find(String name) {
    return name.isEmpty()
        ? Optional.empty()
        : Optional.ofNullable(previous.get(new Trait("", name, ""))).map(Deque::peek);
  }

  /** A name for each number. */
  List<String> names() {
    return names;
  }
}
