package dev.tenrec.compiler.accuracy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Executable;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Samples in batches of the size that a model takes: its fixed first dimension, or up to 64 where
 * that is open. Where samples run out the last one fills the batch.
 *
 * @param inputs of the model for each batch, all of the same shapes
 * @param batch how many samples are in each
 * @param labels the class of each sample, integers [samples]
 */
public record LabelledData(
    ImmutableList<ImmutableMap<String, Tensor>> inputs, long batch, Tensor labels) implements Task {
  private static final long BATCH = 64;

  /**
   * Splits arrays into batches.
   *
   * @param arrays one for each input, with samples along the first axis, and the labels; others are
   *     ignored
   * @param label the name of the labels
   */
  public static LabelledData of(Signature model, Map<String, Tensor> arrays, String label) {
    Tensor labels = array(arrays, label);
    if (!labels.elementType().isInteger() || labels.count() == 0) {
      throw invalid("the labels '%s' are %s, not integers".formatted(label, labels));
    }
    Map<String, Tensor> samples = new HashMap<>();
    model.inputs().keySet().forEach(name -> samples.put(name, array(arrays, name)));
    samples.forEach((name, array) -> requireSamples(name, array, labels.count()));
    long batch = batch(model.inputs().values(), labels.count());
    ImmutableList.Builder<ImmutableMap<String, Tensor>> batches = ImmutableList.builder();
    for (long first = 0; first < labels.count(); first += batch) {
      ImmutableMap.Builder<String, Tensor> inputs = ImmutableMap.builder();
      for (Map.Entry<String, Tensor> array : samples.entrySet()) {
        inputs.put(array.getKey(), rows(array.getValue(), first, batch));
      }
      batches.add(inputs.buildOrThrow());
    }
    return new LabelledData(batches.build(), batch, labels);
  }

  @Override
  public Metric metric() {
    return Metric.ACCURACY;
  }

  @Override
  public Answers answers(Executable model) {
    ImmutableLongArray classes = Classification.classes(model, this, Optional.empty());
    return new Answers(Classification.of(classes, labels).accuracy(), classes);
  }

  /** Checks that a label is a class of the model. */
  void requireLabelsBelow(long classes) {
    for (long i = 0; i < labels.count(); i++) {
      if (labels.getLong(i) < 0 || labels.getLong(i) >= classes) {
        throw invalid(
            "label %d of sample %d is none of %d classes".formatted(labels.getLong(i), i, classes));
      }
    }
  }

  static TenrecException invalid(String problem) {
    return new TenrecException(ErrorCode.INVALID_INPUT, problem);
  }

  private static Tensor array(Map<String, Tensor> arrays, String name) {
    Tensor array = arrays.get(name);
    if (array == null) {
      throw invalid("there is no array '%s'; the arrays are %s".formatted(name, arrays.keySet()));
    }
    return array;
  }

  private static void requireSamples(String name, Tensor array, long samples) {
    if (array.rank() == 0 || array.size(0) != samples) {
      throw invalid("array '%s' is %s, but there are %d labels".formatted(name, array, samples));
    }
  }

  private static long batch(Iterable<TensorType> inputs, long samples) {
    for (TensorType input : inputs) {
      if (input.rank() > 0 && input.dim(0).value().isPresent()) {
        return Math.max(1, input.dim(0).value().getAsLong());
      }
    }
    return Math.clamp(samples, 1, BATCH);
  }

  private static Tensor rows(Tensor array, long first, long count) {
    long row = array.data().byteSize() / array.size(0);
    MemorySegment data = MemorySegment.ofArray(new byte[Math.toIntExact(row * count)]);
    for (long i = 0; i < count; i++) {
      long source = Math.min(first + i, array.size(0) - 1);
      MemorySegment.copy(array.data(), source * row, data, i * row, row);
    }
    ImmutableLongArray.Builder sizes = ImmutableLongArray.builder().add(count);
    sizes.addAll(array.sizes().subArray(1, array.rank()));
    return Tensor.of(array.elementType(), sizes.build(), data);
  }
}
