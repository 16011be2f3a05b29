package dev.tenrec.passes.rewrite;

import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.dim.Symbol;
import java.util.Optional;

/** What must hold between a value and what is put in its place. */
final class Replacement {
  private Replacement() {}

  /**
   * Refuses what cannot be equal.
   *
   * @throws TenrecException if element types, ranks or known sizes differ
   */
  static void check(Value before, Value after) {
    boolean fits = before.elementType() == after.elementType() && before.rank() == after.rank();
    for (int axis = 0; fits && axis < before.rank(); axis++) {
      boolean known = before.dim(axis).value().isPresent() && after.dim(axis).value().isPresent();
      fits = !known || before.dim(axis).equals(after.dim(axis));
    }
    if (!fits) {
      throw new TenrecException(
          ErrorCode.INTERNAL, "%s cannot replace %s".formatted(after.type(), before.type()));
    }
  }

  /** What is known of a value and would no longer be known of its replacement. */
  static Optional<String> loss(Value before, Value after) {
    for (int axis = 0; axis < before.rank(); axis++) {
      if (knowledge(after.dim(axis)) < knowledge(before.dim(axis))) {
        return Optional.of("%s tells less than %s".formatted(after.type(), before.type()));
      }
    }
    return before.content().isPresent() && after.content().isEmpty()
        ? Optional.of("the elements would no longer be known as sizes")
        : Optional.empty();
  }

  private static int knowledge(Dim dim) {
    if (dim.value().isPresent()) {
      return 2;
    }
    return dim.symbols().stream().anyMatch(Symbol::isAnonymous) ? 0 : 1;
  }
}
