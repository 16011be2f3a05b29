package dev.tenrec.passes.debug;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Finds few of many things that matter, by leaving out ever smaller runs of them. */
final class DeltaDebugging {
  private DeltaDebugging() {}

  /**
   * A part of a list that matters as all of it does, and of which no single element can be left
   * out. Elements keep their order. The empty list is not tried.
   *
   * @param matters is true of the whole list; few elements that matter are found with a number of
   *     questions that grows with the logarithm of the list's length
   */
  static <T> List<T> minimize(List<T> all, Predicate<List<T>> matters) {
    List<T> current = new ArrayList<>(all);
    int size = Math.max(1, current.size() / 2);
    while (true) {
      List<T> next = sweep(current, size, matters);
      if (size == 1 && next.size() == current.size()) {
        return current;
      }
      current = next;
      size = Math.max(1, Math.min(size / 2, current.size() / 2));
    }
  }

  /** Leaves out runs of a given size, from the last to the first, wherever that is possible. */
  private static <T> List<T> sweep(List<T> all, int size, Predicate<List<T>> matters) {
    List<T> current = all;
    for (int end = all.size(); end > 0; end -= size) {
      List<T> rest = new ArrayList<>(current);
      rest.subList(Math.max(0, end - size), end).clear();
      if (!rest.isEmpty() && matters.test(rest)) {
        current = rest;
      }
    }
    return current;
  }
}
