package dev.tenrec.compiler.report;

import com.google.common.collect.Range;
import dev.tenrec.passes.check.CheckReport;
import dev.tenrec.passes.check.Difference;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a check found about a pass.
 *
 * @param check what was checked, for example {@code outputs}
 * @param passed whether the pass passed
 * @param text the finding in words, for example the largest difference; may have several lines
 */
public record Evidence(String check, boolean passed, String text) {

  /**
   * What the interpreter computed before and after a pass, and at each of its rewrites.
   *
   * @param numbers the rewrites of this pass, as the report counts them
   */
  static Evidence of(CheckReport.PassRow row, Range<Long> numbers, CheckReport checks) {
    List<CheckReport.RewriteRow> rewrites =
        checks.rewrites().stream().filter(rewrite -> numbers.contains(rewrite.number())).toList();
    Stream<String> outputs =
        row.outputs().stream().map(difference -> line(difference.output(), difference, checks));
    Stream<String> wrong =
        rewrites.stream()
            .filter(rewrite -> !rewrite.difference().isWithin(checks.tolerance()))
            .map(rewrite ->
                "rewrite %d by %s: %s"
                    .formatted(
                        rewrite.number(),
                        rewrite.rule(),
                        line(rewrite.value(), rewrite.difference(), checks)));
    Stream<String> compared =
        rewrites.isEmpty()
            ? Stream.of()
            : Stream.of("%d rewrites compared at their places".formatted(rewrites.size()));
    boolean passed =
        Stream.concat(
                row.outputs().stream(), rewrites.stream().map(CheckReport.RewriteRow::difference))
            .allMatch(difference -> difference.isWithin(checks.tolerance()));
    return new Evidence(
        "interpreter before and after",
        passed,
        Stream.of(outputs, compared, wrong)
            .flatMap(lines -> lines)
            .collect(Collectors.joining("\n")));
  }

  private static String line(String what, Difference difference, CheckReport checks) {
    return String.format(
        Locale.ROOT,
        "%s: error %.2e, tolerance %.0e%s",
        what,
        difference.error(),
        checks.tolerance(),
        difference.worst().isEmpty() ? "" : "; " + difference.worst());
  }
}
