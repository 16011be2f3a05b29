package dev.tenrec.ir;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Sets;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.dim.Symbol;
import dev.tenrec.ir.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** The names and types of what a model takes and gives, in order. */
public record Signature(
    ImmutableMap<String, TensorType> inputs, ImmutableMap<String, TensorType> outputs) {

  public static Signature of(Graph graph) {
    return new Signature(
        graph.inputs().stream().collect(ImmutableMap.toImmutableMap(Value::name, Value::type)),
        graph.outputs().stream()
            .collect(
                ImmutableMap.toImmutableMap(Graph.Output::name, output -> output.value().type())));
  }

  /**
   * Checks tensors against the inputs and tells the sizes that they give to symbols.
   *
   * @throws TenrecException naming the input, what it should be and what it is
   */
  public ImmutableMap<Symbol, Long> bind(Map<String, Tensor> tensors) {
    Sets.SetView<String> unknown = Sets.difference(tensors.keySet(), inputs.keySet());
    Sets.SetView<String> missing = Sets.difference(inputs.keySet(), tensors.keySet());
    if (!unknown.isEmpty() || !missing.isEmpty()) {
      throw new TenrecException(
          ErrorCode.INVALID_INPUT,
          missing.isEmpty()
              ? "no input is named '%s'; the inputs are %s"
                  .formatted(unknown.iterator().next(), inputs)
              : "input '%s' is missing; the inputs are %s"
                  .formatted(missing.iterator().next(), inputs));
    }
    Map<Symbol, Long> sizes = new HashMap<>();
    inputs.forEach(
        (name, type) -> bind(name, type, Objects.requireNonNull(tensors.get(name)), sizes));
    inputs.forEach(
        (name, type) -> checkSums(name, type, Objects.requireNonNull(tensors.get(name)), sizes));
    return ImmutableMap.copyOf(sizes);
  }

  private static void bind(String name, TensorType type, Tensor tensor, Map<Symbol, Long> sizes) {
    boolean fits = tensor.elementType() == type.elementType() && tensor.rank() == type.rank();
    for (int axis = 0; fits && axis < type.rank(); axis++) {
      long size = tensor.size(axis);
      Dim dim = type.dim(axis);
      if (dim instanceof Symbol symbol) {
        Long other = sizes.putIfAbsent(symbol, size);
        if (other != null && other != size) {
          throw new TenrecException(
              ErrorCode.INVALID_INPUT,
              "input '%s' is %s: size %s is %d here and %d in another input"
                  .formatted(name, tensor, symbol, size, other));
        }
      } else {
        fits = dim.value().isEmpty() || dim.is(size);
      }
    }
    if (!fits) {
      throw new TenrecException(
          ErrorCode.INVALID_INPUT,
          "input '%s' must be %s, but is %s".formatted(name, type, tensor));
    }
  }

  /** Sizes that are expressions over other inputs' sizes. */
  private static void checkSums(
      String name, TensorType type, Tensor tensor, Map<Symbol, Long> sizes) {
    for (int axis = 0; axis < type.rank(); axis++) {
      Dim dim = type.dim(axis);
      boolean bound = sizes.keySet().containsAll(dim.symbols());
      long size = bound ? dim.evaluate(symbol -> sizes.getOrDefault(symbol, 0L)) : -1;
      if (bound && size != tensor.size(axis)) {
        throw new TenrecException(
            ErrorCode.INVALID_INPUT,
            "input '%s' is %s: size %s is %d".formatted(name, tensor, dim, size));
      }
    }
  }
}
