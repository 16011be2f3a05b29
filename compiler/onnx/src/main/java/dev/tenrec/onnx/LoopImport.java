package dev.tenrec.onnx;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.ControlFlow.Loop;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Provenance;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.dim.Symbol;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.onnx.OperatorTable.Result;
import dev.tenrec.onnx.proto.GraphProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * ONNX's Loop: its turns one after the other where they are few and known, else the IR's loop.
 *
 * <p>By ONNX's definition, a loop without a condition does not ask its body whether to go on. Where
 * there is one, the body is run only while it holds, so that in the body it is always true.
 */
final class LoopImport {
  private static final String ADVICE =
      "export the model with a fixed number of turns, or let the loop give back tensors";

  private final NodeContext n;
  private final GraphProto body;
  private final int stateCount;
  private final boolean asks;

  private LoopImport(NodeContext n) {
    this.n = n;
    this.body = n.required(n.attributes().graph("body"), "body");
    this.stateCount = Math.max(0, n.inputCount() - 2);
    this.asks = n.hasInput(1);
    if (body.getInputCount() != 2 + stateCount || body.getOutputCount() < 1 + stateCount) {
      throw n.invalid(
          "the body has %d inputs and %d outputs for %d states"
              .formatted(body.getInputCount(), body.getOutputCount(), stateCount));
    }
  }

  static List<Result> loop(NodeContext n) {
    LoopImport loop = new LoopImport(n);
    Optional<List<Datum>> unrolled =
        new LoopUnrolling(n, loop.body, loop.stateCount, loop.asks).run();
    return unrolled.map(data -> data.stream().map(Result::of).toList()).orElseGet(loop::run);
  }

  private List<Result> run() {
    List<Value> states = IntStream.range(2, 2 + stateCount).mapToObj(this::state).toList();
    BodyGraph inside = stable(states);
    Value more = inside.output(0);
    boolean goesOn = n.known(more).filter(tensor -> tensor.getLong(0) != 0).isPresent();
    Optional<Value> limit = n.hasInput(0) ? Optional.of(n.scalarInput(0)) : Optional.empty();
    Optional<Value> condition = asks ? Optional.of(n.scalarInput(1)) : Optional.empty();
    if (goesOn && limit.isPresent() && condition.isPresent()) {
      Value none = Terms.constant(Tensor.ofLongs(0).withSizes(ImmutableLongArray.of()));
      limit = Optional.of(Terms.select(condition.get(), limit.get(), none));
      condition = Optional.empty();
    }
    if (limit.isEmpty() && (goesOn || condition.isEmpty())) {
      throw n.invalid("nothing ends the loop");
    }
    Loop loop =
        new Loop(
            condition.isPresent() ? inside.graph() : inside.without(1),
            limit,
            condition,
            ImmutableList.copyOf(states),
            inside.captures());
    return Node.of(loop, n.location(), n.outputNames()).results().stream().map(Result::of).toList();
  }

  private Value state(int i) {
    Datum state = n.datum(i);
    return state
        .tensor()
        .orElseThrow(() ->
            unsupported(
                "the loop carries %s, and how often it turns is not known"
                    .formatted(state.describe())));
  }

  /** It might be unrolled, if what decides the number of turns were known. */
  private TenrecException unsupported(String problem) {
    return n.unsupported(problem).advise(ADVICE).needing(countInputs(n));
  }

  private static ImmutableSet<String> countInputs(NodeContext n) {
    return Stream.of(0, 1)
        .flatMap(i -> n.optionalInput(i).stream())
        .flatMap(value -> Provenance.inputsBehind(value).stream())
        .collect(ImmutableSet.toImmutableSet());
  }

  /** The body for states that may have other sizes in later turns than in the first one. */
  private BodyGraph stable(List<Value> states) {
    List<TensorType> types = new ArrayList<>(states.stream().map(Value::type).toList());
    while (true) {
      BodyGraph inside = body(types);
      boolean stable = true;
      for (int i = 0; i < stateCount; i++) {
        TensorType general = general(i, types.get(i), inside.output(1 + i).type());
        stable &= general.equals(types.get(i));
        types.set(i, general);
      }
      if (stable) {
        return inside;
      }
    }
  }

  private TensorType general(int state, TensorType type, TensorType next) {
    if (type.elementType() != next.elementType() || type.rank() != next.rank()) {
      throw unsupported("state %d of the loop is %s and becomes %s".formatted(state, type, next));
    }
    Shape shape = type.shape();
    for (int axis = 0; axis < type.rank(); axis++) {
      if (!type.dim(axis).equals(next.dim(axis))) {
        shape = shape.with(axis, open(state, axis));
      }
    }
    return type.with(shape);
  }

  /** A size that may be another one in each turn; no other value has one of this name. */
  private Dim open(int state, int axis) {
    return Dim.symbol(
        "%s/%d.%s.%d"
            .formatted(n.graph().path(), n.index(), body.getInput(2 + state).getName(), axis));
  }

  private BodyGraph body(List<TensorType> states) {
    GraphImport inside = GraphImport.nested(n, body, "body");
    Value number = inside.addInput(0, TensorType.of(ElementType.INT64));
    if (declaredRank(body, 0) == 1) {
      inside.define(0, Datum.of(Terms.reshape(number, 1)));
    }
    inside.define(1, Datum.of(single(n, body, 1, Tensor.scalar(ElementType.BOOL, 1))));
    for (int i = 0; i < states.size(); i++) {
      inside.addInput(2 + i, states.get(i));
    }
    return declared(inside.body());
  }

  /** The condition as a scalar, and sizes that inference cannot tell as the body declares them. */
  private BodyGraph declared(BodyGraph inside) {
    if (!inside.outputs().stream().allMatch(datum -> datum.tensor().isPresent())) {
      throw unsupported("the loop gives back sequences, and how often it turns is not known");
    }
    List<Value> outputs = new ArrayList<>();
    for (int i = 0; i < inside.outputs().size(); i++) {
      Value value = inside.output(i);
      Optional<ImmutableLongArray> sizes =
          i == 0
              ? Optional.of(ImmutableLongArray.of())
              : ValueTypes.find(body.getOutput(i))
                  .filter(type -> type.isCompatibleWith(value.type()) && isOpen(value))
                  .flatMap(type -> type.shape().sizes());
      outputs.add(
          sizes
              .filter(known -> !Shape.of(known).equals(value.shape()))
              .map(known -> Terms.reshape(value, known.toArray()))
              .orElse(value));
    }
    return inside.with(outputs);
  }

  private static boolean isOpen(Value value) {
    return value.shape().dims().stream()
        .flatMap(dim -> dim.symbols().stream())
        .anyMatch(Symbol::isAnonymous);
  }

  private static int declaredRank(GraphProto body, int input) {
    return ValueTypes.find(body.getInput(input)).map(TensorType::rank).orElse(0);
  }

  /** A number in the shape in which the body wants it: as a scalar, or in a vector. */
  static Value single(NodeContext n, GraphProto body, int input, Tensor scalar) {
    boolean vector = declaredRank(body, input) == 1;
    return Terms.constant(vector ? scalar.withSizes(ImmutableLongArray.of(1)) : scalar);
  }
}
