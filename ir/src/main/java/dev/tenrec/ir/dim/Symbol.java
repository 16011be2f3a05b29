package dev.tenrec.ir.dim;

import com.google.common.collect.ImmutableSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;

/** The size of a dimension that is known only at run time; equal names are equal sizes. */
public record Symbol(String name) implements Dim {
  private static final AtomicLong FRESH = new AtomicLong();
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_.]*");
  private static final char ANONYMOUS = '?';

  /** A symbol that is equal to no other: a size that inference cannot express. */
  public static Symbol fresh() {
    return new Symbol(ANONYMOUS + Long.toString(FRESH.incrementAndGet()));
  }

  /** Whether this came from {@link #fresh}: no input of a graph can bind it. */
  public boolean isAnonymous() {
    return !name.isEmpty() && name.charAt(0) == ANONYMOUS;
  }

  @Override
  public long evaluate(ToLongFunction<Symbol> sizes) {
    return sizes.applyAsLong(this);
  }

  @Override
  public Dim substitute(Function<Symbol, Dim> replacement) {
    return replacement.apply(this);
  }

  @Override
  public ImmutableSet<Symbol> symbols() {
    return ImmutableSet.of(this);
  }

  @Override
  public long lowerBound() {
    return 0;
  }

  @Override
  public long upperBound() {
    return Long.MAX_VALUE;
  }

  @Override
  public String toString() {
    if (isAnonymous()) {
      return "?";
    }
    return PLAIN.matcher(name).matches()
        ? name
        : "'" + name.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n") + "'";
  }
}
