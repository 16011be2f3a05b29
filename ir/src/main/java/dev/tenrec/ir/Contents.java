package dev.tenrec.ir;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.dim.Fixed;
import dev.tenrec.ir.tensor.ElementType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * The elements of small integer and boolean tensors as expressions over sizes: what makes the shape
 * arithmetic of exporters disappear. Booleans are 0 and 1.
 */
final class Contents {
  /** Larger tensors are data, not sizes. */
  private static final int MAX_ELEMENTS = 64;

  private Contents() {}

  /** The elements of the only result of an operation, in row-major order. */
  static Optional<ImmutableList<Dim>> of(Op op, TensorType type) {
    if (!mayStandForSizes(type)) {
      return Optional.empty();
    }
    try {
      return infer(op, type)
          .filter(content -> content.size() <= MAX_ELEMENTS)
          .filter(content -> content.stream().allMatch(element -> fits(element, type)));
    } catch (ArithmeticException e) {
      // Numbers such as the largest long, which exporters write for "to the end", are not sizes.
      return Optional.empty();
    }
  }

  private static boolean mayStandForSizes(TensorType type) {
    boolean integral =
        type.elementType() == ElementType.INT64
            || type.elementType() == ElementType.INT32
            || type.elementType() == ElementType.BOOL;
    return integral
        && type.shape().sizes().isPresent()
        && type.shape().elementCount().value().orElseThrow() <= MAX_ELEMENTS;
  }

  /** Whether an element is what the type holds, and not a number that wraps around. */
  private static boolean fits(Dim element, TensorType type) {
    OptionalLong number = element.value();
    return type.elementType() != ElementType.INT32
        || number.isEmpty()
        || (int) number.getAsLong() == number.getAsLong();
  }

  private static Optional<ImmutableList<Dim>> infer(Op op, TensorType type) {
    return switch (op) {
      case Source source -> source(source, type);
      case Elementwise elementwise -> elementwise(elementwise, type);
      case Shuffle shuffle -> shuffle(shuffle, type);
      case Indexing.Gather gather -> gather(gather);
      case Reduction.Reduce reduce -> reduce(reduce);
      case Attention _, Contraction _, ControlFlow _, Convolution _ -> Optional.empty();
      case CustomOp _, Indexing _ -> Optional.empty();
      case Normalization _, Pooling _, Quantization _ -> Optional.empty();
      case Reduction _, Resampling _ -> Optional.empty();
    };
  }

  private static Optional<ImmutableList<Dim>> source(Source source, TensorType type) {
    return switch (source) {
      case Source.Constant(var tensor) ->
          Optional.of(
              IntStream.range(0, (int) tensor.count())
                  .mapToObj(i -> Dim.of(tensor.getLong(i)))
                  .collect(ImmutableList.toImmutableList()));
      case Source.Sizes(var dims, _) -> Optional.of(dims);
      case Source.ShapeOf(Value x) -> Optional.of(x.shape().dims());
      case Source.Range(Value start, _, Value step) ->
          start
              .content()
              .flatMap(from ->
                  step.content()
                      .map(by ->
                          IntStream.range(0, count(type))
                              .mapToObj(i -> from.getFirst().plus(by.getFirst().times(i)))
                              .collect(ImmutableList.toImmutableList())));
    };
  }

  private static Optional<ImmutableList<Dim>> elementwise(Elementwise op, TensorType type) {
    return switch (op) {
      case Elementwise.Binary(var kind, Value a, Value b) ->
          operands(op, type).flatMap(in -> zip(in, e -> binary(kind, e.get(0), e.get(1))));
      case Elementwise.Select _ ->
          operands(op, type)
              .flatMap(in ->
                  zip(
                      in,
                      e ->
                          e.get(0).value().isPresent()
                              ? Optional.of(e.get(0).is(0) ? e.get(2) : e.get(1))
                              : Optional.of(e.get(1)).filter(e.get(2)::equals)));
      case Elementwise.Cast(Value x, ElementType to) ->
          x.content()
              .filter(_ -> x.elementType() != ElementType.BOOL || to != ElementType.BOOL)
              .flatMap(content ->
                  to == ElementType.BOOL
                      ? zip(
                          List.of(content),
                          e -> compare(e.getFirst(), Fixed.ZERO).map(Contents::not))
                      : Optional.of(content));
      case Elementwise.Unary(var kind, Value x) ->
          x.content().flatMap(content -> zip(List.of(content), e -> unary(kind, e.getFirst())));
      case Elementwise.Activation _, Elementwise.BitCast _, Elementwise.ParametricRelu _ ->
          Optional.empty();
    };
  }

  private static Dim not(Dim bool) {
    return Fixed.ONE.minus(bool);
  }

  private static Optional<Dim> unary(Elementwise.UnaryKind kind, Dim x) {
    return switch (kind) {
      case NEG -> Optional.of(Fixed.ZERO.minus(x));
      case NOT -> Optional.of(not(x));
      case ABS -> Optional.of(x).filter(dim -> dim.lowerBound() >= 0);
      default -> Optional.empty();
    };
  }

  private static Optional<Dim> binary(Elementwise.BinaryKind kind, Dim a, Dim b) {
    return switch (kind) {
      case ADD -> Optional.of(a.plus(b));
      case SUB -> Optional.of(a.minus(b));
      case MUL, AND -> Optional.of(a.times(b));
      case MIN -> Optional.of(Dim.min(a, b));
      case MAX, OR -> Optional.of(Dim.max(a, b));
      case FLOOR_DIV -> Optional.of(a.dividedBy(b)).filter(_ -> !b.is(0));
      // Cut off towards zero is the same as rounded down where nothing is negative.
      case DIV ->
          Optional.of(a.dividedBy(b))
              .filter(_ -> a.lowerBound() >= 0 && b.lowerBound() >= 0 && !b.is(0));
      case MOD -> Optional.of(a.minus(a.dividedBy(b).times(b))).filter(_ -> b.lowerBound() > 0);
      case EQUAL -> compare(a, b);
      case LESS -> less(a, b);
      case GREATER -> less(b, a);
      case LESS_OR_EQUAL -> less(b, a).map(Contents::not);
      case GREATER_OR_EQUAL -> less(a, b).map(Contents::not);
      case FMOD, POW, XOR -> Optional.empty();
      case BIT_AND, BIT_OR, BIT_XOR, SHIFT_LEFT, SHIFT_RIGHT -> Optional.empty();
    };
  }

  private static Optional<Dim> compare(Dim a, Dim b) {
    Dim difference = a.minus(b);
    if (difference.is(0)) {
      return Optional.of(Fixed.ONE);
    }
    boolean never = difference.lowerBound() > 0 || difference.upperBound() < 0;
    return never ? Optional.of(Fixed.ZERO) : Optional.empty();
  }

  private static Optional<Dim> less(Dim a, Dim b) {
    if (a.isAtLeast(b)) {
      return Optional.of(Fixed.ZERO);
    }
    return b.isAtLeast(a.plus(1)) ? Optional.of(Fixed.ONE) : Optional.empty();
  }

  private static Optional<ImmutableList<Dim>> shuffle(Shuffle op, TensorType type) {
    return switch (op) {
      case Shuffle.Reshape(Value x, _, _) -> x.content();
      case Shuffle.Squeeze(Value x, _) -> x.content();
      case Shuffle.Unsqueeze(Value x, _) -> x.content();
      case Shuffle.Expand(Value x, _) -> broadcast(x, type.shape());
      case Shuffle.Tile(Value x, _) ->
          x.rank() == 1 ? x.content().map(c -> repeat(c, count(type))) : Optional.empty();
      case Shuffle.Concat(var inputs, _) when type.rank() == 1 -> concat(inputs);
      case Shuffle.Slice slice when type.rank() == 1 -> slice(slice, count(type));
      case Shuffle.Concat _, Shuffle.Slice _, Shuffle.Pad _, Shuffle.Transpose _ ->
          Optional.empty();
    };
  }

  private static ImmutableList<Dim> repeat(List<Dim> content, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> content.get(i % content.size()))
        .collect(ImmutableList.toImmutableList());
  }

  private static Optional<ImmutableList<Dim>> concat(List<Value> inputs) {
    ImmutableList.Builder<Dim> all = ImmutableList.builder();
    for (Value input : inputs) {
      if (input.content().isEmpty()) {
        return Optional.empty();
      }
      all.addAll(input.content().get());
    }
    return Optional.of(all.build());
  }

  private static Optional<ImmutableList<Dim>> slice(Shuffle.Slice slice, int count) {
    if (slice.x().content().isEmpty() || slice.starts().content().isEmpty()) {
      return Optional.empty();
    }
    List<Dim> content = slice.x().content().get();
    if (slice.axes().isEmpty()) {
      return Optional.of(ImmutableList.copyOf(content));
    }
    Dim size = Dim.of(content.size());
    Dim start = slice.starts().content().get().getFirst();
    Dim end = slice.ends().content().orElseThrow().getFirst();
    long step = slice.steps().get(0);
    return SliceBounds.of(start, end, size, step)
        .filter(bounds -> bounds.start().value().isPresent())
        .map(bounds -> bounds.start().value().getAsLong())
        .map(first ->
            IntStream.range(0, count)
                .mapToObj(i -> content.get((int) (first + i * step)))
                .collect(ImmutableList.toImmutableList()));
  }

  private static Optional<ImmutableList<Dim>> gather(Indexing.Gather gather) {
    Optional<ImmutableList<Dim>> content = gather.x().content();
    Optional<ImmutableList<Dim>> indices = gather.indices().content();
    if (content.isEmpty() || indices.isEmpty() || gather.x().rank() != 1) {
      return Optional.empty();
    }
    int size = content.get().size();
    ImmutableList.Builder<Dim> picked = ImmutableList.builder();
    for (Dim index : indices.get()) {
      long i = index.value().orElse(size);
      if (i < -size || i >= size) {
        return Optional.empty();
      }
      picked.add(content.get().get((int) Math.floorMod(i, (long) size)));
    }
    return Optional.of(picked.build());
  }

  private static Optional<ImmutableList<Dim>> reduce(Reduction.Reduce reduce) {
    if (reduce.x().content().isEmpty() || reduce.axes().size() != reduce.x().rank()) {
      return Optional.empty();
    }
    List<Dim> content = reduce.x().content().get();
    return switch (reduce.kind()) {
      case SUM -> Optional.of(ImmutableList.of(content.stream().reduce(Fixed.ZERO, Dim::plus)));
      case PROD -> Optional.of(ImmutableList.of(content.stream().reduce(Fixed.ONE, Dim::times)));
      case MAX -> content.stream().reduce(Dim::max).map(ImmutableList::of);
      case MIN -> content.stream().reduce(Dim::min).map(ImmutableList::of);
      case MEAN, L1, L2, SUM_SQUARE, LOG_SUM, LOG_SUM_EXP -> Optional.empty();
    };
  }

  /** The contents of all operands, broadcast to the shape of the result. */
  private static Optional<List<ImmutableList<Dim>>> operands(Op op, TensorType type) {
    List<ImmutableList<Dim>> contents = new ArrayList<>();
    for (Value operand : op.operands()) {
      Optional<ImmutableList<Dim>> content = broadcast(operand, type.shape());
      if (content.isEmpty()) {
        return Optional.empty();
      }
      contents.add(content.get());
    }
    return Optional.of(contents);
  }

  private static Optional<ImmutableList<Dim>> broadcast(Value x, Shape shape) {
    if (x.content().isEmpty() || x.shape().sizes().isEmpty()) {
      return Optional.empty();
    }
    List<Dim> content = x.content().get();
    int count = Math.toIntExact(shape.elementCount().value().orElseThrow());
    if (content.size() == 1) {
      return Optional.of(ImmutableList.copyOf(Collections.nCopies(count, content.getFirst())));
    }
    ImmutableLongArray from = x.shape().padTo(shape.rank()).sizes().orElseThrow();
    ImmutableLongArray to = shape.sizes().orElseThrow();
    ImmutableList.Builder<Dim> result = ImmutableList.builder();
    for (int i = 0; i < count; i++) {
      int source = 0;
      int stride = 1;
      int rest = i;
      for (int axis = to.length() - 1; axis >= 0; axis--) {
        int position = (int) (rest % to.get(axis));
        rest /= (int) to.get(axis);
        source += from.get(axis) == 1 ? 0 : position * stride;
        stride *= (int) from.get(axis);
      }
      result.add(content.get(source));
    }
    return Optional.of(result.build());
  }

  private static Optional<ImmutableList<Dim>> zip(
      List<ImmutableList<Dim>> operands, Function<List<Dim>, Optional<Dim>> function) {
    ImmutableList.Builder<Dim> result = ImmutableList.builder();
    for (int i = 0; i < operands.getFirst().size(); i++) {
      int position = i;
      Optional<Dim> element =
          function.apply(operands.stream().map(operand -> operand.get(position)).toList());
      if (element.isEmpty()) {
        return Optional.empty();
      }
      result.add(element.get());
    }
    return Optional.of(result.build());
  }

  private static int count(TensorType type) {
    return Math.toIntExact(type.shape().elementCount().value().orElseThrow());
  }
}
