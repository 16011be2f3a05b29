package dev.tenrec.onnx;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Names that are unique in a model, nested graphs included. The same wishes give the same names.
 */
final class Names {
  /** The names of values and those of nodes do not collide. */
  record OfModel(Names ofValues, Names ofNodes) {
    OfModel() {
      this(new Names(), new Names());
    }
  }

  private final Set<String> taken = new HashSet<>();
  private final Map<String, Integer> repeated = new HashMap<>();

  Names() {
    // The empty name stands for an optional input that is left out.
    taken.add("");
  }

  void reserve(String name) {
    taken.add(name);
  }

  /** The wished name, or one with a number behind it. */
  String unique(String wish) {
    String base = wish.isEmpty() ? "v" : wish;
    String name = wish;
    while (!taken.add(name)) {
      name = base + "_" + repeated.merge(base, 1, Integer::sum);
    }
    return name;
  }
}
