package dev.tenrec.passes;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Sets;
import com.google.common.primitives.Longs;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The options that a pipeline's text gives to one pass. What the pass does not ask for is not an
 * option of it, and is refused.
 */
public final class PassOptions {
  private final String pass;
  private final ImmutableMap<String, String> given;
  private final Set<String> asked = new TreeSet<>();

  PassOptions(String pass, ImmutableMap<String, String> given) {
    this.pass = pass;
    this.given = given;
  }

  /** An option as it was written; empty if it is not given. */
  public Optional<String> text(String name) {
    asked.add(name);
    return Optional.ofNullable(given.get(name));
  }

  /**
   * An option that is a whole number.
   *
   * @param otherwise what it is if it is not given
   * @throws TenrecException if something else is given
   */
  public long number(String name, long otherwise) {
    Optional<String> text = text(name);
    if (text.isEmpty()) {
      return otherwise;
    }
    Long number = Longs.tryParse(text.get());
    if (number == null) {
      throw new TenrecException(
          ErrorCode.INVALID_ARGUMENT,
          "option %s of pass '%s' is '%s', not a whole number".formatted(name, pass, text.get()));
    }
    return number;
  }

  void refuseWhatWasNotAskedFor() {
    Set<String> unknown = Sets.difference(given.keySet(), asked);
    if (!unknown.isEmpty()) {
      throw new TenrecException(
              ErrorCode.INVALID_ARGUMENT,
              "pass '%s' has no option '%s'".formatted(pass, unknown.iterator().next()))
          .advise(
              asked.isEmpty()
                  ? "it has no options"
                  : "its options are " + String.join(", ", asked));
    }
  }
}
