package dev.tenrec.compiler.bench;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.runtime.PreparedRun;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What one engine took.
 *
 * @param model the file
 * @param batch the size of the first dimension of inputs, 0 if the model fixes it
 * @param cudaGraph whether it was launched as a CUDA graph
 * @param engine how the engine was made
 * @param build what building it took, if it was built now
 * @param steps what TensorRT made of the network, in the order of execution, and the milliseconds
 *     that each takes alone; 0 for what does nothing on the device
 * @param device milliseconds on the device
 * @param host milliseconds from the launch to the end, seen from the host
 * @param runs how many runs the times are of
 */
public record Measurement(
    String model,
    long batch,
    boolean cudaGraph,
    String engine,
    @Nullable Build build,
    ImmutableMap<String, Double> steps,
    Spread device,
    Spread host,
    int runs) {

  /**
   * What building an engine took.
   *
   * @param seconds from the file to the plan
   * @param networkLayers layers of the network that TensorRT was given
   */
  public record Build(double seconds, int networkLayers) {}

  static Measurement of(
      Path model,
      long batch,
      boolean cudaGraph,
      Contender contender,
      List<PreparedRun.Sample> samples) {
    return new Measurement(
        model.toString(),
        batch,
        cudaGraph,
        contender.name(),
        contender.build(),
        contender.steps(),
        Spread.of(samples, PreparedRun.Sample::device),
        Spread.of(samples, PreparedRun.Sample::host),
        samples.size());
  }

  /** The middle of some times, and what nine of ten are below and above. */
  public record Spread(double median, double low, double high) {
    static Spread of(List<PreparedRun.Sample> samples, ToDoubleFunction<PreparedRun.Sample> time) {
      double[] sorted = samples.stream().mapToDouble(time).sorted().toArray();
      return new Spread(quantile(sorted, 0.5), quantile(sorted, 0.1), quantile(sorted, 0.9));
    }

    /** The element at a place between the smallest, 0, and the largest, 1. */
    private static double quantile(double[] sorted, double place) {
      return sorted[(int) Math.round(place * (sorted.length - 1))];
    }
  }
}
