package dev.tenrec.onnx;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.ControlFlow;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.dim.Symbol;
import dev.tenrec.ir.interpret.Interpreter;
import dev.tenrec.ir.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What can be told of values before the model runs. */
final class KnownValues {
  /** Parameters are small; larger tensors are data. */
  private static final long MAX_ELEMENTS = 1 << 16;

  private final Map<Value, Optional<Tensor>> computed = new HashMap<>();

  /** The elements, where neither inputs of a graph nor their sizes decide them. */
  Optional<Tensor> elements(Value value) {
    if (value.constant().isPresent()) {
      return value.constant();
    }
    Optional<Tensor> content = fixedContent(value);
    return content.isPresent() ? content : compute(value);
  }

  private static Optional<Tensor> fixedContent(Value value) {
    return value
        .content()
        .filter(content -> content.stream().allMatch(dim -> dim.value().isPresent()))
        .map(content ->
            Tensor.ofLongs(
                value.elementType(),
                value.shape().sizes().orElseThrow(),
                k -> content.get(k).value().orElseThrow()));
  }

  private Optional<Tensor> compute(Value value) {
    Optional<Tensor> known = computed.get(value);
    if (known == null) {
      known = value.producer().filter(KnownValues::isSmall).flatMap(node -> run(node, value));
      computed.put(value, known);
    }
    return known;
  }

  private static boolean isSmall(Node node) {
    return !(node.op() instanceof ControlFlow)
        && !(node.op() instanceof Source.Sizes)
        && node.results().stream().map(Value::type).allMatch(KnownValues::isSmall);
  }

  private static boolean isSmall(TensorType type) {
    return type.shape().isStatic()
        && type.shape().elementCount().value().orElseThrow() <= MAX_ELEMENTS;
  }

  private Optional<Tensor> run(Node node, Value value) {
    ImmutableList.Builder<Tensor> operands = ImmutableList.builder();
    for (Value operand : node.op().operands()) {
      Optional<Tensor> tensor = elements(operand);
      if (tensor.isEmpty()) {
        return Optional.empty();
      }
      operands.add(tensor.get());
    }
    ImmutableList<Tensor> results =
        Interpreter.evaluate(node.op(), operands.build(), KnownValues::unknown);
    return Optional.of(results.get(node.results().indexOf(value)));
  }

  private static long unknown(Symbol size) {
    throw new TenrecException(ErrorCode.INTERNAL, "size %s is not known".formatted(size));
  }
}
