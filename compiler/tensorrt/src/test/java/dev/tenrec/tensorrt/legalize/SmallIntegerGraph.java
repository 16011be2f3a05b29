package dev.tenrec.tensorrt.legalize;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Elementwise.Cast;
import dev.tenrec.ir.Elementwise.Select;
import dev.tenrec.ir.Elementwise.Unary;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.GraphBuilder;
import dev.tenrec.ir.Indexing.Gather;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Reduction.CumulativeSum;
import dev.tenrec.ir.Reduction.Reduce;
import dev.tenrec.ir.Reduction.ReduceKind;
import dev.tenrec.ir.Shuffle.Concat;
import dev.tenrec.ir.Shuffle.Slice;
import dev.tenrec.ir.Source.Constant;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Graphs of random operations on integers of all widths but 64 unsigned bits, of shape [2,3]. */
final class SmallIntegerGraph {
  private static final ElementType[] TYPES = {
    ElementType.INT4,
    ElementType.UINT4,
    ElementType.INT8,
    ElementType.UINT8,
    ElementType.INT16,
    ElementType.UINT16,
    ElementType.UINT32,
    ElementType.INT32
  };

  private final Random random;
  private final GraphBuilder builder = new GraphBuilder("random");
  private final List<Value> values = new ArrayList<>();

  private SmallIntegerGraph(long seed) {
    this.random = new Random(seed);
  }

  /** The graph of a seed, with the given number of operations, all of which are outputs. */
  static Graph of(long seed, int operations) {
    return new SmallIntegerGraph(seed).build(operations);
  }

  private Graph build(int operations) {
    for (int i = 0; i < 3; i++) {
      values.add(builder.input("x" + i, TensorType.of(pick(TYPES), 2, 3)));
    }
    for (int i = 0; i < operations; i++) {
      Value value = builder.add(operation());
      if (random.nextInt(3) == 0 || i == operations - 1) {
        builder.output("y" + i, value);
      }
      if (value.elementType() != ElementType.BOOL && value.elementType() != ElementType.FLOAT32) {
        values.add(value);
      }
    }
    return builder.build();
  }

  @SafeVarargs
  private <T> T pick(T... options) {
    return options[random.nextInt(options.length)];
  }

  private Value value() {
    return values.get(random.nextInt(values.size()));
  }

  private Op operation() {
    Value x = value();
    return switch (random.nextInt(18)) {
      case 0, 1, 2 -> new Binary(pick(BinaryKind.ADD, BinaryKind.SUB, BinaryKind.MUL), x, like(x));
      case 3 -> new Binary(pick(BinaryKind.MIN, BinaryKind.MAX), x, like(x));
      case 4 -> new Binary(pick(BinaryKind.LESS, BinaryKind.EQUAL, BinaryKind.GREATER), x, like(x));
      case 5 -> new Binary(pick(BinaryKind.DIV, BinaryKind.MOD, BinaryKind.FMOD), x, divisor(x));
      case 6 -> new Unary(pick(UnaryKind.ABS, UnaryKind.NEG, UnaryKind.SIGN), x);
      case 7, 8 -> new Cast(x, pick(TYPES));
      case 9 -> new Cast(x, pick(ElementType.FLOAT32, ElementType.BOOL, ElementType.INT64));
      case 10 -> {
        Value y = like(x);
        yield new Select(new Binary(BinaryKind.LESS, x, y).value(), y, like(x));
      }
      case 11 -> reduced(x);
      case 12 -> new CumulativeSum(x, random.nextInt(2), random.nextBoolean(), false);
      case 13 -> moved(x);
      case 14, 15 ->
          new Binary(pick(BinaryKind.BIT_AND, BinaryKind.BIT_OR, BinaryKind.BIT_XOR), x, like(x));
      case 16 -> new Unary(UnaryKind.BIT_NOT, x);
      default -> new Binary(pick(BinaryKind.SHIFT_LEFT, BinaryKind.SHIFT_RIGHT), x, distance(x));
    };
  }

  /** Mostly inside the type. */
  private Value distance(Value x) {
    Value few = new Binary(BinaryKind.MOD, like(x), divisor(x)).value();
    return random.nextInt(4) == 0 ? like(x) : few;
  }

  private Value like(Value x) {
    Value other = value();
    return other.elementType() == x.elementType()
        ? other
        : random.nextBoolean()
            ? new Cast(other, x.elementType()).value()
            : new Constant(Tensor.ofLongs(x.elementType(), ImmutableLongArray.of(), _ -> number()))
                .value();
  }

  private long number() {
    return random.nextInt() >> random.nextInt(32);
  }

  private Value divisor(Value x) {
    int number = 1 + random.nextInt(7);
    return new Constant(Tensor.ofLongs(x.elementType(), ImmutableLongArray.of(), _ -> number))
        .value();
  }

  private Op reduced(Value x) {
    ReduceKind kind =
        pick(
            ReduceKind.SUM,
            ReduceKind.MAX,
            ReduceKind.MIN,
            ReduceKind.PROD,
            ReduceKind.L1,
            ReduceKind.SUM_SQUARE);
    Value small = new Reduce(kind, x, ImmutableList.of(random.nextInt(2)), true).value();
    return new Binary(BinaryKind.ADD, small, x);
  }

  private Op moved(Value x) {
    Value positions = new Constant(Tensor.ofLongs(2, 0, 1)).value();
    Value start = new Constant(Tensor.ofLongs(1)).value();
    Value end = new Constant(Tensor.ofLongs(3)).value();
    Value twice = new Concat(ImmutableList.of(x, like(x, x)), 0).value();
    return random.nextBoolean()
        ? new Gather(x, positions, 1)
        : new Slice(twice, start, end, ImmutableList.of(0), ImmutableLongArray.of(1));
  }

  private Value like(Value x, Value shape) {
    return new Binary(BinaryKind.ADD, x, shape).value();
  }
}
