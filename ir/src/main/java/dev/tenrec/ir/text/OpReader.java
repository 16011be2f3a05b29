package dev.tenrec.ir.text;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One operation as written, with typed access to its operands and attributes. */
final class OpReader {
  private final Lexer lexer;
  private final String name;
  private final ImmutableList<Value> operands;
  private final Map<String, Literal> attributes;
  private final Set<String> unread;
  private int operandsRead;

  OpReader(
      Lexer lexer, String name, ImmutableList<Value> operands, Map<String, Literal> attributes) {
    this.lexer = lexer;
    this.name = name;
    this.operands = operands;
    this.attributes = attributes;
    this.unread = new HashSet<>(attributes.keySet());
  }

  String name() {
    return name;
  }

  dev.tenrec.ir.diagnostic.TenrecException error(String problem) {
    return lexer.error(name + ": " + problem);
  }

  /** Fails if something was written that the operation does not have. */
  void expectAllRead() {
    if (!unread.isEmpty()) {
      throw error("there is no attribute '%s'".formatted(unread.iterator().next()));
    }
    if (operandsRead < operands.size()) {
      throw error("takes %d operands, not %d".formatted(operandsRead, operands.size()));
    }
  }

  /** The next operand. */
  Value operand() {
    if (operandsRead == operands.size()) {
      throw error("takes more than %d operands".formatted(operands.size()));
    }
    return operands.get(operandsRead++);
  }

  Optional<Value> optionalOperand() {
    return operandsRead < operands.size() ? Optional.of(operand()) : Optional.empty();
  }

  /** All operands that are left. */
  ImmutableList<Value> remainingOperands() {
    ImmutableList<Value> rest = operands.subList(operandsRead, operands.size());
    operandsRead = operands.size();
    return rest;
  }

  private @Nullable Literal attribute(String attribute) {
    unread.remove(attribute);
    return attributes.get(attribute);
  }

  private Optional<List<String>> words(String attribute) {
    return switch (attribute(attribute)) {
      case null -> Optional.empty();
      case Literal.Words(var words) -> Optional.of(words);
      case Literal.Dims _, Literal.Elements _, Literal.Nested _ ->
          throw error("attribute '%s' must be a number or a name".formatted(attribute));
    };
  }

  private <T> Optional<T> word(String attribute, Function<String, T> reader) {
    return words(attribute)
        .map(words -> {
          if (words.size() != 1) {
            throw error("attribute '%s' must be one value".formatted(attribute));
          }
          return converted(attribute, words.getFirst(), reader);
        });
  }

  private <T> T converted(String attribute, String word, Function<String, T> reader) {
    try {
      return reader.apply(word);
    } catch (IllegalArgumentException _) {
      throw error("attribute '%s' cannot be '%s'".formatted(attribute, word));
    }
  }

  private <T> T required(String attribute, Optional<T> value) {
    return value.orElseThrow(() -> error("attribute '%s' is missing".formatted(attribute)));
  }

  int integer(String attribute) {
    return required(attribute, word(attribute, Integer::valueOf));
  }

  long integer(String attribute, long standard) {
    return word(attribute, Long::valueOf).orElse(standard);
  }

  double number(String attribute) {
    return required(attribute, word(attribute, Double::valueOf));
  }

  double number(String attribute, double standard) {
    return word(attribute, Double::valueOf).orElse(standard);
  }

  boolean flag(String attribute, boolean standard) {
    return word(
            attribute,
            word ->
                switch (word) {
                  case "true" -> true;
                  case "false" -> false;
                  default -> throw new IllegalArgumentException(word);
                })
        .orElse(standard);
  }

  <E extends Enum<E>> E kind(String attribute, Class<E> type) {
    return required(attribute, optionalKind(attribute, type));
  }

  <E extends Enum<E>> E kind(String attribute, E standard) {
    return optionalKind(attribute, standard.getDeclaringClass()).orElse(standard);
  }

  <E extends Enum<E>> Optional<E> optionalKind(String attribute, Class<E> type) {
    return word(
        attribute, word -> Enum.valueOf(type, com.google.common.base.Ascii.toUpperCase(word)));
  }

  ElementType elementType(String attribute) {
    return required(
        attribute,
        word(
            attribute,
            word ->
                Arrays.stream(ElementType.values())
                    .filter(type -> type.text().equals(word))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(word))));
  }

  ImmutableLongArray longs(String attribute, ImmutableLongArray standard) {
    return words(attribute)
        .map(words ->
            ImmutableLongArray.copyOf(
                words.stream().mapToLong(w -> converted(attribute, w, Long::valueOf))))
        .orElse(standard);
  }

  ImmutableList<Integer> integers(String attribute) {
    return required(attribute, words(attribute)).stream()
        .map(word -> converted(attribute, word, Integer::valueOf))
        .collect(ImmutableList.toImmutableList());
  }

  Optional<ImmutableDoubleArray> numbers(String attribute) {
    return words(attribute)
        .map(words ->
            ImmutableDoubleArray.copyOf(
                words.stream().mapToDouble(w -> converted(attribute, w, Double::valueOf))));
  }

  Tensor tensor(String attribute) {
    return attribute(attribute) instanceof Literal.Elements(Tensor tensor)
        ? tensor
        : required(attribute, Optional.empty());
  }

  Graph graph(String attribute) {
    return attribute(attribute) instanceof Literal.Nested(Graph graph)
        ? graph
        : required(attribute, Optional.empty());
  }

  ImmutableList<Dim> dims(String attribute) {
    return attribute(attribute) instanceof Literal.Dims(var dims)
        ? ImmutableList.copyOf(dims)
        : required(attribute, Optional.empty());
  }
}
