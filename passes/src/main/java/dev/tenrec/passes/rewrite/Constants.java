package dev.tenrec.passes.rewrite;

import dev.tenrec.ir.Source;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.Optional;

/** Constants as rules read and make them. */
public final class Constants {
  private Constants() {}

  public static Value of(Tensor tensor) {
    return new Source.Constant(tensor).value();
  }

  public static Value scalar(ElementType elementType, double number) {
    return of(Tensor.scalar(elementType, number));
  }

  /** A vector of {@code int64}. */
  public static Value vector(long... elements) {
    return of(Tensor.ofLongs(elements));
  }

  /** Whether a value is a constant that has elements, all of them equal to the number. */
  public static boolean isAll(Value value, double number) {
    Optional<Tensor> constant = value.constant();
    if (constant.isEmpty() || constant.get().count() == 0) {
      return false;
    }
    Tensor tensor = constant.get();
    for (long i = 0; i < tensor.count(); i++) {
      if (tensor.getDouble(i) != number) {
        return false;
      }
    }
    return true;
  }
}
