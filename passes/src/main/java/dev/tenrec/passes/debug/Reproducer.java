package dev.tenrec.passes.debug;

import com.google.common.base.Splitter;
import com.google.common.primitives.Longs;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.ir.text.GraphPrinter;
import dev.tenrec.passes.KnownPasses;
import dev.tenrec.passes.PassContext;
import dev.tenrec.passes.Pipeline;
import dev.tenrec.passes.RewriteListener;
import dev.tenrec.passes.VerifyEach;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that it takes to see a pass fail again, as one text.
 *
 * @param versions of Tenrec and Java with which it failed
 * @param pipeline the text of the passes
 * @param maxRewrites how many rewrites they may do
 * @param problem what went wrong
 * @param graph what they are given
 */
public record Reproducer(
    String versions, String pipeline, long maxRewrites, String problem, Graph graph) {
  private static final String TITLE = "tenrec reproducer 1";

  /** The reproducer of a pass that failed. */
  public static Reproducer of(Bisection.Culprit culprit, String tenrecVersion) {
    return new Reproducer(
        "%s, Java %s".formatted(tenrecVersion, Runtime.version()),
        Pipeline.of(culprit.pass()).toString(),
        culprit.rewrites(),
        culprit.problem(),
        culprit.given());
  }

  /** The text that {@link #parse} reads back. */
  public String text() {
    return """
    %s
    versions: %s
    pipeline: %s
    max-rewrites: %d
    problem: %s

    %s\
    """
        .formatted(
            TITLE,
            line(versions),
            line(pipeline),
            maxRewrites,
            line(problem),
            GraphPrinter.print(graph));
  }

  private static String line(String text) {
    return text.replaceAll("\\s*\\R\\s*", " ").strip();
  }

  /**
   * Reads a text.
   *
   * @throws TenrecException if it is no reproducer
   */
  public static Reproducer parse(String text) {
    List<String> parts = Splitter.on("\n\n").limit(2).splitToList(text.replace("\r\n", "\n"));
    if (parts.size() < 2 || !parts.getFirst().startsWith(TITLE + "\n")) {
      throw new TenrecException(
          ErrorCode.INVALID_ARGUMENT, "the text is no reproducer: it does not begin with " + TITLE);
    }
    Map<String, String> fields = new HashMap<>();
    for (String line : Splitter.on('\n').split(parts.getFirst())) {
      List<String> field = Splitter.on(": ").limit(2).splitToList(line);
      fields.put(field.getFirst(), field.getLast());
    }
    String rewrites = field(fields, "max-rewrites");
    return new Reproducer(
        field(fields, "versions"),
        field(fields, "pipeline"),
        Optional.ofNullable(Longs.tryParse(rewrites)).orElseThrow(() -> missing("max-rewrites")),
        field(fields, "problem"),
        GraphParser.parse(parts.getLast()));
  }

  private static String field(Map<String, String> fields, String name) {
    String field = fields.get(name);
    if (field == null) {
      throw missing(name);
    }
    return field;
  }

  private static TenrecException missing(String name) {
    return new TenrecException(
        ErrorCode.INVALID_ARGUMENT, "the reproducer lacks the line '%s: ...'".formatted(name));
  }

  /** What goes wrong now; empty if nothing does any more. */
  public Optional<String> replay(KnownPasses known) {
    PassContext context = new PassContext(maxRewrites, RewriteListener.SILENT);
    Pipeline passes = known.parse(pipeline);
    try {
      passes.run(graph, context, new VerifyEach());
      return Optional.empty();
    } catch (RuntimeException e) {
      return Optional.of(Bisection.describe(e));
    }
  }
}
