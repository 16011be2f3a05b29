package dev.tenrec.compiler.report;

import com.google.common.collect.ImmutableList;
import java.util.LinkedHashMap;
import java.util.Map;

/** Gives equal things the same number, from 0 on. */
final class Numbering<T> {
  private final Map<T, Integer> numbers = new LinkedHashMap<>();

  int of(T thing) {
    Integer known = numbers.putIfAbsent(thing, numbers.size());
    return known == null ? numbers.size() - 1 : known;
  }

  /** All things in the order of their numbers. */
  ImmutableList<T> all() {
    return ImmutableList.copyOf(numbers.keySet());
  }
}
