package dev.tenrec.ir.text;

import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import java.util.Arrays;

/** Splits text into names, numbers, quoted names and single characters. */
final class Lexer {
  enum Kind {
    NAME,
    NUMBER,
    QUOTED,
    SIGN,
    END
  }

  record Token(Kind kind, String text) {}

  private final String text;
  private int position;
  private Token token;

  Lexer(String text) {
    this.text = text;
    this.token = read();
  }

  Token next() {
    Token taken = token;
    token = read();
    return taken;
  }

  boolean peek(String sign) {
    return token.kind() == Kind.SIGN && token.text().equals(sign);
  }

  boolean take(String sign) {
    boolean there = peek(sign);
    if (there) {
      next();
    }
    return there;
  }

  void expect(String sign) {
    if (!take(sign)) {
      throw error("expected '%s', found '%s'".formatted(sign, token.text()));
    }
  }

  void expectEnd() {
    if (token.kind() != Kind.END) {
      throw error("expected the end, found '%s'".formatted(token.text()));
    }
  }

  String name() {
    if (token.kind() != Kind.NAME && token.kind() != Kind.QUOTED) {
      throw error("expected a name, found '%s'".formatted(token.text()));
    }
    return next().text();
  }

  /** A name or a number with its sign. */
  String word() {
    String sign = take("-") ? "-" : "";
    if (token.kind() != Kind.NAME && token.kind() != Kind.NUMBER) {
      throw error("expected a number or a name, found '%s'".formatted(token.text()));
    }
    return sign + next().text();
  }

  ElementType elementType() {
    String name = name();
    return Arrays.stream(ElementType.values())
        .filter(type -> type.text().equals(name))
        .findFirst()
        .orElseThrow(() -> error("'%s' is not an element type".formatted(name)));
  }

  int line() {
    return (int) text.substring(0, Math.min(position, text.length())).lines().count();
  }

  TenrecException error(String problem) {
    int end = Math.min(position, text.length());
    int column = end - text.lastIndexOf('\n', Math.max(0, end - 1));
    return new TenrecException(
        ErrorCode.INVALID_MODEL, "line %d, column %d: %s".formatted(line(), column, problem));
  }

  private Token read() {
    skipSpace();
    if (position == text.length()) {
      return new Token(Kind.END, "the end");
    }
    char first = text.charAt(position);
    if (first == '"' || first == '\'') {
      return quoted(first);
    }
    int start = position;
    if (Character.isDigit(first)) {
      position++;
      while (position < text.length() && continuesNumber()) {
        position++;
      }
      return new Token(Kind.NUMBER, text.substring(start, position));
    }
    while (position < text.length() && isNamePart(text.charAt(position))) {
      position++;
    }
    if (position > start) {
      return new Token(Kind.NAME, text.substring(start, position));
    }
    position++;
    return new Token(Kind.SIGN, text.substring(start, position));
  }

  private boolean continuesNumber() {
    char c = text.charAt(position);
    boolean exponentSign = (c == '-' || c == '+') && "eE".indexOf(text.charAt(position - 1)) >= 0;
    return Character.isDigit(c) || c == '.' || c == 'e' || c == 'E' || exponentSign;
  }

  private static boolean isNamePart(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '.';
  }

  private void skipSpace() {
    while (position < text.length()) {
      char c = text.charAt(position);
      if (c == '#') {
        int end = text.indexOf('\n', position);
        position = end < 0 ? text.length() : end;
      } else if (Character.isWhitespace(c)) {
        position++;
      } else {
        return;
      }
    }
  }

  private Token quoted(char quote) {
    StringBuilder name = new StringBuilder();
    position++;
    while (position < text.length() && text.charAt(position) != quote) {
      char c = text.charAt(position++);
      if (c == '\\' && position < text.length()) {
        char escaped = text.charAt(position++);
        c = escaped == 'n' ? '\n' : escaped;
      }
      name.append(c);
    }
    if (position == text.length()) {
      throw error("missing closing quote");
    }
    position++;
    return new Token(Kind.QUOTED, name.toString());
  }
}
