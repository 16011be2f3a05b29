package dev.tenrec.ir;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.dim.Fixed;
import dev.tenrec.ir.dim.Symbol;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The dimensions of a tensor; the rank is always known. */
public record Shape(ImmutableList<Dim> dims) {
  public static final Shape SCALAR = new Shape(ImmutableList.of());

  public static Shape of(Dim... dims) {
    return new Shape(ImmutableList.copyOf(dims));
  }

  public static Shape of(long... sizes) {
    return new Shape(
        Arrays.stream(sizes).mapToObj(Dim::of).collect(ImmutableList.toImmutableList()));
  }

  public static Shape of(ImmutableLongArray sizes) {
    return of(sizes.toArray());
  }

  public int rank() {
    return dims.size();
  }

  public Dim dim(int axis) {
    return dims.get(axis);
  }

  /** The sizes, if none depends on a symbol. */
  public Optional<ImmutableLongArray> sizes() {
    return dims.stream().allMatch(dim -> dim.value().isPresent())
        ? Optional.of(evaluate(symbol -> 0))
        : Optional.empty();
  }

  public boolean isStatic() {
    return sizes().isPresent();
  }

  public ImmutableLongArray evaluate(ToLongFunction<Symbol> symbols) {
    return ImmutableLongArray.copyOf(dims.stream().mapToLong(dim -> dim.evaluate(symbols)));
  }

  public Dim elementCount() {
    return dims.stream().reduce(Fixed.ONE, Dim::times);
  }

  public Shape with(int axis, Dim dim) {
    List<Dim> changed = new ArrayList<>(dims);
    changed.set(axis, dim);
    return new Shape(ImmutableList.copyOf(changed));
  }

  /** This shape with dimensions of size 1 in front, up to the given rank. */
  public Shape padTo(int rank) {
    return new Shape(
        Stream.concat(
                Stream.generate(() -> Fixed.ONE).limit(Math.max(0, rank - rank())), dims.stream())
            .collect(ImmutableList.toImmutableList()));
  }

  /**
   * The shape to which all of the given shapes are broadcast, as in NumPy.
   *
   * @throws dev.tenrec.ir.diagnostic.TenrecException if known sizes contradict each other
   */
  public static Shape broadcast(Collection<Shape> shapes) {
    int rank = 0;
    for (Shape shape : shapes) {
      rank = Math.max(rank, shape.rank());
    }
    List<Dim> result = new ArrayList<>();
    for (int axis = 0; axis < rank; axis++) {
      Dim dim = Fixed.ONE;
      for (Shape shape : shapes) {
        int own = axis - (rank - shape.rank());
        Dim other = own < 0 ? Fixed.ONE : shape.dim(own);
        boolean known = dim.value().isPresent() && other.value().isPresent();
        Typing.check(
            !known || dim.equals(other) || dim.is(1) || other.is(1),
            "shapes %s do not broadcast to each other",
            shapes);
        dim = Dim.broadcast(dim, other);
      }
      result.add(dim);
    }
    return new Shape(ImmutableList.copyOf(result));
  }

  @Override
  public String toString() {
    return dims.stream().map(Dim::toString).collect(Collectors.joining(",", "[", "]"));
  }
}
