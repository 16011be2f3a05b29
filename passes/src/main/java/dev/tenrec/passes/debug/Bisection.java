package dev.tenrec.passes.debug;

import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.Location;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.interpret.Interpreter;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.passes.Pass;
import dev.tenrec.passes.PassContext;
import dev.tenrec.passes.Pipeline;
import dev.tenrec.passes.RewriteListener;
import dev.tenrec.passes.VerifyEach;
import dev.tenrec.passes.check.Difference;
import java.util.Map;
import java.util.Optional;

/**
 * The search for the first rewrite that breaks a model: for the pass first, then, by bisection over
 * the number of rewrites that it may do, for the rewrite.
 *
 * @param probe what a graph must keep; it is asked some dozen times
 */
public record Bisection(Pipeline pipeline, Probe probe) {

  /** Tells what is wrong with a graph. */
  @FunctionalInterface
  public interface Probe {
    /** What is wrong, in words; empty if nothing is. */
    Optional<String> problem(Graph graph);

    /** Wants the interpreter to give the expected outputs. */
    static Probe outputs(
        Map<String, Tensor> inputs, Map<String, Tensor> expected, double tolerance) {
      return graph -> {
        try {
          return Difference.between(expected, Interpreter.of(graph).run(inputs)).stream()
              .filter(difference -> !difference.isWithin(tolerance))
              .map(Difference::toString)
              .findFirst();
        } catch (TenrecException e) {
          return Optional.of("it cannot be run: " + e.getMessage());
        }
      };
    }
  }

  /**
   * What breaks the model.
   *
   * @param position which pass of the pipeline it is, from 0
   * @param given the graph that the pass is given
   * @param before how many rewrites other passes did before
   * @param rewrites how many rewrites the pass must be allowed for the problem to occur; 0 if it
   *     occurs without any that is counted
   * @param problem what is wrong then
   * @param failed whether the pass failed or made an invalid graph
   * @param rewrite the last of those rewrites; empty if it was not completed
   */
  public record Culprit(
      int position,
      Pass pass,
      Graph given,
      long before,
      long rewrites,
      String problem,
      boolean failed,
      Optional<Rewrite> rewrite) {}

  /** A rewrite that was done. */
  public record Rewrite(String rule, Location place, String value, String replacement) {}

  /** What a pass with a limited number of rewrites leads to. */
  private record Outcome(
      Graph graph,
      long rewrites,
      Optional<String> problem,
      boolean failed,
      Optional<Rewrite> last) {}

  /**
   * Finds the culprit; nothing if all passes keep what they must.
   *
   * @throws TenrecException if there is a problem before any pass has run
   */
  public Optional<Culprit> find(Graph graph) {
    Optional<String> problem = probe.problem(graph);
    if (problem.isPresent()) {
      throw new TenrecException(
              ErrorCode.INVALID_INPUT, "it is wrong before any pass runs: " + problem.get())
          .advise("the passes are not to blame; look at the import and the data");
    }
    Graph current = graph;
    long rewrites = 0;
    for (int position = 0; position < pipeline.passes().size(); position++) {
      Pass pass = pipeline.passes().get(position);
      Outcome outcome = run(pass, current, Long.MAX_VALUE);
      if (outcome.problem().isPresent()) {
        return Optional.of(culprit(position, current, rewrites, outcome));
      }
      current = outcome.graph();
      rewrites += outcome.rewrites();
    }
    return Optional.empty();
  }

  private Culprit culprit(int position, Graph given, long before, Outcome unlimited) {
    Pass pass = pipeline.passes().get(position);
    Outcome bad = unlimited;
    long low = -1;
    // One more, as a rewrite that fails is not counted.
    long high = unlimited.rewrites() + 1;
    while (high - low > 1) {
      long middle = (low + high) >>> 1;
      Outcome outcome = run(pass, given, middle);
      if (outcome.problem().isPresent()) {
        bad = outcome;
        high = middle;
      } else {
        low = middle;
      }
    }
    return new Culprit(
        position,
        pass,
        given,
        before,
        high,
        bad.problem().orElseThrow(),
        bad.failed(),
        bad.rewrites() == high ? bad.last() : Optional.empty());
  }

  private Outcome run(Pass pass, Graph graph, long maxRewrites) {
    LastRewrite last = new LastRewrite();
    PassContext context = new PassContext(maxRewrites, last);
    try {
      Graph after = Pipeline.of(pass).run(graph, context, new VerifyEach());
      Optional<String> problem = after.equals(graph) ? Optional.empty() : probe.problem(after);
      return new Outcome(after, context.rewrites(), problem, false, last.rewrite);
    } catch (RuntimeException e) {
      Optional<String> problem = Optional.of(describe(e));
      return new Outcome(graph, context.rewrites(), problem, true, last.rewrite);
    }
  }

  /** An error in words; what is no error of ours has no message for people. */
  static String describe(RuntimeException error) {
    return error instanceof TenrecException ? String.valueOf(error.getMessage()) : error.toString();
  }

  private static final class LastRewrite implements RewriteListener {
    private Optional<Rewrite> rewrite = Optional.empty();

    @Override
    public void applied(String rule, Value before, Value after) {
      Location place = before.producer().map(Node::location).orElse(Location.UNKNOWN);
      String replacement =
          after.producer().map(node -> node.op().toString()).orElse(after.toString());
      rewrite = Optional.of(new Rewrite(rule, place, before.toString(), replacement));
    }
  }
}
