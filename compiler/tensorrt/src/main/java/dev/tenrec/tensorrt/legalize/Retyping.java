package dev.tenrec.tensorrt.legalize;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.ControlFlow;
import dev.tenrec.ir.Elementwise;
import dev.tenrec.ir.Elementwise.Cast;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.GraphBuilder;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Quantization.Dequantize;
import dev.tenrec.ir.Quantization.Quantize;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.Location;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.tensorrt.legalize.Held.Fidelity;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Builds a graph in TensorRT's types: see {@link AssignTargetTypes}. Values of TensorRT's types are
 * carried over, each other one has a stand-in.
 */
final class Retyping {
  private final Graph old;
  private final Narrowing narrowing;
  private final GraphBuilder builder;
  private final StandIns standIns;
  private final Set<Value> readAsNumbers;
  private final Map<Value, Value> carried = new HashMap<>();

  Retyping(Graph old, Narrowing narrowing) {
    this.old = old;
    this.narrowing = narrowing;
    this.builder = new GraphBuilder(old.name());
    this.standIns = new StandIns(builder, narrowing);
    this.readAsNumbers = QuantizedData.readAsNumbers(old);
  }

  /** Whether some value is of a type that TensorRT does not compute in. */
  static boolean isNeeded(Graph graph) {
    return graph.inputs().stream().anyMatch(input -> !TargetTypes.has(input.elementType()))
        || graph.nodes().stream().anyMatch(Retyping::isForeign);
  }

  /** The model's graph: its inputs and outputs keep their types. */
  Graph model() {
    for (Value input : old.inputs()) {
      builder.addInput(input);
      if (!TargetTypes.has(input.elementType())) {
        standIns.putInput(input);
      }
    }
    old.nodes().forEach(this::add);
    old.outputs().forEach(output -> builder.output(output.name(), result(output)));
    return builder.build();
  }

  /** A body: its inputs and outputs are of TensorRT's types. */
  private Graph body() {
    for (Value input : old.inputs()) {
      ElementType target = TargetTypes.of(input.elementType());
      Value now = builder.input(input.name(), input.type().with(target));
      put(input, now);
    }
    old.nodes().forEach(this::add);
    old.outputs().forEach(output -> builder.output(output.name(), number(output.value())));
    return builder.build();
  }

  /** Notes what holds a value's numbers in its target type. */
  private void put(Value before, Value now) {
    if (TargetTypes.has(before.elementType())) {
      carried.put(before, now);
    } else {
      standIns.putExact(before, now);
    }
  }

  private Value result(Graph.Output output) {
    Value value = output.value();
    if (TargetTypes.has(value.elementType())) {
      return carried(value);
    }
    Location location = location(output);
    Op cast =
        value.elementType() == ElementType.UINT8
                && value.producedBy(Cast.class).filter(c -> isHalfOrFloat(c.x())).isPresent()
            ? new Cast(carried(value.producedBy(Cast.class).orElseThrow().x()), ElementType.UINT8)
            : new Cast(standIns.outgoing(value, location), value.elementType());
    return builder.add(Node.of(cast, location, List.of(value.name())), location).result();
  }

  private static Location location(Graph.Output output) {
    return output
        .value()
        .producer()
        .map(Node::location)
        .filter(place -> !place.equals(Location.UNKNOWN))
        .orElse(new Location.Synthetic(output.name()));
  }

  private static boolean isHalfOrFloat(Value x) {
    return x.elementType() == ElementType.FLOAT32 || x.elementType() == ElementType.FLOAT16;
  }

  /** What a value of TensorRT's types is in the new graph. */
  private Value carried(Value value) {
    return carried.getOrDefault(value, value);
  }

  /** The numbers of a value, in its target type. */
  private Value number(Value value) {
    return TargetTypes.has(value.elementType()) ? carried(value) : standIns.exact(value);
  }

  private void add(Node node) {
    try {
      standIns.locate(node.location());
      if (!isForeign(node)) {
        keep(node);
      } else {
        switch (node.op()) {
          case Source.Constant _ -> {} // Becomes a constant of another type where it is read.
          case Cast(Value x, ElementType to) -> cast(node, x, to);
          case Elementwise.BitCast(Value x, ElementType to) -> bitCast(node, x, to);
          case Quantize quantize -> quantize(node, quantize);
          case Dequantize dequantize -> dequantize(node, dequantize);
          case ControlFlow flow -> control(node, flow);
          default -> compute(node);
        }
      }
    } catch (TenrecException e) {
      throw e.at(node.location());
    }
  }

  private static boolean isForeign(Node node) {
    return node.op() instanceof Dequantize
        || Stream.concat(node.op().operands().stream(), node.results().stream())
            .anyMatch(value -> !TargetTypes.has(value.elementType()))
        || (node.op() instanceof ControlFlow op
            && op.bodies().stream().anyMatch(Retyping::isNeeded));
  }

  private void keep(Node node) {
    ImmutableList<Value> operands =
        node.op().operands().stream().map(this::carried).collect(ImmutableList.toImmutableList());
    Node now = operands.equals(node.op().operands()) ? node : node.withOperands(operands);
    builder.add(now);
    for (int i = 0; i < now.results().size(); i++) {
      carried.put(node.results().get(i), now.results().get(i));
    }
  }

  private Node replace(Node node, Op op) {
    return builder.add(Node.of(op, node.location(), node.names()));
  }

  private void compute(Node node) {
    Effect effect = Effect.of(node.op());
    narrowing.check(node, effect);
    ImmutableList<Value> operands =
        node.op().operands().stream()
            .map(operand -> operand(operand, node.op(), effect))
            .collect(ImmutableList.toImmutableList());
    Fidelity fidelity = standIns.worst(node.op().operands());
    Node now = replace(node, limited(node.op().withOperands(operands), node));
    for (int i = 0; i < now.results().size(); i++) {
      Value before = node.results().get(i);
      if (TargetTypes.has(before.elementType())) {
        carried.put(before, now.results().get(i));
      } else {
        standIns.putResult(before, now.results().get(i), node.op(), effect, fidelity);
      }
    }
  }

  private Value operand(Value value, Op op, Effect effect) {
    if (TargetTypes.has(value.elementType())) {
      return carried(value);
    }
    boolean shift =
        op instanceof Elementwise.Binary(var kind, Value _, Value b)
            && kind == Elementwise.BinaryKind.SHIFT_LEFT
            && b.equals(value);
    return standIns.operand(value, shift ? Effect.COMPUTES : effect);
  }

  /** With parameters as far as the model's type reaches. */
  private static Op limited(Op op, Node node) {
    ElementType type = node.results().getFirst().elementType();
    return op instanceof Elementwise.Activation(var kind, Value x, double alpha, double beta)
            && type.isInteger()
        ? new Elementwise.Activation(kind, x, limited(alpha, type), limited(beta, type))
        : op;
  }

  private static double limited(double bound, ElementType type) {
    IntegerRange range = IntegerRange.of(type);
    return Math.clamp(bound, (double) range.low(), (double) range.high());
  }

  private void cast(Node node, Value x, ElementType to) {
    Value source = TargetTypes.has(x.elementType()) ? carried(x) : standIns.castOperand(x, to);
    ElementType target = TargetTypes.of(to);
    Value now =
        source.elementType() == target ? source : replace(node, new Cast(source, target)).result();
    if (TargetTypes.has(to)) {
      carried.put(node.result(), now);
    } else {
      standIns.putCast(node.result(), now, x, source);
    }
  }

  /** Bits of integers of one width are the same number up to its low bits. */
  private void bitCast(Node node, Value x, ElementType to) {
    if (x.elementType().isFloating() || to.isFloating()) {
      throw new TenrecException(
              ErrorCode.UNSUPPORTED,
              "TensorRT cannot take the bits of %s for %s"
                  .formatted(x.elementType().text(), to.text()))
          .advise("do this outside of the model");
    }
    cast(node, x, to);
  }

  private void quantize(Node node, Quantize op) {
    narrowing.check(node, Effect.COMPUTES);
    Quantize now = op.withOperands(ImmutableList.of(number(op.x()), number(op.scale())));
    if (TargetTypes.quantizes(op.to())) {
      carried.put(node.result(), replace(node, now).result());
    }
    if (!TargetTypes.quantizes(op.to()) || readAsNumbers.contains(node.result())) {
      Value numbers = add(QuantizedData.quantized(now), node);
      if (op.to().isFloating()) {
        standIns.putUnrounded(node.result(), numbers);
      } else {
        standIns.putExact(node.result(), numbers);
      }
    }
  }

  private void dequantize(Node node, Dequantize op) {
    narrowing.check(node, Effect.COMPUTES);
    Value scale = number(op.scale());
    ElementType to = TargetTypes.of(op.to());
    if (QuantizedData.staysQuantized(op.x())) {
      Dequantize now = new Dequantize(carried(op.x()), scale, to, op.granularity());
      put(node.result(), replace(node, now).result());
    } else {
      Value x = number(op.x());
      Dequantize now = new Dequantize(op.x(), scale, to, op.granularity());
      put(node.result(), add(QuantizedData.dequantized(x, now), node));
    }
  }

  private Value add(Value value, Node node) {
    value.producer().ifPresent(made -> builder.add(made, node.location()));
    return value;
  }

  private void control(Node node, ControlFlow op) {
    ImmutableList<Graph> bodies =
        op.bodies().stream()
            .map(body -> new Retyping(body, narrowing).body())
            .collect(ImmutableList.toImmutableList());
    Op now = op.withBodies(bodies).withOperands(numbers(op.operands()));
    List<Value> results = replace(node, now).results();
    for (int i = 0; i < results.size(); i++) {
      put(node.results().get(i), results.get(i));
    }
  }

  private ImmutableList<Value> numbers(List<Value> values) {
    return values.stream().map(this::number).collect(ImmutableList.toImmutableList());
  }
}
