package dev.tenrec.benchmarks;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.passes.calibration.Calibrator;
import dev.tenrec.passes.calibration.Distribution;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What calibration does with the values of a model, on one processor. */
@State(Scope.Benchmark)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CalibrationBenchmark {
  private static final int ELEMENTS = 1 << 22;

  private final Random random = new Random(0);
  private final Tensor activations =
      Tensor.ofDoubles(
          ElementType.FLOAT32,
          ImmutableLongArray.of(ELEMENTS),
          _ -> Math.max(0, random.nextGaussian()));
  private final Distribution distribution = new Distribution();
  private final Distribution observed = new Distribution();

  @Setup
  public void look() {
    observed.observe(activations);
  }

  /** Elements a microsecond. */
  @Benchmark
  @BenchmarkMode(Mode.Throughput)
  @OutputTimeUnit(TimeUnit.MICROSECONDS)
  @OperationsPerInvocation(ELEMENTS)
  public Distribution observe() {
    distribution.observe(activations);
    return distribution;
  }

  /** Choosing the bound of one value with all calibrators. */
  @Benchmark
  @BenchmarkMode(Mode.AverageTime)
  @OutputTimeUnit(TimeUnit.MILLISECONDS)
  public double choose() {
    return new Calibrator.Auto().bound(observed, ElementType.INT8);
  }
}
