package dev.tenrec.compiler.bench;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.dim.Symbol;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.passes.check.GeneratedInputs;
import dev.tenrec.tensorrt.ShapeProfile;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/** The sizes and elements that engines are timed with. */
final class BenchmarkInputs {
  private static final long SEED = 42;

  private BenchmarkInputs() {}

  /**
   * The sizes with which engines are built and run.
   *
   * @param batch the size of the first dimension of inputs, if it is to be set
   * @throws TenrecException with {@code INVALID_ARGUMENT} if the model fixes it
   */
  static ShapeProfile sizes(Signature signature, ShapeProfile shapes, Optional<Long> batch) {
    return batch.map(size -> withBatch(signature, shapes, size)).orElse(shapes);
  }

  private static ShapeProfile withBatch(Signature signature, ShapeProfile shapes, long batch) {
    if (batch < 1) {
      throw new TenrecException(
          ErrorCode.INVALID_ARGUMENT, "a batch of %d cannot be timed".formatted(batch));
    }
    Map<String, ShapeProfile.Range> sizes = new LinkedHashMap<>(shapes.sizes());
    for (TensorType input : signature.inputs().values()) {
      if (input.rank() > 0 && input.dim(0) instanceof Symbol symbol) {
        sizes.put(symbol.name(), new ShapeProfile.Range(batch, batch, batch));
      }
    }
    boolean fixed = sizes.equals(shapes.sizes());
    if (fixed
        && signature.inputs().values().stream().noneMatch(input -> startsWith(input, batch))) {
      throw new TenrecException(
              ErrorCode.INVALID_ARGUMENT,
              "no input has a first dimension that could be %d: %s"
                  .formatted(batch, signature.inputs()))
          .advise("leave out --batch, or export the model with a dynamic first dimension");
    }
    return new ShapeProfile(ImmutableMap.copyOf(sizes));
  }

  private static boolean startsWith(TensorType input, long size) {
    return input.rank() > 0 && input.dim(0).is(size);
  }

  /**
   * Inputs that a graph runs on, of the sizes that engines are tuned for.
   *
   * @throws TenrecException with {@code INVALID_ARGUMENT} if the profile lacks a dimension
   */
  static ImmutableMap<String, Tensor> of(Graph graph, ShapeProfile profile) {
    graph.inputs().forEach(input -> profile.opt(input.shape()));
    ImmutableMap<String, Long> sizes =
        ImmutableMap.copyOf(Maps.transformValues(profile.sizes(), ShapeProfile.Range::opt));
    return GeneratedInputs.mild(graph, sizes, SEED);
  }

  /** Inputs for a plan of which nothing else is known: numbers between 0 and 1, and ones. */
  static ImmutableMap<String, Tensor> of(Signature signature, ShapeProfile profile) {
    SplittableRandom random = new SplittableRandom(SEED);
    ImmutableMap.Builder<String, Tensor> inputs = ImmutableMap.builder();
    signature
        .inputs()
        .forEach((name, type) -> {
          ImmutableLongArray sizes = profile.opt(type.shape());
          inputs.put(
              name,
              type.elementType().isFloating()
                  ? Tensor.ofDoubles(type.elementType(), sizes, _ -> random.nextDouble())
                  : Tensor.ofLongs(type.elementType(), sizes, _ -> 1));
        });
    return inputs.buildOrThrow();
  }
}
