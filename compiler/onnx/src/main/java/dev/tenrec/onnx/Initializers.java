package dev.tenrec.onnx;

import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** The constants of a model by name, each written once. */
final class Initializers {
  private static final int MAX_DESCRIBED = 8;

  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final Map<Value, String> byValue = new HashMap<>();
  private final Map<Tensor, String> byContent = new HashMap<>();

  /** The name of a constant of the graph. */
  String name(Value value, Tensor tensor, Names names) {
    return isShared(tensor)
        ? byContent.computeIfAbsent(tensor, _ -> add(names.unique(wish(value, tensor)), tensor))
        : byValue.computeIfAbsent(value, _ -> add(names.unique(wish(value, tensor)), tensor));
  }

  private static String wish(Value value, Tensor tensor) {
    return value.name().isEmpty() && tensor.count() <= MAX_DESCRIBED
        ? describe(tensor)
        : value.name();
  }

  /** The name of a small constant that an operator of ONNX needs; equal ones are shared. */
  String name(Tensor tensor, Names names) {
    return byContent.computeIfAbsent(tensor, _ -> add(names.unique(describe(tensor)), tensor));
  }

  /** Positions and numbers repeat a lot, and often stand for parameters of operators. */
  private static boolean isShared(Tensor tensor) {
    boolean positions = tensor.elementType() == ElementType.INT64 && tensor.rank() == 1;
    return tensor.rank() == 0 || (positions && tensor.count() <= MAX_DESCRIBED);
  }

  private static String describe(Tensor tensor) {
    String elements =
        LongStream.range(0, tensor.count())
            .mapToObj(i ->
                tensor.elementType().isFloating()
                    ? Double.toString(tensor.getDouble(i))
                    : Long.toString(tensor.getLong(i)))
            .collect(Collectors.joining(","));
    String type = tensor.elementType().text();
    return tensor.rank() == 0 ? type + "(" + elements + ")" : type + "[" + elements + "]";
  }

  private String add(String name, Tensor tensor) {
    tensors.put(name, tensor);
    return name;
  }

  Map<String, Tensor> all() {
    return tensors;
  }
}
