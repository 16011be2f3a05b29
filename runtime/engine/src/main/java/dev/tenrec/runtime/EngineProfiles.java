package dev.tenrec.runtime;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.runtime.bindings.Dimensions;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bytedeco.tensorrt.global.nvinfer.OptProfileSelector;
import org.bytedeco.tensorrt.nvinfer.ICudaEngine;

/** The sizes that an engine was built for. */
record EngineProfiles(ImmutableList<ImmutableMap<String, Range>> profiles) {

  /** The smallest and the largest sizes of an input. */
  record Range(ImmutableLongArray min, ImmutableLongArray max) {
    boolean contains(ImmutableLongArray sizes) {
      return sizes.length() == min.length()
          && IntStream.range(0, sizes.length())
              .allMatch(i -> min.get(i) <= sizes.get(i) && sizes.get(i) <= max.get(i));
    }

    @Override
    public String toString() {
      return IntStream.range(0, min.length())
          .mapToObj(i ->
              min.get(i) == max.get(i) ? Long.toString(min.get(i)) : min.get(i) + ".." + max.get(i))
          .collect(Collectors.joining(",", "[", "]"));
    }
  }

  static EngineProfiles of(ICudaEngine engine, Collection<String> inputs) {
    ImmutableList.Builder<ImmutableMap<String, Range>> profiles = ImmutableList.builder();
    // Without dynamic sizes there may be no profile at all.
    for (int i = 0; i < Math.max(1, engine.getNbOptimizationProfiles()); i++) {
      ImmutableMap.Builder<String, Range> ranges = ImmutableMap.builder();
      for (String input : inputs) {
        ranges.put(
            input,
            new Range(
                sizes(engine, input, i, OptProfileSelector.kMIN),
                sizes(engine, input, i, OptProfileSelector.kMAX)));
      }
      profiles.add(ranges.buildOrThrow());
    }
    return new EngineProfiles(profiles.build());
  }

  private static ImmutableLongArray sizes(
      ICudaEngine engine, String input, int profile, OptProfileSelector selector) {
    return Dimensions.of(engine.getProfileShape(input, profile, selector))
        .or(() -> Dimensions.of(engine.getTensorShape(input)))
        .orElseThrow(() ->
            new TenrecException(
                ErrorCode.BACKEND_FAILURE, "the plan has no sizes for input " + input));
  }

  /**
   * The first profile that all inputs fit.
   *
   * @throws TenrecException with {@code INVALID_INPUT} naming an input and what it may be
   */
  int choose(Map<String, Tensor> inputs) {
    for (int i = 0; i < profiles.size(); i++) {
      if (misfit(i, inputs).isEmpty()) {
        return i;
      }
    }
    String name = misfit(0, inputs).orElseThrow();
    String allowed =
        IntStream.range(0, profiles.size())
            .mapToObj(i -> range(i, name).toString())
            .distinct()
            .collect(Collectors.joining(" or "));
    throw new TenrecException(
            ErrorCode.INVALID_INPUT,
            "input '%s' is %s, but the engine was built for %s"
                .formatted(name, tensor(inputs, name), allowed))
        .advise("build it for these sizes, too");
  }

  /** The name of an input that does not fit a profile. */
  private Optional<String> misfit(int profile, Map<String, Tensor> inputs) {
    return profiles.get(profile).keySet().stream()
        .filter(name -> !range(profile, name).contains(tensor(inputs, name).sizes()))
        .findFirst();
  }

  private Range range(int profile, String name) {
    return Objects.requireNonNull(profiles.get(profile).get(name));
  }

  private static Tensor tensor(Map<String, Tensor> inputs, String name) {
    return Objects.requireNonNull(inputs.get(name));
  }
}
