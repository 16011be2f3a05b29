package dev.tenrec.passes.check;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.interpret.Interpreter;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.passes.Pass;
import dev.tenrec.passes.PipelineListener;
import dev.tenrec.passes.RewriteListener;
import dev.tenrec.passes.check.CheckReport.PassRow;
import dev.tenrec.passes.check.CheckReport.RewriteRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Runs the interpreter on the graphs before and after each pass and compares the outputs. Given to
 * a {@link dev.tenrec.passes.PassContext} too, it compares each value that is replaced with its
 * replacement as well. For one run of a pipeline, not for several threads.
 */
public final class CheckEach implements PipelineListener, RewriteListener {
  private final ImmutableMap<String, Tensor> inputs;
  private final double tolerance;
  private final List<PassRow> passes = new ArrayList<>();
  private final List<RewriteRow> rewrites = new ArrayList<>();
  private ImmutableMap<String, Tensor> outputs;
  private Evaluation evaluation;
  private String running = "";
  private long rewritten;

  /**
   * @param graph what goes into the pipeline
   * @param inputs what it is run on
   * @throws TenrecException if the graph cannot be run on them
   */
  public CheckEach(Graph graph, Map<String, Tensor> inputs, double tolerance) {
    this.inputs = ImmutableMap.copyOf(inputs);
    this.tolerance = tolerance;
    this.outputs = Interpreter.of(graph).run(inputs);
    this.evaluation = Evaluation.of(graph, inputs);
  }

  @Override
  public void before(Pass pass, Graph graph) {
    running = pass.name();
    evaluation = Evaluation.of(graph, inputs);
  }

  @Override
  public void after(Pass pass, Graph before, Graph after) {
    boolean changed = !before.equals(after);
    passes.add(
        new PassRow(
            passes.size(),
            pass.name(),
            changed,
            after.nodes().size(),
            changed ? compare(after) : ImmutableList.of()));
  }

  private ImmutableList<Difference> compare(Graph after) {
    ImmutableMap<String, Tensor> expected = outputs;
    try {
      outputs = Interpreter.of(after).run(inputs);
      return Difference.between(expected, outputs);
    } catch (TenrecException e) {
      return expected.keySet().stream()
          .map(name -> Difference.failed(name, e.getMessage()))
          .collect(ImmutableList.toImmutableList());
    }
  }

  /** Inside of operations nothing is compared: their graphs are run with them as a whole. */
  @Override
  public void applied(String rule, Value before, Value after) {
    rewritten++;
    try {
      Optional<Tensor> expected = evaluation.of(before);
      Optional<Tensor> actual = evaluation.of(after);
      if (expected.isPresent() && actual.isPresent()) {
        add(rule, before, Difference.between(before.name(), expected.get(), actual.get()));
      }
    } catch (TenrecException e) {
      add(rule, before, Difference.failed(before.name(), e.getMessage()));
    }
  }

  private void add(String rule, Value before, Difference difference) {
    rewrites.add(new RewriteRow(rewritten, running, rule, before.toString(), difference));
  }

  /** What was found so far. */
  public CheckReport report() {
    return new CheckReport(ImmutableList.copyOf(passes), ImmutableList.copyOf(rewrites), tolerance);
  }
}
