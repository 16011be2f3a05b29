package dev.tenrec.passes.debug;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.ControlFlow;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.Location;
import dev.tenrec.passes.Pass;
import dev.tenrec.passes.PassContext;
import dev.tenrec.passes.Pipeline;
import dev.tenrec.passes.PipelineListener;
import dev.tenrec.passes.RewriteListener;
import dev.tenrec.passes.rewrite.Fusion;
import dev.tenrec.passes.rewrite.Match;
import dev.tenrec.passes.rewrite.MatchContext;
import dev.tenrec.passes.rewrite.Rule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * Where a rule was applied in a run of a pipeline, and where it nearly was.
 *
 * @param applications in the order in which they happened
 * @param misses what is left behind the last pass that tries the rule, closest first; empty if the
 *     rule is no fusion, as others give no reasons
 */
public record Explanation(ImmutableList<Application> applications, ImmutableList<Miss> misses) {

  /**
   * The rule was applied.
   *
   * @param place where what it replaced comes from
   */
  public record Application(String pass, Location place, String before, String after) {}

  /**
   * The rule was not applied.
   *
   * @param place where the operation comes from at which it was tried
   * @param root the result of that operation
   * @param reason why, said of {@code at}
   * @param matched how many operations and variables of the pattern had fitted by then
   */
  public record Miss(Location place, String root, String at, String reason, int matched) {}

  /** Runs a pipeline, with the rule behind it if none of its passes tries the rule. */
  public static Explanation of(Graph graph, Pipeline pipeline, Rule rule) {
    boolean tried = pipeline.passes().stream().anyMatch(pass -> tries(pass, rule));
    Pipeline whole = tried ? pipeline : pipeline.then(rule);
    Watch watch = new Watch(rule);
    whole.run(graph, new PassContext(Long.MAX_VALUE, watch), watch);
    return new Explanation(
        ImmutableList.copyOf(watch.applications),
        watch.misses.stream()
            .sorted(Comparator.comparingInt(Miss::matched).reversed())
            .collect(ImmutableList.toImmutableList()));
  }

  private static boolean tries(Pass pass, Rule rule) {
    return pass.rules().stream().anyMatch(other -> other.name().equals(rule.name()));
  }

  private static final class Watch implements RewriteListener, PipelineListener {
    private final Rule rule;
    private final List<Application> applications = new ArrayList<>();
    private final List<Miss> misses = new ArrayList<>();
    private final List<Miss> refusals = new ArrayList<>();
    private String running = "";

    Watch(Rule rule) {
      this.rule = rule;
    }

    @Override
    public void before(Pass pass, Graph graph) {
      running = pass.name();
      if (tries(pass, rule)) {
        refusals.clear();
      }
    }

    @Override
    public void applied(String name, Value before, Value after) {
      if (name.equals(rule.name())) {
        applications.add(
            new Application(running, place(before), before.toString(), describe(after)));
      }
    }

    @Override
    public void refused(String name, Value before, String reason) {
      if (name.equals(rule.name())) {
        refusals.add(
            new Miss(
                place(before), before.toString(), before.toString(), reason, Integer.MAX_VALUE));
      }
    }

    @Override
    public void after(Pass pass, Graph before, Graph after) {
      if (tries(pass, rule)) {
        misses.clear();
        misses.addAll(refusals);
        if (rule instanceof Fusion fusion) {
          addMisses(fusion, after);
        }
      }
    }

    private void addMisses(Fusion fusion, Graph graph) {
      Function<Value, MatchContext> contexts = MatchContext.in(graph);
      for (Node node : graph.nodes()) {
        if (node.op() instanceof ControlFlow flow) {
          flow.bodies().forEach(body -> addMisses(fusion, body));
        } else if (node.results().size() == 1
            && fusion.match(contexts.apply(node.result()))
                instanceof Match.Rejected(String reason, Value at, int matched)
            && matched > 0) {
          misses.add(
              new Miss(node.location(), node.result().toString(), at.toString(), reason, matched));
        }
      }
    }

    private static Location place(Value value) {
      return value.producer().map(Node::location).orElse(Location.UNKNOWN);
    }

    private static String describe(Value value) {
      return value.producer().map(node -> node.op() + "").orElse(value.toString());
    }
  }
}
