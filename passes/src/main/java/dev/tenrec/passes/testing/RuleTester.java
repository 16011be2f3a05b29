package dev.tenrec.passes.testing;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Range;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.ir.text.GraphPrinter;
import dev.tenrec.ir.verify.GraphVerifier;
import dev.tenrec.passes.Pass;
import dev.tenrec.passes.Pipeline;
import dev.tenrec.passes.VerifyEach;
import dev.tenrec.passes.check.RandomInputs;
import dev.tenrec.passes.rewrite.Fusion;
import dev.tenrec.passes.rewrite.Match;
import dev.tenrec.passes.rewrite.MatchContext;
import java.util.ArrayList;
import java.util.List;

/**
 * Says what a rule or pass makes of a graph, and proves each time with the interpreter that it
 * still computes the same:
 *
 * <pre>{@code
 * rule(new FuseSilu())
 *     .given("g (float[N] x) => (float[N] y) { s = Sigmoid(x) y = Mul(x, s) }")
 *     .becomes("g (float[N] x) => (float[N] y) { y = Swish<alpha=1>(x) }");
 * }</pre>
 *
 * @param passes run one after the other; {@link Given#isRejected} asks the first
 * @param tolerance how far elements may move, relative to {@code 1 + |expected|}
 */
public record RuleTester(ImmutableList<Pass> passes, double tolerance) {
  private static final int RUNS = 4;

  public static RuleTester rule(Pass rule) {
    return new RuleTester(ImmutableList.of(rule), 1e-6);
  }

  /** Tests the rule together with a pass that tidies up behind it. */
  public RuleTester then(Pass pass) {
    return new RuleTester(
        ImmutableList.<Pass>builder().addAll(passes).add(pass).build(), tolerance);
  }

  public RuleTester within(double newTolerance) {
    return new RuleTester(passes, newTolerance);
  }

  /** Tries the rule on a graph in the textual form. */
  public Given given(String graph) {
    return new Given(GraphParser.parse(graph), RandomInputs.PLAIN);
  }

  /** A graph that the rule is tried on, and the inputs to run it with. */
  public final class Given {
    private final Graph graph;
    private final RandomInputs inputs;

    private Given(Graph graph, RandomInputs inputs) {
      this.graph = graph;
      this.inputs = inputs;
    }

    /** Runs with this size of a symbol only. */
    public Given withSize(String symbol, long size) {
      ImmutableMap<String, Long> sizes =
          ImmutableMap.<String, Long>builder().putAll(inputs.sizes()).put(symbol, size).build();
      return new Given(graph, new RandomInputs(sizes, inputs.ranges()));
    }

    /** Runs with elements of an input between two numbers. */
    public Given withInput(String name, double low, double high) {
      ImmutableMap<String, Range<Double>> ranges =
          ImmutableMap.<String, Range<Double>>builder()
              .putAll(inputs.ranges())
              .put(name, Range.closed(low, high))
              .build();
      return new Given(graph, new RandomInputs(inputs.sizes(), ranges));
    }

    /** The rule makes the given graph, up to names and order. */
    public void becomes(String expected) {
      Graph after = result();
      String wanted = CanonicalText.of(GraphParser.parse(expected));
      String actual = CanonicalText.of(after);
      require(
          actual.equals(wanted),
          "expected%n%s%nbut was%n%s%nfrom%n%s"
              .formatted(wanted, actual, GraphPrinter.print(graph)));
    }

    /** The rule leaves the graph alone. */
    public void isUnchanged() {
      Graph after = result();
      require(after.equals(graph), "changed into%n%s".formatted(GraphPrinter.print(after)));
    }

    /** The rule, a fusion, leaves the graph alone and gives this as the reason of a near miss. */
    public void isRejected(String reason) {
      isUnchanged();
      List<String> reasons = rejections();
      require(
          reasons.stream().anyMatch(text -> text.contains(reason)),
          "expected the reason '%s', but it was rejected for %s".formatted(reason, reasons));
    }

    private static void require(boolean condition, String otherwise) {
      if (!condition) {
        throw new AssertionError(otherwise);
      }
    }

    private List<String> rejections() {
      List<String> reasons = new ArrayList<>();
      for (Node node : graph.nodes()) {
        Match match =
            ((Fusion) passes.getFirst()).match(MatchContext.of(graph, node.results().getFirst()));
        if (match instanceof Match.Rejected(String reason, Value at, int matched) && matched > 0) {
          reasons.add(at + " " + reason);
        }
      }
      return reasons;
    }

    /** What becomes of the graph, which computes the same. */
    public Graph result() {
      GraphVerifier.WELL_FORMED.verify(graph);
      Graph after = new Pipeline(passes).run(graph, new VerifyEach());
      GraphVerifier.WELL_FORMED.verify(after);
      new Equivalence(tolerance, RUNS).check(graph, after, inputs);
      return after;
    }
  }
}
