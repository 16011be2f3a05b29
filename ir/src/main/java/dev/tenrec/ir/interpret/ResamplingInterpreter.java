package dev.tenrec.ir.interpret;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Resampling;
import dev.tenrec.ir.tensor.Tensor;
import java.util.List;

final class ResamplingInterpreter {
  private ResamplingInterpreter() {}

  static Tensor evaluate(Resampling op, List<Tensor> in) {
    Tensor x = in.get(0);
    return switch (op) {
      case Resampling.Resize(_, _, var scales, var mode) -> {
        ImmutableLongArray sizes = ImmutableLongArray.copyOf(in.get(1).toLongs());
        Checks.check(
            sizes.length() == x.rank() && sizes.stream().allMatch(size -> size >= 0),
            "Resize: %s to sizes %s",
            x,
            sizes);
        yield Resizer.resize(x, sizes, scales, mode);
      }
      case Resampling.GridSample(_, _, var interpolation, var border, boolean alignCorners) ->
          new GridSampler(x, in.get(1), interpolation, border, alignCorners).sample();
    };
  }
}
