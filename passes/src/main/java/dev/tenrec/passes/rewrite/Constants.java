package dev.tenrec.passes.rewrite;

import dev.tenrec.ir.Node;
import dev.tenrec.ir.Shuffle;
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

  /**
   * Whether all elements of a value are equal to the number: those of a constant, also in another
   * shape or repeated.
   */
  public static boolean isAll(Value value, double number) {
    Optional<Tensor> constant = value.constant();
    if (constant.isPresent()) {
      return isAll(constant.get(), number);
    }
    return switch (value.producer().map(Node::op).orElse(null)) {
      case Shuffle.Expand(Value x, _) -> isAll(x, number);
      case Shuffle.Reshape(Value x, _, _) -> isAll(x, number);
      case Shuffle.Unsqueeze(Value x, _) -> isAll(x, number);
      case Shuffle.Squeeze(Value x, _) -> isAll(x, number);
      case Shuffle.Transpose(Value x, _) -> isAll(x, number);
      case null, default -> false;
    };
  }

  private static boolean isAll(Tensor tensor, double number) {
    for (long i = 0; i < tensor.count(); i++) {
      if (tensor.getDouble(i) != number) {
        return false;
      }
    }
    return tensor.count() > 0;
  }
}
