package dev.tenrec.passes.quantize;

import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableDoubleArray;
import dev.tenrec.ir.Convolution;
import dev.tenrec.ir.Executable;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.text.ValueNames;
import dev.tenrec.passes.calibration.Observation;
import dev.tenrec.passes.calibration.Observer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * What the channels of a value held on samples: of what a product sums over.
 *
 * @param maxima the largest magnitude in each channel
 * @param means the mean of each channel
 * @param squares the mean square of each channel
 */
public record ChannelStatistics(
    ImmutableDoubleArray maxima, ImmutableDoubleArray means, ImmutableDoubleArray squares) {

  /**
   * Runs a graph on samples.
   *
   * @param backend makes a graph ready to run
   * @return for the data of each {@link Region}, by the names of the values
   */
  public static ImmutableMap<String, ChannelStatistics> observe(
      Graph graph,
      Iterable<? extends Map<String, Tensor>> samples,
      Function<Graph, Executable> backend) {
    Map<Value, Sums> sums = new HashMap<>();
    for (Region region : Region.of(graph)) {
      Value data = region.data().value();
      int axis = region.op() instanceof Convolution ? 1 : data.rank() - 1;
      sums.put(data, new Sums(axis));
    }
    Observation.observe(graph, sums, samples, backend);
    ValueNames names = ValueNames.of(graph);
    ImmutableMap.Builder<String, ChannelStatistics> statistics = ImmutableMap.builder();
    sums.forEach((value, sum) -> statistics.put(names.of(value), sum.statistics()));
    return statistics.buildOrThrow();
  }

  /** What is needed of all tensors so far. */
  private static final class Sums implements Observer {
    private final int axis;
    private double[] maxima = new double[0];
    private double[] sums = new double[0];
    private double[] squares = new double[0];
    private long count;

    Sums(int axis) {
      this.axis = axis;
    }

    @Override
    public void observe(Tensor tensor) {
      Channels channels = Channels.of(tensor.sizes(), axis);
      if (maxima.length == 0) {
        maxima = new double[channels.count()];
        sums = new double[channels.count()];
        squares = new double[channels.count()];
      }
      double[] elements = tensor.toDoubles();
      for (int i = 0; i < elements.length; i++) {
        int channel = channels.of(i);
        maxima[channel] = Math.max(maxima[channel], Math.abs(elements[i]));
        sums[channel] += elements[i];
        squares[channel] += elements[i] * elements[i];
      }
      count += elements.length / Math.max(1, channels.count());
    }

    ChannelStatistics statistics() {
      return new ChannelStatistics(
          ImmutableDoubleArray.copyOf(maxima), quotients(sums), quotients(squares));
    }

    private ImmutableDoubleArray quotients(double[] totals) {
      ImmutableDoubleArray.Builder quotients = ImmutableDoubleArray.builder(totals.length);
      for (double total : totals) {
        quotients.add(total / Math.max(1, count));
      }
      return quotients.build();
    }
  }
}
