package dev.tenrec.tensorrt.legalize;

import com.google.common.collect.ImmutableSet;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.dim.Symbol;
import java.util.List;
import java.util.Optional;

/** Sizes as a reshape takes them. */
final class ShapeOperand {
  private ShapeOperand() {}

  /**
   * The sizes of a shape, if at most one is not a number, or all are known, and none is 0.
   *
   * @param bound the symbols that have a value at run time
   */
  static Optional<Value> of(Shape shape, ImmutableSet<Symbol> bound) {
    List<Dim> dims = shape.dims();
    if (dims.stream().anyMatch(dim -> dim.is(0))) {
      return Optional.empty();
    }
    if (dims.stream().filter(dim -> dim.value().isEmpty()).count() <= 1) {
      return Optional.of(
          Terms.vector(dims.stream().mapToLong(dim -> dim.value().orElse(-1)).toArray()));
    }
    return dims.stream().allMatch(dim -> bound.containsAll(dim.symbols()))
        ? Optional.of(new Source.Sizes(shape.dims(), false).value())
        : Optional.empty();
  }
}
