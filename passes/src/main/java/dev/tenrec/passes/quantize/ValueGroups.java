package dev.tenrec.passes.quantize;

import dev.tenrec.ir.Value;
import java.util.HashMap;
import java.util.Map;

/** Disjoint groups of values. Each value is alone until it is united with another. */
public final class ValueGroups {
  private final Map<Value, Value> parents = new HashMap<>();

  /** The value that stands for the group of another. */
  public Value of(Value value) {
    Value root = value;
    for (Value next = parents.get(root); next != null; next = parents.get(root)) {
      root = next;
    }
    return root;
  }

  /** Makes one group of those of two values, for which the first one's stands. */
  public void unite(Value a, Value b) {
    Value first = of(a);
    Value second = of(b);
    if (first != second) {
      parents.put(second, first);
    }
  }
}
