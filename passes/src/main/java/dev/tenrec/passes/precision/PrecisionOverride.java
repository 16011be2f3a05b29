package dev.tenrec.passes.precision;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.Location;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.text.ValueNames;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A user's wish: {@code name:/layer1/*=fp32}, {@code op:MatMul=bf16}, {@code
 * location:*resnet*=fp32}.
 *
 * @param subject what of an operation the pattern is compared with
 * @param pattern where {@code *} stands for any characters, and {@code ?} for one
 * @param type float32, float16 or bfloat16
 */
public record PrecisionOverride(Subject subject, String pattern, ElementType type) {
  private static final ImmutableMap<String, ElementType> TYPES =
      ImmutableMap.of(
          "fp32", ElementType.FLOAT32, "fp16", ElementType.FLOAT16, "bf16", ElementType.BFLOAT16);

  /** What a pattern is compared with. */
  public enum Subject {
    /** The names of results, and of the nodes of the model that an operation comes from. */
    NAME,
    /** Where in the model an operation comes from, with what the exporter says of it. */
    LOCATION,
    /** The kind of operation, as tables of decisions have it; in any case. */
    OP
  }

  /** A wish about the operations of a name. */
  public static PrecisionOverride named(String name, ElementType type) {
    return new PrecisionOverride(Subject.NAME, name, type);
  }

  /**
   * Reads an override as users write it.
   *
   * @throws TenrecException with {@code INVALID_ARGUMENT} if it is none
   */
  public static PrecisionOverride parse(String text) {
    int colon = text.indexOf(':');
    int equals = text.lastIndexOf('=');
    if (colon < 0 || equals < colon) {
      throw invalid("'%s' is no override".formatted(text));
    }
    return of(
        text.substring(0, colon), text.substring(colon + 1, equals), text.substring(equals + 1));
  }

  /** An override of parts as users write them. */
  public static PrecisionOverride of(String subject, String pattern, String precision) {
    ElementType type = TYPES.get(precision);
    if (type == null) {
      throw invalid("'%s' is none of %s".formatted(precision, TYPES.keySet()));
    }
    return Stream.of(Subject.values())
        .filter(known -> known.name().toLowerCase(Locale.ROOT).equals(subject))
        .findFirst()
        .map(known -> new PrecisionOverride(known, pattern, type))
        .orElseThrow(() -> invalid("'%s' is none of name, location, op".formatted(subject)));
  }

  private static TenrecException invalid(String problem) {
    return new TenrecException(ErrorCode.INVALID_ARGUMENT, problem)
        .advise("write name:PATTERN=PRECISION, op:KIND=PRECISION or location:PATTERN=PRECISION");
  }

  /**
   * Whether this is about an operation.
   *
   * @param names of the values of the graph
   */
  public boolean matches(Node node, ValueNames names) {
    return switch (subject) {
      case NAME ->
          Stream.concat(
                  node.results().stream().flatMap(value -> names(value, names)),
                  parts(node.location()).map(Location::label))
              .anyMatch(matcher(0));
      case LOCATION -> parts(node.location()).map(Location::describe).anyMatch(matcher(0));
      case OP ->
          Stream.of(PrecisionPlan.label(node.op()), node.op().getClass().getSimpleName())
              .anyMatch(matcher(Pattern.CASE_INSENSITIVE));
    };
  }

  private static Stream<String> names(Value value, ValueNames names) {
    return Stream.of(names.of(value), value.name());
  }

  private static Stream<Location> parts(Location location) {
    return location instanceof Location.Fused fused
        ? Stream.concat(fused.parts().stream(), Stream.of(location))
        : Stream.of(location);
  }

  private Predicate<String> matcher(int flags) {
    if (flags == 0 && pattern.chars().noneMatch(c -> c == '*' || c == '?')) {
      return pattern::equals;
    }
    return Pattern.compile(regex(), flags | Pattern.DOTALL).asMatchPredicate();
  }

  /** Takes each part where it is first found and never goes back, as stars allow. */
  private String regex() {
    List<String> parts =
        Splitter.on('*').splitToStream(pattern).map(PrecisionOverride::literal).toList();
    return parts.size() == 1
        ? parts.getFirst()
        : parts.subList(1, parts.size() - 1).stream()
            .map("(?>.*?%s)"::formatted)
            .collect(Collectors.joining("", parts.getFirst(), ".*" + parts.getLast()));
  }

  private static String literal(String part) {
    return part.codePoints()
        .mapToObj(c -> c == '?' ? "." : Pattern.quote(Character.toString(c)))
        .collect(Collectors.joining());
  }

  /** The type as users write it. */
  public String precision() {
    return TYPES.entrySet().stream()
        .filter(entry -> entry.getValue() == type)
        .map(entry -> entry.getKey())
        .findFirst()
        .orElse(type.text());
  }

  @Override
  public String toString() {
    return "%s:%s=%s".formatted(subject.name().toLowerCase(Locale.ROOT), pattern, precision());
  }
}
