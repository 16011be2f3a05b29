package dev.tenrec.tensorrt.legalize;

import dev.tenrec.ir.Node;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import java.util.stream.Stream;

/**
 * Whether types may hold less than the model's, and the error if they may not.
 *
 * @param allowed whether the user said so
 */
record Narrowing(boolean allowed) {

  /**
   * Refuses to round what an operation computes in float64.
   *
   * @throws TenrecException unless that is allowed
   */
  void check(Node node, Effect effect) {
    boolean wide =
        Stream.concat(node.op().operands().stream(), node.results().stream())
            .map(Value::elementType)
            .anyMatch(type -> type == ElementType.FLOAT64);
    if (wide && !effect.isExact()) {
      require(ElementType.FLOAT64);
    }
  }

  /** Refuses to lose numbers of a type, unless that is allowed. */
  void require(ElementType type) {
    if (!allowed) {
      throw refusal(type);
    }
  }

  private static TenrecException refusal(ElementType type) {
    ElementType target = TargetTypes.of(type);
    return new TenrecException(
            ErrorCode.UNSUPPORTED,
            "TensorRT would compute %s in %s, which holds %s only"
                .formatted(type.text(), target.text(), TargetTypes.range(target)))
        .advise("pass --allow-narrowing if that is enough, or convert the model to other types");
  }
}
