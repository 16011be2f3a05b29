package dev.tenrec.passes.fuse;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Attention.RotaryEmbedding;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.Cast;
import dev.tenrec.ir.Elementwise.Unary;
import dev.tenrec.ir.Indexing.Gather;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.Shuffle.Concat;
import dev.tenrec.ir.Shuffle.Expand;
import dev.tenrec.ir.Shuffle.Reshape;
import dev.tenrec.ir.Shuffle.Slice;
import dev.tenrec.ir.Shuffle.Squeeze;
import dev.tenrec.ir.Shuffle.Transpose;
import dev.tenrec.ir.Shuffle.Unsqueeze;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.tensor.Tensor;
import java.util.Optional;

/**
 * Tables of cosines and sines with each column twice: as two equal halves, or each beside itself.
 * The table with each column once is computed from what the doubled one is computed from.
 *
 * @param interleaved whether equal columns lie side by side
 */
record AngleTables(boolean interleaved) {

  /** Each column once, if there is each twice. */
  Optional<Value> once(Value table) {
    int last = table.rank() - 1;
    if (last < 0 || table.dim(last).value().orElse(1) % 2 != 0) {
      return Optional.empty();
    }
    if (table.constant().isPresent()) {
      return once(table.constant().get()).map(Terms::constant);
    }
    return switch (table.producer().map(Node::op).orElse(null)) {
      case Concat(var parts, int axis) when isTwice(parts) && axis == last && !interleaved ->
          Optional.of(parts.getFirst());
      case Reshape(Value pairs, _, _) when interleaved -> beside(pairs, table);
      case Unary(var kind, Value x) -> once(x).map(half -> Terms.unary(kind, half));
      case Cast(Value x, var to) -> once(x).map(half -> new Cast(half, to).value());
      case Binary op -> once(op);
      case Unsqueeze(Value x, var axes) when !axes.contains(last) ->
          once(x).map(half -> new Unsqueeze(half, axes).value());
      case Squeeze(Value x, var axes) when !axes.contains(x.rank() - 1) ->
          once(x).map(half -> new Squeeze(half, axes).value());
      case Transpose(Value x, var axes) when axes.get(last) == last ->
          once(x).map(half -> new Transpose(half, axes).value());
      case Gather(Value x, Value indices, int axis) when axis < x.rank() - 1 ->
          once(x).map(half -> Terms.gather(half, indices, axis));
      case Slice slice when !slice.axes().contains(last) ->
          once(slice.x())
              .map(half ->
                  new Slice(half, slice.starts(), slice.ends(), slice.axes(), slice.steps())
                      .value());
      case null, default -> Optional.empty();
    };
  }

  /** The embedding of x by two tables that have each column twice. */
  Value turned(Value x, Value cos, Value sin) {
    return new RotaryEmbedding(x, once(cos).orElseThrow(), once(sin).orElseThrow(), interleaved)
        .value();
  }

  private static boolean isTwice(ImmutableList<Value> parts) {
    return parts.size() == 2 && parts.get(0) == parts.get(1);
  }

  /** Times or plus a number, or something else with each column twice. */
  private Optional<Value> once(Binary op) {
    Optional<Value> a = once(op.a()).or(() -> number(op.a()));
    Optional<Value> b = once(op.b()).or(() -> number(op.b()));
    boolean both = number(op.a()).isPresent() && number(op.b()).isPresent();
    return a.isPresent() && b.isPresent() && !both
        ? Optional.of(Terms.binary(op.kind(), a.get(), b.get()))
        : Optional.empty();
  }

  private static Optional<Value> number(Value value) {
    boolean same = value.rank() == 0 || value.dim(value.rank() - 1).is(1);
    return Optional.of(value).filter(_ -> same);
  }

  /** The operand of {@code reshape(expand(unsqueeze(x))} or {@code reshape(concat(x, x))}. */
  private static Optional<Value> beside(Value pairs, Value table) {
    int last = pairs.rank() - 1;
    Optional<Value> single =
        pairs
            .producedBy(Expand.class)
            .map(Expand::x)
            .or(() ->
                pairs
                    .producedBy(Concat.class)
                    .filter(concat -> isTwice(concat.inputs()) && concat.axis() == last)
                    .map(concat -> concat.inputs().getFirst()));
    boolean merges =
        pairs.rank() == table.rank() + 1
            && pairs.dim(last).is(2)
            && pairs
                .shape()
                .dims()
                .subList(0, last - 1)
                .equals(table.shape().dims().subList(0, last - 1))
            && table.dim(last - 1).equals(pairs.dim(last - 1).times(Dim.of(2)));
    return single
        .filter(_ -> merges)
        .flatMap(x -> x.producedBy(Unsqueeze.class))
        .filter(op -> op.axes().equals(ImmutableList.of(last)))
        .map(Unsqueeze::x)
        .filter(x -> x.shape().equals(new Shape(pairs.shape().dims().subList(0, last))));
  }

  private Optional<Tensor> once(Tensor table) {
    int last = table.rank() - 1;
    int size = Math.toIntExact(table.size(last));
    int half = size / 2;
    for (long i = 0; i < table.count(); i++) {
      long column = i % size;
      long twin = interleaved ? column ^ 1 : (column + half) % size;
      if (table.getBits(i) != table.getBits(i - column + twin)) {
        return Optional.empty();
      }
    }
    ImmutableLongArray sizes =
        ImmutableLongArray.builder().addAll(table.sizes().subArray(0, last)).add(half).build();
    return Optional.of(
        Tensor.ofBits(
            table.elementType(),
            sizes,
            i -> table.getBits(i / half * size + (interleaved ? 2 : 1) * (i % half))));
  }
}
