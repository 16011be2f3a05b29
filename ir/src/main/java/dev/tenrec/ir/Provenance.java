package dev.tenrec.ir;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedSet;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Where values come from. */
public final class Provenance {
  private Provenance() {}

  /**
   * Names of the inputs of the graph that would have to be constants for a value to be known: the
   * value itself, or what is behind it and no data, that is, integers, booleans and scalars.
   */
  public static ImmutableSet<String> inputsBehind(Value value) {
    if (value.producer().isEmpty()) {
      return ImmutableSet.of(value.name());
    }
    ImmutableSortedSet.Builder<String> names = ImmutableSortedSet.naturalOrder();
    Set<Value> seen = new HashSet<>();
    Deque<Value> open = new ArrayDeque<>(List.of(value));
    while (!open.isEmpty()) {
      Value next = open.pop();
      next.producer()
          .ifPresentOrElse(
              node -> node.op().operands().stream().filter(seen::add).forEach(open::push),
              () -> {
                if (!next.elementType().isFloating() || next.rank() == 0) {
                  names.add(next.name());
                }
              });
    }
    return names.build();
  }

  /** The input of the graph that a value is, but for its element type and shape; or nothing. */
  public static ImmutableSet<String> inputItself(Value value) {
    Value source = value;
    while (source.producer().isPresent()) {
      switch (source.producer().get().op()) {
        case Elementwise.Cast(Value x, var _) -> source = x;
        case Shuffle.Reshape reshape -> source = reshape.x();
        case Shuffle.Squeeze squeeze -> source = squeeze.x();
        case Shuffle.Unsqueeze unsqueeze -> source = unsqueeze.x();
        default -> {
          return ImmutableSet.of();
        }
      }
    }
    return ImmutableSet.of(source.name());
  }
}
