package dev.tenrec.passes.rewrite;

import dev.tenrec.ir.Node;
import dev.tenrec.ir.Shuffle;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.Tensor;
import java.util.Optional;

/** Constants as rules read them. */
public final class Constants {
  private Constants() {}

  /**
   * Whether a value has elements, and all of them are equal to the number: see {@link #uniform}.
   */
  public static boolean isAll(Value value, double number) {
    Optional<Tensor> constant = uniformTensor(value);
    return constant.isPresent() && isAll(constant.get(), number);
  }

  /** What all elements of a constant are equal to; of one in another shape or repeated, too. */
  public static Optional<Double> uniform(Value value) {
    return uniformTensor(value)
        .filter(tensor -> tensor.count() > 0 && isAll(tensor, tensor.getDouble(0)))
        .map(tensor -> tensor.getDouble(0));
  }

  private static Optional<Tensor> uniformTensor(Value value) {
    Value source = value;
    while (source.constant().isEmpty()) {
      switch (source.producer().map(Node::op).orElse(null)) {
        case Shuffle.Expand(Value x, _) -> source = x;
        case Shuffle.Reshape(Value x, _, _) -> source = x;
        case Shuffle.Unsqueeze(Value x, _) -> source = x;
        case Shuffle.Squeeze(Value x, _) -> source = x;
        case Shuffle.Transpose(Value x, _) -> source = x;
        case null, default -> {
          return Optional.empty();
        }
      }
    }
    return source.constant();
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
