package dev.tenrec.runtime;

import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.runtime.bindings.CapturedGraph;
import dev.tenrec.runtime.bindings.Stopwatch;
import java.util.Map;
import java.util.Optional;

/**
 * An engine whose inputs lie on the device, to be run again and again with the same ones: for
 * measurements of what the engine takes, without transfers.
 *
 * <p>The engine must not be run otherwise in the meantime.
 */
public final class PreparedRun implements AutoCloseable {
  private static final double NANOSECONDS = 1e6;

  private final Engine engine;
  private final Optional<CapturedGraph> graph;
  private final Stopwatch stopwatch = new Stopwatch();

  private PreparedRun(Engine engine, Optional<CapturedGraph> graph) {
    this.engine = engine;
    this.graph = graph;
  }

  /**
   * The time of one run in milliseconds.
   *
   * @param device between the first and the last work on the device
   * @param host from the launch until the device is done
   */
  public record Sample(double device, double host) {}

  /** Prepares runs that put each kernel on the stream. */
  public static PreparedRun of(Engine engine, Map<String, Tensor> inputs) {
    warmUp(engine, inputs);
    return new PreparedRun(engine, Optional.empty());
  }

  /**
   * Prepares runs that launch one CUDA graph.
   *
   * @throws TenrecException with {@code BACKEND_FAILURE} if the engine does what a graph cannot
   *     hold, such as a loop that ends at run time
   */
  public static PreparedRun captured(Engine engine, Map<String, Tensor> inputs) {
    warmUp(engine, inputs);
    return new PreparedRun(
        engine, Optional.of(CapturedGraph.capture(engine.stream(), engine::enqueue)));
  }

  /** What TensorRT puts off until the first run would be in no graph. */
  private static void warmUp(Engine engine, Map<String, Tensor> inputs) {
    engine.bind(inputs);
    engine.enqueue();
    engine.stream().synchronize();
  }

  /** Runs once, and waits for the end. */
  public Sample run() {
    long begin = System.nanoTime();
    stopwatch.start(engine.stream());
    graph.ifPresentOrElse(captured -> captured.launch(engine.stream()), engine::enqueue);
    stopwatch.stop(engine.stream());
    engine.stream().synchronize();
    double host = (System.nanoTime() - begin) / NANOSECONDS;
    return new Sample(stopwatch.milliseconds(), host);
  }

  @Override
  public void close() {
    stopwatch.close();
    graph.ifPresent(CapturedGraph::close);
  }
}
