package dev.tenrec.passes;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import java.util.List;
import java.util.stream.Collectors;

/** Passes in the order in which they run. */
public record Pipeline(ImmutableList<Pass> passes) {

  public static Pipeline of(Pass... passes) {
    return new Pipeline(ImmutableList.copyOf(passes));
  }

  /** What every model goes through before precision is decided. */
  public static Pipeline standard() {
    return StandardPipeline.create();
  }

  /**
   * This pipeline with a pass more, behind the last pass of the given class.
   *
   * @throws TenrecException if there is no such pass
   */
  public Pipeline after(Class<? extends Pass> place, Pass pass) {
    for (int i = passes.size() - 1; i >= 0; i--) {
      if (place.isInstance(passes.get(i))) {
        return new Pipeline(
            ImmutableList.<Pass>builder()
                .addAll(passes.subList(0, i + 1))
                .add(pass)
                .addAll(passes.subList(i + 1, passes.size()))
                .build());
      }
    }
    throw new TenrecException(
        ErrorCode.INVALID_ARGUMENT,
        "the pipeline has no pass %s: %s".formatted(place.getSimpleName(), this));
  }

  /** This pipeline with passes more at its end. */
  public Pipeline then(Pass... more) {
    return new Pipeline(ImmutableList.<Pass>builder().addAll(passes).add(more).build());
  }

  public Graph run(Graph graph, PipelineListener... listeners) {
    return run(graph, PassContext.unlimited(), listeners);
  }

  /** Runs all passes, each on the graphs inside of operations before the graph around them. */
  public Graph run(Graph graph, PassContext context, PipelineListener... listeners) {
    Graph current = graph;
    for (Pass pass : passes) {
      Graph before = current;
      List.of(listeners).forEach(listener -> listener.before(pass, before));
      Graph after = NestedGraphs.run(pass, before, context);
      List.of(listeners).forEach(listener -> listener.after(pass, before, after));
      current = after;
    }
    return current;
  }

  /**
   * The pipeline that a text names, for example {@code fold,fuse(only=gelu|silu),my-pass(k=3)}.
   * {@code standard} stands for all passes of {@link #standard}. Passes of other jars are found by
   * {@link java.util.ServiceLoader}.
   *
   * @throws TenrecException if the text is wrong or a pass or option is not known
   */
  public static Pipeline parse(String text) {
    return KnownPasses.load().parse(text);
  }

  /** The text that {@link #parse} reads back. */
  @Override
  public String toString() {
    return passes.stream().map(PipelineText::print).collect(Collectors.joining(","));
  }
}
