package dev.tenrec.passes.simplify;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Contraction.MatMul;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Shuffle.Reshape;
import dev.tenrec.ir.Shuffle.Transpose;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.tensor.Tensor;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A value times a constant matrix, and what makes heads of the product.
 *
 * @param product the first of the values
 * @param bias a constant vector that is added to the product
 * @param heads the columns as [heads, size of a head]
 * @param transpose of the heads
 * @param values what is computed, step by step; only the last is read by others
 */
record Projection(
    MatMul product,
    Optional<Value> bias,
    Optional<Value> heads,
    Optional<ImmutableList<Integer>> transpose,
    ImmutableList<Value> values) {

  /** What projections must have in common to become one. */
  record Kind(boolean hasHeads, long headSize, Optional<ImmutableList<Integer>> transpose) {}

  /**
   * The projection that starts with a value.
   *
   * @param onlyReader the operation that reads a value, if there is one only
   */
  static Optional<Projection> of(Value start, Function<Value, Optional<Node>> onlyReader) {
    return start
        .producedBy(MatMul.class)
        .filter(it -> !it.transposeA() && it.b().rank() == 2 && it.b().constant().isPresent())
        .map(it ->
            new Projection(
                it, Optional.empty(), Optional.empty(), Optional.empty(), ImmutableList.of(start)))
        .map(it -> onlyReader.apply(it.end()).flatMap(it::withBias).orElse(it))
        .map(it -> onlyReader.apply(it.end()).flatMap(it::withHeads).orElse(it))
        .map(it -> onlyReader.apply(it.end()).flatMap(it::withTranspose).orElse(it));
  }

  private Optional<Projection> withBias(Node reader) {
    return reader.op() instanceof Binary(BinaryKind kind, Value a, Value b)
            && kind == BinaryKind.ADD
        ? Stream.of(a, b)
            .filter(value -> value.constant().isPresent() && value.rank() == 1)
            .filter(value -> value.dim(0).is(columns()))
            .findFirst()
            .map(value ->
                new Projection(product, Optional.of(value), heads, transpose, with(reader)))
        : Optional.empty();
  }

  private Optional<Projection> withHeads(Node reader) {
    int last = end().rank() - 1;
    if (!(reader.op() instanceof Reshape) || reader.result().rank() != last + 2) {
      return Optional.empty();
    }
    Value split = reader.result();
    boolean fits =
        split.dim(last).value().isPresent()
            && split.dim(last).times(split.dim(last + 1)).is(columns())
            && split.shape().dims().subList(0, last).equals(end().shape().dims().subList(0, last));
    return fits
        ? Optional.of(new Projection(product, bias, Optional.of(split), transpose, with(reader)))
        : Optional.empty();
  }

  private Optional<Projection> withTranspose(Node reader) {
    return heads.isPresent() && reader.op() instanceof Transpose(_, var permutation)
        ? Optional.of(new Projection(product, bias, heads, Optional.of(permutation), with(reader)))
        : Optional.empty();
  }

  private ImmutableList<Value> with(Node reader) {
    return ImmutableList.<Value>builder().addAll(values).add(reader.result()).build();
  }

  Value end() {
    return values.getLast();
  }

  Kind kind() {
    Optional<Dim> size = heads.map(value -> value.dim(value.rank() - 1));
    return new Kind(
        size.isPresent(), size.map(dim -> dim.value().orElseThrow()).orElse(0L), transpose);
  }

  /** How many heads or columns there are. */
  Dim count() {
    return heads.map(value -> value.dim(value.rank() - 2)).orElse(Dim.of(columns()));
  }

  /** The matrix, not transposed. */
  Value matrix() {
    return product.transposeB() ? Terms.transpose(product.b(), 1, 0) : product.b();
  }

  /** The bias, or zeros. */
  Value summand() {
    return bias.orElseGet(() ->
        Terms.constant(
            Tensor.ofDoubles(product.b().elementType(), ImmutableLongArray.of(columns()), _ -> 0)));
  }

  private long columns() {
    return product.b().dim(product.transposeB() ? 0 : 1).value().orElseThrow();
  }
}
