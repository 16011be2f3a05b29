package dev.tenrec.passes.simplify;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Elementwise;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Shuffle;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.passes.rewrite.MatchContext;
import dev.tenrec.passes.rewrite.Rule;
import java.util.Optional;

/**
 * Shape arithmetic → a constant, or expressions over the sizes of the graph's inputs.
 *
 * <p>Legal where type inference tells every element ({@link Value#content}) in terms of symbols
 * that the graph's inputs bind. {@link Source.Sizes} is int64 of rank 0 or 1; other ranks and types
 * get a reshape and a cast on top.
 */
public record FoldSizes() implements Rule {
  @Override
  public String name() {
    return "fold-sizes";
  }

  @Override
  public Optional<Value> rewrite(Op op, MatchContext context) {
    Value result = context.result();
    if (result.content().isEmpty() || op instanceof Source.Constant || isFolded(op, result)) {
      return Optional.empty();
    }
    ImmutableList<Dim> content = result.content().get();
    return constant(result).or(() -> sizes(content, result.type(), context));
  }

  /** The value as a constant, if type inference tells the number in each place. */
  static Optional<Value> constant(Value value) {
    return value
        .content()
        .filter(content -> content.stream().allMatch(dim -> dim.value().isPresent()))
        .map(content -> constant(content, value.type()));
  }

  private static Optional<Value> sizes(
      ImmutableList<Dim> content, TensorType type, MatchContext context) {
    return content.stream().allMatch(dim -> context.boundSymbols().containsAll(dim.symbols()))
        ? Optional.of(sizes(content, type))
        : Optional.empty();
  }

  private static Value constant(ImmutableList<Dim> content, TensorType type) {
    ImmutableLongArray sizes = type.shape().sizes().orElseThrow();
    Tensor tensor =
        Tensor.ofLongs(type.elementType(), sizes, i -> content.get(i).value().orElseThrow());
    return new Source.Constant(tensor).value();
  }

  private static Value sizes(ImmutableList<Dim> content, TensorType type) {
    Value value = new Source.Sizes(content, type.rank() == 0).value();
    if (type.rank() > 1) {
      Tensor shape = Tensor.ofLongs(type.shape().sizes().orElseThrow().toArray());
      value = new Shuffle.Reshape(value, new Source.Constant(shape).value(), false).value();
    }
    return type.elementType() == ElementType.INT64
        ? value
        : new Elementwise.Cast(value, type.elementType()).value();
  }

  /** Whether the operation is what this rule makes. */
  private static boolean isFolded(Op op, Value result) {
    return switch (op) {
      case Source.Sizes _ -> true;
      case Elementwise.Cast(Value x, _) ->
          result.elementType() != ElementType.INT64
              && (isSizes(x)
                  || x.producedBy(Shuffle.Reshape.class).map(r -> isSizes(r.x())).orElse(false));
      case Shuffle.Reshape(Value x, _, _) -> result.rank() > 1 && isSizes(x);
      default -> false;
    };
  }

  private static boolean isSizes(Value value) {
    return value.producedBy(Source.Sizes.class).isPresent();
  }
}
