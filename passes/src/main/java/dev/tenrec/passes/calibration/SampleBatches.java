package dev.tenrec.passes.calibration;

import com.google.common.collect.AbstractIterator;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Samples in batches of always the same sizes, whichever batches they come in. Samples lie along
 * the first axis of inputs whose first dimension is that of the first input; neighbours of the same
 * sizes, with the same other inputs, go into a batch. Where the graph fixes the size of a batch,
 * the last sample fills the last one.
 *
 * <p>Holds two batches at most: one that came, and one that is given.
 */
public final class SampleBatches implements Iterable<ImmutableMap<String, Tensor>> {
  private static final int BATCH = 4;

  private final Iterable<? extends Map<String, Tensor>> samples;
  private final ImmutableSet<String> inputs;
  private final ImmutableSet<String> batched;
  private final boolean isFixed;
  private final int batch;

  /**
   * For the inputs of a graph.
   *
   * @param samples inputs by name; what is no input of the graph is left out
   */
  public SampleBatches(Graph graph, Iterable<? extends Map<String, Tensor>> samples) {
    this.samples = samples;
    this.inputs = graph.inputs().stream().map(Value::name).collect(ImmutableSet.toImmutableSet());
    Dim dim =
        graph.inputs().stream()
            .filter(input -> input.rank() > 0)
            .map(input -> input.dim(0))
            .findFirst()
            .orElse(Dim.of(1));
    this.batched =
        graph.inputs().stream()
            .filter(input -> input.rank() > 0 && input.dim(0).equals(dim))
            .map(Value::name)
            .collect(ImmutableSet.toImmutableSet());
    this.isFixed = dim.value().isPresent();
    this.batch = isFixed ? Math.toIntExact(Math.max(1, dim.value().getAsLong())) : BATCH;
  }

  @Override
  public Iterator<ImmutableMap<String, Tensor>> iterator() {
    Iterator<? extends Map<String, Tensor>> source = samples.iterator();
    Deque<ImmutableMap<String, Tensor>> waiting = new ArrayDeque<>();
    return new AbstractIterator<>() {
      @Override
      protected @Nullable ImmutableMap<String, Tensor> computeNext() {
        List<ImmutableMap<String, Tensor>> rows = new ArrayList<>();
        while (rows.size() < batch) {
          while (waiting.isEmpty() && source.hasNext()) {
            waiting.addAll(rows(source.next()));
          }
          if (waiting.isEmpty() || !(rows.isEmpty() || fits(rows.getLast(), waiting.peek()))) {
            break;
          }
          rows.add(waiting.remove());
        }
        return rows.isEmpty() ? endOfData() : joined(rows);
      }
    };
  }

  /** Single samples, on the same memory. */
  private List<ImmutableMap<String, Tensor>> rows(Map<String, Tensor> sample) {
    long count = -1;
    for (String name : batched) {
      Tensor tensor = input(sample, name);
      long size = tensor.rank() == 0 ? -1 : tensor.size(0);
      if (size < 0 || (count >= 0 && size != count)) {
        throw new TenrecException(
                ErrorCode.INVALID_INPUT,
                "input '%s' is %s, which is not %s samples"
                    .formatted(name, tensor, count < 0 ? "any number of" : count))
            .advise("arrays of samples have one for each input, along the first axis");
      }
      count = size;
    }
    List<ImmutableMap<String, Tensor>> rows = new ArrayList<>();
    for (long i = 0; i < (batched.isEmpty() ? 1 : count); i++) {
      ImmutableMap.Builder<String, Tensor> row = ImmutableMap.builder();
      for (String name : inputs) {
        Tensor tensor = input(sample, name);
        row.put(name, batched.contains(name) ? row(tensor, i) : tensor);
      }
      rows.add(row.buildOrThrow());
    }
    return rows;
  }

  private static Tensor input(Map<String, Tensor> sample, String name) {
    Tensor tensor = sample.get(name);
    if (tensor == null) {
      throw new TenrecException(
              ErrorCode.INVALID_INPUT,
              "the samples lack input '%s'; they have %s".formatted(name, sample.keySet()))
          .advise("give an array for each input of the model, under its name");
    }
    return tensor;
  }

  private static Tensor row(Tensor tensor, long i) {
    long bytes = tensor.data().byteSize() / tensor.size(0);
    return Tensor.of(
        tensor.elementType(), sizes(tensor, 1), tensor.data().asSlice(i * bytes, bytes));
  }

  private static ImmutableLongArray sizes(Tensor tensor, long rows) {
    return ImmutableLongArray.builder()
        .add(rows)
        .addAll(tensor.sizes().subArray(1, tensor.rank()))
        .build();
  }

  private boolean fits(Map<String, Tensor> row, Map<String, Tensor> next) {
    return inputs.stream()
        .allMatch(name -> {
          Tensor a = input(row, name);
          Tensor b = input(next, name);
          return batched.contains(name)
              ? a.elementType() == b.elementType() && a.sizes().equals(b.sizes())
              : a.equals(b);
        });
  }

  private ImmutableMap<String, Tensor> joined(List<ImmutableMap<String, Tensor>> rows) {
    while (isFixed && !batched.isEmpty() && rows.size() < batch) {
      rows.add(rows.getLast());
    }
    return inputs.stream()
        .collect(
            ImmutableMap.toImmutableMap(
                name -> name,
                name -> {
                  List<Tensor> parts =
                      rows.stream().map(row -> input(row, name)).collect(Collectors.toList());
                  return batched.contains(name) ? joined(parts, name) : parts.getFirst();
                }));
  }

  private static Tensor joined(List<Tensor> parts, String name) {
    Tensor first = parts.getFirst();
    long bytes = first.data().byteSize();
    if (bytes * parts.size() > Integer.MAX_VALUE - 8) {
      throw new TenrecException(
          ErrorCode.TOO_LARGE, "samples of %d bytes for '%s'".formatted(bytes, name));
    }
    MemorySegment data = MemorySegment.ofArray(new byte[(int) bytes * parts.size()]);
    for (int i = 0; i < parts.size(); i++) {
      MemorySegment.copy(parts.get(i).data(), 0, data, i * bytes, bytes);
    }
    return Tensor.of(first.elementType(), sizes(first, parts.size()), data);
  }
}
