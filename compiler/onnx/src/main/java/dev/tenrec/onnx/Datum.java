package dev.tenrec.onnx;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Value;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What a name in a model stands for. The IR has tensors only: how long a sequence is, and whether
 * an optional value is there, is decided by the import.
 */
sealed interface Datum {
  record OfTensor(Value value) implements Datum {}

  record Sequence(ImmutableList<Datum> elements) implements Datum {}

  /** A value that may be missing. */
  record Maybe(Optional<Datum> content) implements Datum {}

  static Datum of(Value value) {
    return new OfTensor(value);
  }

  static Datum sequence(Stream<Datum> elements) {
    return new Sequence(elements.collect(ImmutableList.toImmutableList()));
  }

  /** The tensor that this is, if it is one. */
  default Optional<Value> tensor() {
    return this instanceof OfTensor(Value value) ? Optional.of(value) : Optional.empty();
  }

  /** All tensors within. */
  default Stream<Value> tensors() {
    return switch (this) {
      case OfTensor(Value value) -> Stream.of(value);
      case Sequence(var elements) -> elements.stream().flatMap(Datum::tensors);
      case Maybe(var content) -> content.stream().flatMap(Datum::tensors);
    };
  }

  /** The same with other tensors. */
  default Datum map(Function<Value, Value> change) {
    return switch (this) {
      case OfTensor(Value value) -> of(change.apply(value));
      case Sequence(var elements) -> sequence(elements.stream().map(e -> e.map(change)));
      case Maybe(var content) -> new Maybe(content.map(c -> c.map(change)));
    };
  }

  /** The same with the next tensors of an iteration in the place of its own. */
  default Datum with(Iterator<Value> others) {
    return map(_ -> others.next());
  }

  /** Whether another one differs in nothing but the tensors. */
  default boolean hasFormOf(Datum other) {
    return switch (this) {
      case OfTensor _ -> other instanceof OfTensor;
      case Sequence(var elements) ->
          other instanceof Sequence(var others)
              && elements.size() == others.size()
              && Stream.iterate(0, i -> i < elements.size(), i -> i + 1)
                  .allMatch(i -> elements.get(i).hasFormOf(others.get(i)));
      case Maybe(var content) ->
          other instanceof Maybe(var otherContent)
              && content.isPresent() == otherContent.isPresent()
              && (content.isEmpty() || content.get().hasFormOf(otherContent.orElseThrow()));
    };
  }

  /** What it is, for errors. */
  default String describe() {
    return switch (this) {
      case OfTensor(Value value) -> value.type().toString();
      case Sequence(var elements) -> "a sequence of length " + elements.size();
      case Maybe _ -> "an optional value";
    };
  }
}
