package dev.tenrec.runtime.bindings;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import java.util.Optional;
import org.bytedeco.tensorrt.nvinfer.Dims64;
import org.jspecify.annotations.Nullable;

/** Conversions of sizes; -1 is a size that is known only at run time. */
public final class Dimensions {
  /** The highest rank that TensorRT has. */
  public static final int MAX_RANK = 8;

  private Dimensions() {}

  /** Checks the rank, because {@link Dims64} writes beyond its memory without a word. */
  public static Dims64 of(ImmutableLongArray sizes) {
    if (sizes.length() > MAX_RANK) {
      throw new TenrecException(
          ErrorCode.UNSUPPORTED,
          "rank %d is above TensorRT's maximum of %d".formatted(sizes.length(), MAX_RANK));
    }
    Dims64 dims = new Dims64();
    dims.nbDims(sizes.length());
    for (int i = 0; i < sizes.length(); i++) {
      dims.d(i, sizes.get(i));
    }
    return dims;
  }

  /** Empty where TensorRT could not infer them. */
  public static Optional<ImmutableLongArray> of(@Nullable Dims64 dims) {
    if (dims == null || dims.isNull() || dims.nbDims() < 0) {
      return Optional.empty();
    }
    ImmutableLongArray.Builder sizes = ImmutableLongArray.builder(dims.nbDims());
    for (int i = 0; i < dims.nbDims(); i++) {
      sizes.add(dims.d(i));
    }
    return Optional.of(sizes.build());
  }
}
