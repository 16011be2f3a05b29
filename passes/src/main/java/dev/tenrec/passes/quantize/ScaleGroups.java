package dev.tenrec.passes.quantize;

import dev.tenrec.ir.Value;
import java.util.HashMap;
import java.util.Map;

/** Values that must have the same scale, so that numbers move between them as they are. */
final class ScaleGroups {
  private final Map<Value, Value> parents = new HashMap<>();

  /** The value that stands for the group of another. */
  Value of(Value value) {
    Value root = value;
    for (Value next = parents.get(root); next != null; next = parents.get(root)) {
      root = next;
    }
    return root;
  }

  void unite(Value a, Value b) {
    Value first = of(a);
    Value second = of(b);
    if (first != second) {
      parents.put(second, first);
    }
  }
}
