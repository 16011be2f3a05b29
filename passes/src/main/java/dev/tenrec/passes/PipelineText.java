package dev.tenrec.passes;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Reads and writes pipelines as text: names of passes, separated by commas, each with its options
 * in parentheses. A word with other characters than {@code , ( ) = " \} and white space stands as
 * it is; any other stands in quotes, in which a backslash takes the next character literally.
 */
final class PipelineText {
  private static final String SPECIAL = ",()=\"\\";
  private final String text;
  private int next;

  private PipelineText(String text) {
    this.text = text;
  }

  /** One pass in the text. */
  record Element(String name, ImmutableMap<String, String> options) {}

  static ImmutableList<Element> parse(String text) {
    return new PipelineText(text).elements();
  }

  static String print(Pass pass) {
    String options =
        pass.options().entrySet().stream()
            .map(option -> written(option.getKey()) + "=" + written(option.getValue()))
            .collect(Collectors.joining(","));
    return written(pass.name()) + (options.isEmpty() ? "" : "(" + options + ")");
  }

  private static String written(String word) {
    return !word.isEmpty() && word.chars().allMatch(PipelineText::isPlain)
        ? word
        : '"' + word.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static boolean isPlain(int character) {
    return SPECIAL.indexOf(character) < 0 && !Character.isWhitespace(character);
  }

  private ImmutableList<Element> elements() {
    ImmutableList.Builder<Element> elements = ImmutableList.builder();
    if (atEnd()) {
      return ImmutableList.of();
    }
    do {
      elements.add(new Element(word("the name of a pass"), takes('(') ? options() : noOptions()));
    } while (takes(','));
    if (!atEnd()) {
      throw expected("',' or the end");
    }
    return elements.build();
  }

  private static ImmutableMap<String, String> noOptions() {
    return ImmutableMap.of();
  }

  private ImmutableMap<String, String> options() {
    Map<String, String> options = new LinkedHashMap<>();
    if (takes(')')) {
      return ImmutableMap.of();
    }
    do {
      String name = word("the name of an option");
      if (!takes('=')) {
        throw expected("'='");
      }
      if (options.put(name, word("a value")) != null) {
        throw error("option '%s' is given twice".formatted(name));
      }
    } while (takes(','));
    if (!takes(')')) {
      throw expected("',' or ')'");
    }
    return ImmutableMap.copyOf(options);
  }

  private String word(String what) {
    if (takes('"')) {
      return quoted();
    }
    int start = next;
    while (next < text.length() && isPlain(text.charAt(next))) {
      next++;
    }
    if (next == start) {
      throw expected(what);
    }
    return text.substring(start, next);
  }

  private String quoted() {
    StringBuilder word = new StringBuilder();
    while (next < text.length() && text.charAt(next) != '"') {
      if (text.charAt(next) == '\\' && next + 1 < text.length()) {
        next++;
      }
      word.append(text.charAt(next++));
    }
    if (!takes('"')) {
      throw expected("'\"'");
    }
    return word.toString();
  }

  private boolean atEnd() {
    while (next < text.length() && Character.isWhitespace(text.charAt(next))) {
      next++;
    }
    return next == text.length();
  }

  private boolean takes(char wanted) {
    if (atEnd() || text.charAt(next) != wanted) {
      return false;
    }
    next++;
    return true;
  }

  private TenrecException expected(String what) {
    return error("%s is expected at character %d".formatted(what, next + 1));
  }

  private TenrecException error(String problem) {
    return new TenrecException(
            ErrorCode.INVALID_ARGUMENT, "pipeline '%s': %s".formatted(text, problem))
        .advise("a pipeline looks like fold,fuse(only=gelu|silu),my-pass(k=3)");
  }
}
