package dev.tenrec.tensorrt;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Iterables;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.dim.Broadcast;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.dim.Extremum;
import dev.tenrec.ir.dim.Fixed;
import dev.tenrec.ir.dim.Product;
import dev.tenrec.ir.dim.Quotient;
import dev.tenrec.ir.dim.Sum;
import dev.tenrec.ir.dim.Symbol;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.tensorrt.layer.NetworkTensor;
import dev.tenrec.tensorrt.layer.PointwiseLayer.ElementWiseOperation;
import dev.tenrec.tensorrt.layer.SourceLayer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Computes sizes inside of the network, each expression once. TensorRT evaluates these layers on
 * the host before a run. All tensors here are int64 of rank 1.
 */
final class SizeArithmetic {
  private record Place(NetworkTensor tensor, int axis) {}

  private final Scope scope;
  private final Map<Symbol, Place> places = new HashMap<>();
  private final Map<NetworkTensor, NetworkTensor> shapes = new HashMap<>();
  private final Map<Dim, NetworkTensor> computed = new HashMap<>();
  private final Map<List<Dim>, NetworkTensor> vectors = new HashMap<>();

  SizeArithmetic(Scope scope) {
    this.scope = scope;
  }

  /** Remembers where symbols can be read that were nowhere to be read before. */
  void learn(Shape shape, NetworkTensor tensor) {
    for (int axis = 0; axis < shape.rank(); axis++) {
      if (shape.dim(axis) instanceof Symbol symbol) {
        places.putIfAbsent(symbol, new Place(tensor, axis));
      }
    }
  }

  boolean isComputable(Dim dim) {
    return places.keySet().containsAll(dim.symbols());
  }

  NetworkTensor shape(NetworkTensor x) {
    return shapes.computeIfAbsent(x, tensor -> scope.add(new SourceLayer.Shape(tensor)));
  }

  /** The vector of some sizes. */
  NetworkTensor tensor(List<Dim> dims) {
    NetworkTensor known = vectors.get(dims);
    if (known == null) {
      known = concatenated(dims);
      vectors.put(ImmutableList.copyOf(dims), known);
    }
    return known;
  }

  private NetworkTensor concatenated(List<Dim> dims) {
    ImmutableList.Builder<NetworkTensor> parts = ImmutableList.builder();
    List<Long> constants = new ArrayList<>();
    for (Dim dim : dims) {
      if (dim instanceof Fixed(long number)) {
        constants.add(number);
      } else {
        flush(constants, parts);
        parts.add(vector(dim));
      }
    }
    if (!constants.isEmpty() || dims.isEmpty()) {
      parts.add(constant(constants));
    }
    return scope.concat(parts.build());
  }

  private void flush(List<Long> constants, ImmutableList.Builder<NetworkTensor> parts) {
    if (!constants.isEmpty()) {
      parts.add(constant(constants));
      constants.clear();
    }
  }

  private NetworkTensor constant(List<Long> entries) {
    return scope.constant(Tensor.ofLongs(entries.stream().mapToLong(Long::longValue).toArray()));
  }

  /** One size, as a scalar. */
  NetworkTensor scalar(Dim dim) {
    return dim instanceof Fixed(long number)
        ? scope.constant(Tensor.ofLongs(ElementType.INT64, ImmutableLongArray.of(), _ -> number))
        : scope.squeeze(vector(dim), List.of(0));
  }

  /** One size, as a vector of length 1. */
  private NetworkTensor vector(Dim dim) {
    NetworkTensor known = computed.get(dim);
    if (known == null) {
      known = compute(dim);
      computed.put(dim, known);
    }
    return known;
  }

  private NetworkTensor compute(Dim dim) {
    return switch (dim) {
      case Fixed(long number) -> constant(List.of(number));
      case Symbol symbol -> read(symbol);
      case Sum(var terms) -> fold(ElementWiseOperation.SUM, terms);
      case Product(long coefficient, var factors) ->
          fold(
              ElementWiseOperation.PROD,
              coefficient == 1 ? factors : Iterables.concat(factors, List.of(Dim.of(coefficient))));
      case Quotient(var numerator, var denominator) ->
          fold(ElementWiseOperation.FLOOR_DIV, List.of(numerator, denominator));
      case Extremum(var kind, var a, var b) ->
          fold(
              kind == Extremum.Kind.MAX ? ElementWiseOperation.MAX : ElementWiseOperation.MIN,
              List.of(a, b));
      case Broadcast(var a, var b) -> {
        NetworkTensor one = scope.binary(ElementWiseOperation.EQUAL, vector(a), vector(Fixed.ONE));
        yield scope.select(one, vector(b), vector(a));
      }
    };
  }

  private NetworkTensor fold(ElementWiseOperation operation, Iterable<Dim> operands) {
    Optional<NetworkTensor> result = Optional.empty();
    for (Dim operand : operands) {
      NetworkTensor next = vector(operand);
      result = Optional.of(result.map(r -> scope.binary(operation, r, next)).orElse(next));
    }
    return result.orElseThrow();
  }

  private NetworkTensor read(Symbol symbol) {
    Place place = places.get(symbol);
    if (place == null) {
      throw new TenrecException(
              ErrorCode.UNSUPPORTED, "size %s cannot be read from any tensor".formatted(symbol))
          .advise("give the model's dynamic dimensions names, or fix them");
    }
    return scope.part(shape(place.tensor()), place.axis(), 1);
  }
}
