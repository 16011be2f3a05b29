package dev.tenrec.benchmarks;

import dev.tenrec.ir.Graph;
import dev.tenrec.passes.PassContext;
import dev.tenrec.passes.Pipeline;
import dev.tenrec.passes.simplify.Canonicalize;
import dev.tenrec.passes.simplify.SimplifyLayout;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The standard pipeline over graphs of growing size; at 100,000 nodes it may take 5 s. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class PipelineBenchmark {
  @Param({"1000", "10000", "100000"})
  public int nodes;

  private Graph exported = ExportedGraph.of(0);
  private Graph optimized = exported;

  @Setup
  public void build() {
    exported = ExportedGraph.of(nodes);
    optimized = Pipeline.standard().run(exported);
  }

  /** From what an exporter writes to the result. */
  @Benchmark
  public Graph standardPipeline() {
    return Pipeline.standard().run(exported);
  }

  /** The pass with the most rules, where it finds nothing to do. */
  @Benchmark
  public Graph simplifyLayoutAgain() {
    return new SimplifyLayout().run(optimized, PassContext.unlimited());
  }

  /** One pass that finds nothing to do. */
  @Benchmark
  public Graph canonicalizeAgain() {
    return new Canonicalize().run(optimized, PassContext.unlimited());
  }
}
