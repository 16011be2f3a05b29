package dev.tenrec.ir.dim;

import com.google.common.collect.ImmutableSet;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** A known number. */
public record Fixed(long number) implements Dim {
  public static final Fixed ZERO = new Fixed(0);
  public static final Fixed ONE = new Fixed(1);

  @Override
  public long evaluate(ToLongFunction<Symbol> sizes) {
    return number;
  }

  @Override
  public Dim substitute(Function<Symbol, Dim> replacement) {
    return this;
  }

  @Override
  public ImmutableSet<Symbol> symbols() {
    return ImmutableSet.of();
  }

  @Override
  public long lowerBound() {
    return number;
  }

  @Override
  public long upperBound() {
    return number;
  }

  @Override
  public String toString() {
    return Long.toString(number);
  }
}
