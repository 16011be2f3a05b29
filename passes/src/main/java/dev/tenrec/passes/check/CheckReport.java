package dev.tenrec.passes.check;

import com.google.common.collect.ImmutableList;
import java.util.Locale;
import java.util.Optional;

/**
 * The evidence that passes keep what a model computes.
 *
 * @param passes one row for each pass that was run, in order
 * @param rewrites one row for each rewrite, in order; empty if only passes were checked
 * @param tolerance the largest {@link Difference#error} that is taken for rounding
 */
public record CheckReport(
    ImmutableList<PassRow> passes, ImmutableList<RewriteRow> rewrites, double tolerance) {

  /**
   * What the outputs of the graphs before and after a pass have in common.
   *
   * @param position which pass of the pipeline it is, from 0
   * @param changed whether it changed the graph; if not, nothing was computed
   * @param nodes how many operations it left
   * @param outputs what was compared
   */
  public record PassRow(
      int position, String pass, boolean changed, int nodes, ImmutableList<Difference> outputs) {
    Optional<Difference> worst() {
      return outputs.stream().reduce((a, b) -> b.error() > a.error() ? b : a);
    }
  }

  /**
   * What a value and its replacement have in common.
   *
   * @param number which rewrite it is, from 1: what {@code maxRewrites} counts
   * @param pass the pass that runs the rule
   * @param value what is replaced
   */
  public record RewriteRow(
      long number, String pass, String rule, String value, Difference difference) {}

  /** The first pass after which an output is too far from what it was before. */
  public Optional<PassRow> firstWrongPass() {
    return passes.stream()
        .filter(row -> !row.outputs().stream().allMatch(d -> d.isWithin(tolerance)))
        .findFirst();
  }

  /** The first rewrite that puts something else in the place of a value. */
  public Optional<RewriteRow> firstWrongRewrite() {
    return rewrites.stream().filter(row -> !row.difference().isWithin(tolerance)).findFirst();
  }

  public boolean passed() {
    return firstWrongPass().isEmpty() && firstWrongRewrite().isEmpty();
  }

  /** A table with one line for each pass and output. */
  @Override
  public String toString() {
    StringBuilder table =
        new StringBuilder(
            "%-36s %8s  %-24s %10s %10s%n"
                .formatted("pass", "nodes", "output", "absolute", "error"));
    for (PassRow row : passes) {
      if (!row.changed()) {
        table.append("%-36s %8d  unchanged%n".formatted(row.pass(), row.nodes()));
      }
      for (Difference output : row.outputs()) {
        table.append(line(row.pass(), Integer.toString(row.nodes()), output));
      }
    }
    firstWrongPass()
        .ifPresent(row ->
            table.append(
                "pass '%s' changes the result: %s%n"
                    .formatted(row.pass(), row.worst().orElseThrow())));
    if (!rewrites.isEmpty()) {
      table.append(
          "%d rewrites, each checked at its place; the largest error is %s%n"
              .formatted(
                  rewrites.size(),
                  number(
                      rewrites.stream().mapToDouble(r -> r.difference().error()).max().orElse(0))));
    }
    firstWrongRewrite()
        .ifPresent(row ->
            table.append(
                "rewrite %d, by rule '%s' in pass '%s', changes %s: %s%n"
                    .formatted(
                        row.number(), row.rule(), row.pass(), row.value(), row.difference())));
    return table.toString();
  }

  private String line(String pass, String nodes, Difference output) {
    return "%-36s %8s  %-24s %10s %10s%s%n"
        .formatted(
            pass,
            nodes,
            output.output(),
            number(output.absolute()),
            number(output.error()),
            output.isWithin(tolerance) ? "" : "  WRONG");
  }

  private static String number(double number) {
    return number == 0 ? "0" : String.format(Locale.ROOT, "%.2e", number);
  }
}
