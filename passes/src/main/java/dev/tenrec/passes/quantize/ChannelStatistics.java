package dev.tenrec.passes.quantize;

import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Convolution.Conv;
import dev.tenrec.ir.Executable;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.text.ValueNames;
import dev.tenrec.passes.calibration.Observation;
import dev.tenrec.passes.calibration.Observer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the channels of a value held on samples.
 *
 * @param samples how many there were, along the first axis
 * @param means the mean of each channel
 * @param rows [rows, channels], the channels at some places, spread over all samples
 */
public record ChannelStatistics(long samples, ImmutableDoubleArray means, Tensor rows) {
  /** So many rows are kept at most, and a third of them at least if there are as many. */
  private static final int ROWS = 768;

  /** No power of 2, so that rows are not from the same column of each image. */
  private static final int THINNED = 3;

  /**
   * Runs a graph on samples.
   *
   * @param backend makes a graph ready to run
   * @return for what convolutions read and for each {@link Seam}, by the names of the values
   */
  public static ImmutableMap<String, ChannelStatistics> observe(
      Graph graph,
      Iterable<? extends Map<String, Tensor>> samples,
      Function<Graph, Executable> backend) {
    Map<Value, Sums> sums = new LinkedHashMap<>();
    for (Region region : convolutions(graph)) {
      sums.put(region.data().value(), new Sums(1));
    }
    for (Seam seam : Seam.of(graph).values()) {
      Value value = seam.value();
      sums.putIfAbsent(value, new Sums(seam.isConvolved() ? 1 : value.rank() - 1));
    }
    Observation.observe(graph, sums, samples, backend);
    ValueNames names = ValueNames.of(graph);
    ImmutableMap.Builder<String, ChannelStatistics> statistics = ImmutableMap.builder();
    sums.forEach((value, sum) -> statistics.put(names.of(value), sum.statistics()));
    return statistics.buildOrThrow();
  }

  /**
   * The means of what convolutions of a graph read, where they are finite.
   *
   * @param factors what channels are divided by since they were observed, by the names of values
   */
  public static ImmutableMap<String, ImmutableDoubleArray> means(
      Graph graph,
      Map<String, ChannelStatistics> statistics,
      Map<String, ImmutableDoubleArray> factors) {
    ValueNames names = ValueNames.of(graph);
    Map<String, ImmutableDoubleArray> means = new LinkedHashMap<>();
    for (Region region : convolutions(graph)) {
      String name = names.of(region.data().value());
      ChannelStatistics seen = statistics.get(name);
      if (seen != null && seen.means().stream().allMatch(Double::isFinite)) {
        means.put(name, quotients(seen.means(), factors.get(name)));
      }
    }
    return ImmutableMap.copyOf(means);
  }

  private static ImmutableDoubleArray quotients(
      ImmutableDoubleArray means, @Nullable ImmutableDoubleArray factors) {
    double[] quotients = means.toArray();
    if (factors != null) {
      Arrays.setAll(quotients, i -> means.get(i) / factors.get(i));
    }
    return ImmutableDoubleArray.copyOf(quotients);
  }

  private static List<Region> convolutions(Graph graph) {
    return Region.of(graph).stream().filter(region -> region.op() instanceof Conv).toList();
  }

  /** What is needed of all tensors so far. */
  private static final class Sums implements Observer {
    private static final int CHUNK = 1 << 12;

    private final int axis;
    private final List<float[]> rows = new ArrayList<>();
    private double[] sums = new double[0];
    private long samples;
    private long count;
    private long stride = 1;

    Sums(int axis) {
      this.axis = axis;
    }

    @Override
    public void observe(Tensor tensor) {
      samples += tensor.size(0);
      Channels channels = Channels.of(tensor.sizes(), axis);
      sums = sums.length == 0 ? new double[channels.count()] : sums;
      add(tensor, channels);
      long found = tensor.count() / Math.max(1, channels.count());
      for (long row = 0; row < found; row++) {
        if ((count + row) % stride == 0) {
          keep(row(tensor, channels, row), count + row);
        }
      }
      count += found;
    }

    private void add(Tensor tensor, Channels channels) {
      float[] chunk = new float[(int) Math.min(CHUNK, tensor.count())];
      for (long first = 0; first < tensor.count(); first += CHUNK) {
        int length = (int) Math.min(CHUNK, tensor.count() - first);
        tensor.copyFloats(first, chunk, length);
        for (int i = 0; i < length; i++) {
          sums[channels.of(first + i)] += chunk[i];
        }
      }
    }

    private static float[] row(Tensor tensor, Channels channels, long row) {
      long inner = channels.inner();
      long first = row / inner * inner * channels.count() + row % inner;
      float[] result = new float[channels.count()];
      for (int i = 0; i < result.length; i++) {
        result[i] = (float) tensor.getDouble(first + i * inner);
      }
      return result;
    }

    /** Rows are those at multiples of the stride, beginning with the first. */
    private void keep(float[] row, long place) {
      if (rows.size() == ROWS) {
        List<float[]> kept = new ArrayList<>();
        for (int i = 0; i < ROWS; i += THINNED) {
          kept.add(rows.get(i));
        }
        rows.clear();
        rows.addAll(kept);
        stride *= THINNED;
      }
      if (place % stride == 0) {
        rows.add(row);
      }
    }

    ChannelStatistics statistics() {
      ImmutableDoubleArray.Builder means = ImmutableDoubleArray.builder(sums.length);
      for (double total : sums) {
        means.add(total / Math.max(1, count));
      }
      float[] all = new float[rows.size() * sums.length];
      for (int i = 0; i < rows.size(); i++) {
        System.arraycopy(rows.get(i), 0, all, i * sums.length, sums.length);
      }
      return new ChannelStatistics(
          samples,
          means.build(),
          Tensor.ofFloats(ImmutableLongArray.of(rows.size(), sums.length), all));
    }
  }
}
