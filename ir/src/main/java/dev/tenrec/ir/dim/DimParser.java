package dev.tenrec.ir.dim;

import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import java.util.function.BinaryOperator;

/**
 * Reads dimension expressions: {@code sum = product {("+"|"-") product}}, {@code product = unary
 * {("*"|"/") unary}}, {@code unary = {"-"} (number | name | "?" | "(" sum ")" | function)}.
 */
final class DimParser {
  private static final int MAX_DEPTH = 64;
  private final String text;
  private int position;
  private int depth;

  DimParser(String text) {
    this.text = text;
  }

  Dim parse() {
    Dim result = sum();
    if (peek() != 0) {
      throw error("unexpected '" + peek() + "'");
    }
    return result;
  }

  private Dim sum() {
    if (++depth > MAX_DEPTH) {
      throw error("nested too deeply");
    }
    Dim result = product();
    while (peek() == '+' || peek() == '-') {
      result = take() == '+' ? result.plus(product()) : result.minus(product());
    }
    depth--;
    return result;
  }

  private Dim product() {
    Dim result = unary();
    while (peek() == '*' || peek() == '/') {
      result = take() == '*' ? result.times(unary()) : result.dividedBy(unary());
    }
    return result;
  }

  private Dim unary() {
    boolean negative = false;
    while (peek() == '-') {
      take();
      negative = !negative;
    }
    Dim atom = atom();
    return negative ? Fixed.ZERO.minus(atom) : atom;
  }

  private Dim atom() {
    char next = peek();
    if (next == '(') {
      take();
      Dim inner = sum();
      expect(')');
      return inner;
    }
    if (next == '?') {
      take();
      return Symbol.fresh();
    }
    if (next == '\'') {
      take();
      return Dim.symbol(quoted());
    }
    return Character.isDigit(next) ? number() : name();
  }

  /** A name up to its closing quote; a backslash takes the next character as it is. */
  private String quoted() {
    StringBuilder name = new StringBuilder();
    for (; position < text.length() && text.charAt(position) != '\''; position++) {
      char next = text.charAt(position);
      if (next == '\\' && position + 1 < text.length()) {
        position++;
        next = text.charAt(position) == 'n' ? '\n' : text.charAt(position);
      }
      name.append(next);
    }
    expect('\'');
    return name.toString();
  }

  private Dim number() {
    int start = position;
    while (position < text.length() && Character.isDigit(text.charAt(position))) {
      position++;
    }
    try {
      return Dim.of(Long.parseLong(text, start, position, 10));
    } catch (NumberFormatException _) {
      throw error("the number is too large");
    }
  }

  private Dim name() {
    int start = position;
    while (position < text.length()
        && (Character.isLetterOrDigit(text.charAt(position))
            || "_.".indexOf(text.charAt(position)) >= 0)) {
      position++;
    }
    String name = text.substring(start, position);
    if (name.isEmpty()) {
      throw error("expected a number, a name or '('");
    }
    return peek() == '(' ? call(name) : Dim.symbol(name);
  }

  private Dim call(String function) {
    BinaryOperator<Dim> operator =
        switch (function) {
          case "max" -> Dim::max;
          case "min" -> Dim::min;
          case "broadcast" -> Dim::broadcast;
          default -> throw error("unknown function '" + function + "'");
        };
    expect('(');
    Dim a = sum();
    expect(',');
    Dim b = sum();
    expect(')');
    return operator.apply(a, b);
  }

  private char peek() {
    while (position < text.length() && text.charAt(position) == ' ') {
      position++;
    }
    return position < text.length() ? text.charAt(position) : 0;
  }

  private char take() {
    char next = peek();
    position++;
    return next;
  }

  private void expect(char wanted) {
    if (take() != wanted) {
      position--;
      throw error("expected '" + wanted + "'");
    }
  }

  private TenrecException error(String problem) {
    return new TenrecException(
        ErrorCode.INVALID_MODEL,
        "dimension '%s', column %d: %s".formatted(text, position, problem));
  }
}
