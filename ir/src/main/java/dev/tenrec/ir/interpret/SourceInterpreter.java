package dev.tenrec.ir.interpret;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.dim.Symbol;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.List;
import java.util.function.ToLongFunction;

final class SourceInterpreter {
  private SourceInterpreter() {}

  static Tensor evaluate(Source op, List<Tensor> in, ToLongFunction<Symbol> sizes) {
    return switch (op) {
      case Source.Constant(Tensor tensor) -> tensor;
      case Source.Sizes(var dims, boolean scalar) ->
          Tensor.ofLongs(
              ElementType.INT64,
              scalar ? ImmutableLongArray.of() : ImmutableLongArray.of(dims.size()),
              i -> dims.get(i).evaluate(sizes));
      case Source.ShapeOf _ -> Tensor.ofLongs(in.getFirst().sizes().toArray());
      case Source.Range _ -> range(in.get(0), in.get(1), in.get(2));
    };
  }

  private static Tensor range(Tensor start, Tensor limit, Tensor step) {
    ElementType type = start.elementType();
    if (type.isFloating()) {
      double from = start.getDouble(0);
      double by = step.getDouble(0);
      double count = Math.ceil((limit.getDouble(0) - from) / by);
      Checks.check(by != 0 && Double.isFinite(count), "Range from %s by %s has no end", from, by);
      return Tensor.ofDoubles(
          type, ImmutableLongArray.of((long) Math.max(0, count)), i -> from + i * by);
    }
    long from = start.getLong(0);
    long by = step.getLong(0);
    Checks.check(by != 0, "Range from %d has the step 0", from);
    long distance = Math.subtractExact(limit.getLong(0), from);
    long count = Math.max(0, Math.ceilDiv(distance, by));
    return Tensor.ofLongs(type, ImmutableLongArray.of(count), i -> from + i * by);
  }
}
