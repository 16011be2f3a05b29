package dev.tenrec.tensorrt.legalize;

import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Elementwise.Cast;
import dev.tenrec.ir.GraphBuilder;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Reduction.Reduce;
import dev.tenrec.ir.Reduction.ReduceKind;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.Location;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.tensorrt.legalize.Held.Fidelity;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What stands for the values of types that TensorRT does not have, and how true it is. Makes true
 * what an operation needs so: wraps integers, and refuses what cannot be recovered.
 */
final class StandIns {
  /** Integers up to here are exact in float32. */
  private static final long FLOAT_INTEGERS = 1 << 24;

  private final GraphBuilder builder;
  private final Narrowing narrowing;
  private final IntegerRanges ranges = new IntegerRanges();
  private final Map<Value, Held> held = new HashMap<>();
  private final Map<Value, Value> floatOfBytes = new HashMap<>();
  private Location location = Location.UNKNOWN;

  StandIns(GraphBuilder builder, Narrowing narrowing) {
    this.builder = builder;
    this.narrowing = narrowing;
  }

  /** Sets the place of operations that are added. */
  void locate(Location place) {
    location = place;
  }

  /** Casts an input behind the border of the graph. */
  void putInput(Value input) {
    ElementType type = input.elementType();
    ElementType target = TargetTypes.of(type);
    location = new Location.Synthetic(input.name());
    Value now = type == ElementType.UINT8 ? bytes(input) : cast(input, target);
    if (type.isInteger()) {
      putInteger(
          input,
          now,
          type == ElementType.UINT64 ? IntegerRange.of(ElementType.INT64) : IntegerRange.of(type));
    } else {
      put(input, now, type == ElementType.FLOAT64 ? rounded() : Fidelity.EXACT);
    }
  }

  /** TensorRT casts bytes to floating point only. */
  private Value bytes(Value input) {
    Value number = cast(input, ElementType.FLOAT32);
    floatOfBytes.put(input, number);
    return cast(number, TargetTypes.of(input.elementType()));
  }

  /** Notes what holds exactly the numbers of a value. */
  void putExact(Value value, Value now) {
    if (value.elementType().isInteger()) {
      ranges.put(now, IntegerRange.of(value.elementType()));
    }
    put(value, now, Fidelity.EXACT);
  }

  /** Notes what holds the numbers of a value once they are cast to its type. */
  void putUnrounded(Value value, Value now) {
    put(value, now, Fidelity.BEFORE_CAST);
  }

  private void putInteger(Value value, Value now, IntegerRange range) {
    ranges.put(now, range);
    put(value, now, range.isIn(value.elementType()) ? Fidelity.EXACT : Fidelity.BEFORE_CAST);
  }

  private void put(Value value, Value now, Fidelity fidelity) {
    held.put(value, new Held(now, fidelity));
  }

  private Fidelity rounded() {
    return narrowing.allowed() ? Fidelity.EXACT : Fidelity.ROUNDED;
  }

  /** What stands for a value. */
  private Held of(Value value) {
    Held known = held.get(value);
    if (known != null) {
      return known;
    }
    Tensor tensor =
        value
            .constant()
            .orElseThrow(() -> new TenrecException(ErrorCode.INTERNAL, value + " has no stand-in"));
    Held converted = constant(value, tensor);
    held.put(value, converted);
    return converted;
  }

  private Held constant(Value value, Tensor tensor) {
    ElementType type = tensor.elementType();
    ElementType target = TargetTypes.of(type);
    Location place = value.producer().map(Node::location).orElse(location);
    if (type.isInteger()) {
      Tensor now = Tensor.ofLongs(target, tensor.sizes(), tensor::getLong);
      boolean exact = IntegerRange.of(now).isIn(type);
      return new Held(
          constant(now, value.name(), place), exact ? Fidelity.EXACT : Fidelity.BEFORE_CAST);
    }
    Tensor now = Tensor.ofDoubles(target, tensor.sizes(), tensor::getDouble);
    return new Held(constant(now, value.name(), place), fidelity(tensor, now));
  }

  private Value constant(Tensor tensor, String name, Location place) {
    return builder.add(Node.of(new Source.Constant(tensor), place, List.of(name))).result();
  }

  private Fidelity fidelity(Tensor tensor, Tensor now) {
    boolean exact = true;
    for (long i = 0; i < tensor.count(); i++) {
      double number = tensor.getDouble(i);
      double converted = now.getDouble(i);
      exact &= Double.compare(number, converted) == 0 || Double.isNaN(number);
      if (Double.isInfinite(converted) && !Double.isInfinite(number)) {
        throw new TenrecException(
                ErrorCode.UNSUPPORTED,
                "TensorRT would hold the constant %s in float, which reaches 3.4e38 only"
                    .formatted(number))
            .advise("convert the model to float");
      }
    }
    return exact ? Fidelity.EXACT : rounded();
  }

  /** For an operation that does something with all its operands. */
  Value operand(Value value, Effect effect) {
    checkFinite(value);
    Held now = of(value);
    boolean asItIs =
        now.isExact()
            || effect == Effect.MOVES
            || (value.elementType().isInteger() && effect.isCongruent());
    return asItIs ? now.value() : exact(value);
  }

  /** Casts to this one of the types with infinity make it the largest number. */
  private static void checkFinite(Value value) {
    boolean infinite =
        value.elementType() == ElementType.FLOAT8E5M2
            && value.producedBy(Cast.class).isEmpty()
            && value
                .constant()
                .map(tensor -> Arrays.stream(tensor.toDoubles()).anyMatch(Double::isInfinite))
                .orElse(value.producer().isEmpty());
    if (infinite) {
      throw new TenrecException(
              ErrorCode.UNSUPPORTED, "TensorRT would lose infinity in " + value.type())
          .advise("use a type that TensorRT has");
    }
  }

  /** For a cast to another type. */
  Value castOperand(Value value, ElementType to) {
    Value number = floatOfBytes.get(value);
    if (number != null && to.isFloating()) {
      return number;
    }
    Held now = of(value);
    ElementType from = value.elementType();
    boolean asItIs =
        switch (now.fidelity()) {
          case EXACT -> true;
          case ROUNDED -> to == ElementType.FLOAT32 || to == ElementType.FLOAT64;
          case BEFORE_CAST ->
              from == to || (from.isInteger() && to.isInteger() && to.bits() <= from.bits());
        };
    return asItIs ? now.value() : exact(value);
  }

  /** For an output of the model, which is cast to its type outside. */
  Value outgoing(Value value, Location place) {
    checkFinite(value);
    Held now = of(value);
    if (now.fidelity() == Fidelity.ROUNDED) {
      try {
        narrowing.require(value.elementType());
      } catch (TenrecException e) {
        throw e.at(place);
      }
    }
    return now.value();
  }

  /** The numbers of a value. */
  Value exact(Value value) {
    Held now = of(value);
    if (now.isExact()) {
      return now.value();
    }
    ElementType type = value.elementType();
    if (type == ElementType.FLOAT64 || type == ElementType.UINT64) {
      narrowing.require(type);
      return now.value();
    }
    if (!type.isInteger()) {
      throw new TenrecException(ErrorCode.UNSUPPORTED, "TensorRT does not round to " + type.text())
          .advise("round to it at the outputs of the model only");
    }
    Value wrapped = wrapped(now.value(), type);
    putExact(value, wrapped);
    return wrapped;
  }

  /** The number of the type that has the same low bits. */
  private Value wrapped(Value x, ElementType type) {
    Value count = Terms.number(x, 1L << type.bits());
    if (type.kind() == ElementType.Kind.UNSIGNED) {
      return binary(BinaryKind.MOD, x, count);
    }
    Value half = Terms.number(x, 1L << (type.bits() - 1));
    return binary(
        BinaryKind.SUB, binary(BinaryKind.MOD, binary(BinaryKind.ADD, x, half), count), half);
  }

  private Value binary(BinaryKind kind, Value a, Value b) {
    return builder.add(Node.of(new Binary(kind, a, b)), location).result();
  }

  private Value cast(Value x, ElementType to) {
    return builder.add(Node.of(new Cast(x, to)), location).result();
  }

  /** The least that can be said of all of some values. */
  Fidelity worst(List<Value> values) {
    return values.stream()
        .filter(value -> !TargetTypes.has(value.elementType()))
        .map(value -> of(value).fidelity())
        .reduce(Fidelity.EXACT, (a, b) -> a.compareTo(b) > 0 ? a : b);
  }

  /** Notes a result of an operation on other types. */
  void putResult(Value value, Value now, Op op, Effect effect, Fidelity operands) {
    ElementType type = value.elementType();
    if (type.isInteger()) {
      Value limited = limited(now, type, op);
      putInteger(value, limited, ranges.of(limited));
    } else if (effect == Effect.MOVES) {
      put(value, now, operands);
    } else {
      boolean exact = type == ElementType.FLOAT64 || effect.isExact();
      put(value, now, exact ? Fidelity.EXACT : Fidelity.BEFORE_CAST);
    }
  }

  /** The largest and smallest element of nothing is a limit of the type. */
  private Value limited(Value now, ElementType type, Op op) {
    if (op instanceof Reduce(ReduceKind kind, Value _, _, _) && !ranges.of(now).isIn(type)) {
      IntegerRange range = IntegerRange.of(type);
      return switch (kind) {
        case MAX -> binary(BinaryKind.MAX, now, Terms.number(now, range.low()));
        case MIN -> binary(BinaryKind.MIN, now, Terms.number(now, range.high()));
        default -> now;
      };
    }
    return now;
  }

  /**
   * Notes the result of a cast.
   *
   * @param x what the model casts
   * @param source what is cast instead
   */
  void putCast(Value value, Value now, Value x, Value source) {
    ElementType from = x.elementType();
    ElementType to = value.elementType();
    if (to.isInteger()) {
      if (to == ElementType.UINT64 && from.isFloating()) {
        narrowing.require(to);
        putExact(value, now);
      } else {
        putInteger(value, now, ranges.of(now));
      }
    } else if (!TargetTypes.has(from) && from == to) {
      put(value, now, of(x).fidelity());
    } else {
      put(value, now, fidelity(x, source, to));
    }
  }

  /** Of numbers cast to float64, or to a type of 8 bits or less. */
  private Fidelity fidelity(Value x, Value source, ElementType to) {
    ElementType from = x.elementType();
    boolean fits = from != ElementType.FLOAT64;
    if (source.elementType().isInteger()) {
      fits = ranges.of(source).magnitude() <= FLOAT_INTEGERS;
    }
    if (to == ElementType.FLOAT64) {
      if (!fits && from.bits() > 32) {
        narrowing.require(to);
      }
      return fits ? Fidelity.EXACT : rounded();
    }
    if (!fits && !(from == ElementType.FLOAT64 && of(x).isExact())) {
      narrowing.require(ElementType.FLOAT64);
    }
    return Fidelity.BEFORE_CAST;
  }
}
