package dev.tenrec.runtime.cpu;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Elementwise.Cast;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.GraphBuilder;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;

/**
 * Types that ONNX Runtime computes with, but its Java API cannot pass, travel in a type that holds
 * their numbers: the session casts inputs from it and outputs to it.
 */
final class Carriers {
  private static final long INFINITY = 0x7c;
  private static final long NEGATIVE_INFINITY = 0xfc;

  private Carriers() {}

  /** The type in which tensors of a type are passed; itself where that can be done. */
  static ElementType of(ElementType type) {
    return switch (type) {
      case UINT16 -> ElementType.INT32;
      case UINT32 -> ElementType.INT64;
      // Both casts keep the bits.
      case UINT64 -> ElementType.INT64;
      case INT2, INT4 -> ElementType.INT8;
      case UINT2, UINT4 -> ElementType.UINT8;
      case FLOAT8E4M3FN, FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ -> ElementType.FLOAT32;
      case FLOAT8E8M0, FLOAT4E2M1 -> ElementType.FLOAT32;
      case FLOAT32, FLOAT16, BFLOAT16, FLOAT64, INT8, INT16, INT32, INT64, UINT8, BOOL -> type;
    };
  }

  /** The graph with inputs and outputs that can be passed. */
  static Graph carry(Graph graph) {
    boolean needed =
        graph.inputs().stream().anyMatch(Carriers::isCarried)
            || graph.outputs().stream().anyMatch(output -> isCarried(output.value()));
    return needed ? rebuild(graph) : graph;
  }

  private static boolean isCarried(Value value) {
    return of(value.elementType()) != value.elementType();
  }

  private static Graph rebuild(Graph graph) {
    GraphBuilder builder = new GraphBuilder(graph.name());
    Map<Value, Value> now = new HashMap<>();
    for (Value input : graph.inputs()) {
      ElementType carrier = of(input.elementType());
      Value passed = builder.input(input.name(), input.type().with(carrier));
      now.put(
          input, isCarried(input) ? builder.add(new Cast(passed, input.elementType())) : passed);
    }
    for (Node node : graph.nodes()) {
      Node copy = copy(node, now);
      builder.add(copy);
      for (int i = 0; i < copy.results().size(); i++) {
        now.put(node.results().get(i), copy.results().get(i));
      }
    }
    for (Graph.Output output : graph.outputs()) {
      Value value = now.getOrDefault(output.value(), output.value());
      ElementType carrier = of(value.elementType());
      builder.output(
          output.name(), isCarried(value) ? builder.add(new Cast(value, carrier)) : value);
    }
    return builder.build();
  }

  private static Node copy(Node node, Map<Value, Value> now) {
    Op op = node.op();
    ImmutableList<Value> operands =
        op.operands().stream()
            .map(operand -> now.getOrDefault(operand, operand))
            .collect(ImmutableList.toImmutableList());
    return operands.equals(op.operands())
        ? node
        : Node.of(op.withOperands(operands), node.location(), node.names());
  }

  /**
   * A tensor in the type in which it is passed.
   *
   * @throws TenrecException with {@code UNSUPPORTED} if the session's cast would not give it back
   */
  static Tensor toCarrier(String name, Tensor tensor) {
    ElementType type = tensor.elementType();
    ElementType carrier = of(type);
    if (carrier == type) {
      return tensor;
    }
    for (long i = 0; type == ElementType.FLOAT8E5M2 && i < tensor.count(); i++) {
      if (Double.isInfinite(tensor.getDouble(i))) {
        throw new TenrecException(
                ErrorCode.UNSUPPORTED,
                "'%s' holds infinity, which ONNX Runtime's Java API cannot pass as %s"
                    .formatted(name, type.text()))
            .advise("use the interpreter");
      }
    }
    return carrier.isFloating()
        ? Tensor.ofDoubles(carrier, tensor.sizes(), tensor::getDouble)
        : Tensor.ofLongs(carrier, tensor.sizes(), tensor::getLong);
  }

  /** The tensor that was passed in another type. */
  static Tensor fromCarrier(Tensor carried, ElementType type) {
    if (carried.elementType() == type) {
      return carried;
    }
    if (!type.isFloating()) {
      return Tensor.ofLongs(type, carried.sizes(), carried::getLong);
    }
    Tensor finite = Tensor.ofDoubles(type, carried.sizes(), carried::getDouble);
    return type == ElementType.FLOAT8E5M2
        ? Tensor.ofBits(
            type, carried.sizes(), i -> pattern(carried.getDouble(i), finite.getBits(i)))
        : finite;
  }

  private static long pattern(double number, long finite) {
    boolean infinite = Double.isInfinite(number);
    return infinite ? (number > 0 ? INFINITY : NEGATIVE_INFINITY) : finite;
  }
}
