package dev.tenrec.ir;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.Map;
import java.util.Objects;

/**
 * Between the element types of a model's inputs and outputs and those that a backend computes in
 * instead.
 */
public final class Conversion {
  private Conversion() {}

  /** Whether a backend's type may stand for a model's. */
  public static boolean exists(ElementType model, ElementType backend) {
    return model == backend
        || (model.isFloating() && backend == ElementType.FLOAT32)
        || (model.isInteger() && (backend == ElementType.INT32 || backend == ElementType.INT64));
  }

  /**
   * An input in a backend's type. Floating-point numbers are rounded.
   *
   * @throws TenrecException with {@code UNSUPPORTED} if an element is out of the type's range
   */
  public static Tensor ofInput(String name, Tensor input, ElementType to) {
    if (input.elementType() == to) {
      return input;
    }
    Tensor converted = cast(input, to);
    for (long i = 0; i < input.count(); i++) {
      if (!fits(input, converted, i)) {
        throw new TenrecException(
                ErrorCode.UNSUPPORTED,
                "element %d of input '%s' is %s; it is computed in %s, which does not reach that far"
                    .formatted(i, name, text(input, i), to.text()))
            .advise("run the model on another backend");
      }
    }
    return converted;
  }

  private static boolean fits(Tensor input, Tensor converted, long i) {
    return input.elementType() == ElementType.UINT64
        ? converted.getLong(i) >= 0
        : !Double.isInfinite(converted.getDouble(i)) || Double.isInfinite(input.getDouble(i));
  }

  private static String text(Tensor input, long i) {
    return input.elementType() == ElementType.UINT64
        ? Long.toUnsignedString(input.getLong(i))
        : String.valueOf(input.getDouble(i));
  }

  /**
   * Outputs in the types of a model. Integers keep their low bits, other numbers are rounded.
   *
   * @param outputs of a backend, with the names of the model's
   * @param model what the model gives
   */
  public static ImmutableMap<String, Tensor> ofOutputs(
      Map<String, Tensor> outputs, Signature model) {
    ImmutableMap.Builder<String, Tensor> converted = ImmutableMap.builder();
    model
        .outputs()
        .forEach((name, type) -> {
          Tensor output = Objects.requireNonNull(outputs.get(name));
          converted.put(name, cast(output, type.elementType()));
        });
    return converted.buildOrThrow();
  }

  private static Tensor cast(Tensor x, ElementType to) {
    if (x.elementType() == to) {
      return x;
    }
    return x.elementType().isFloating()
        ? Tensor.ofDoubles(to, x.sizes(), x::getDouble)
        : Tensor.ofLongs(to, x.sizes(), x::getLong);
  }
}
