package dev.tenrec.ir.text;

import com.google.common.base.CaseFormat;
import com.google.common.collect.Iterables;
import com.google.common.primitives.ImmutableLongArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The name of an operation and those of its attributes that differ from their defaults. */
final class OpText {
  private final String name;
  private final List<String> attributes = new ArrayList<>();

  private OpText(String name) {
    this.name = name;
  }

  static OpText op(String name) {
    return new OpText(name);
  }

  /** A name made from a kind: {@code LOG_SUM_EXP} becomes {@code LogSumExp}. */
  static String camel(Enum<?> kind) {
    return CaseFormat.UPPER_UNDERSCORE.to(CaseFormat.UPPER_CAMEL, kind.name());
  }

  OpText with(String attribute, Object value) {
    attributes.add(attribute + "=" + literal(value));
    return this;
  }

  OpText with(String attribute, Object value, Object standard) {
    return value.equals(standard) ? this : with(attribute, value);
  }

  private static String literal(Object value) {
    return switch (value) {
      case Enum<?> kind -> kind.name().toLowerCase(Locale.ROOT);
      case ImmutableLongArray longs -> longs.toString().replace(" ", "");
      case Iterable<?> list ->
          "[" + String.join(",", Iterables.transform(list, OpText::literal)) + "]";
      default -> value.toString();
    };
  }

  @Override
  public String toString() {
    return name + (attributes.isEmpty() ? "" : "<" + String.join(", ", attributes) + ">");
  }
}
