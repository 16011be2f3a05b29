package dev.tenrec.passes.testing;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Contraction.MatMul;
import dev.tenrec.ir.Elementwise.Activation;
import dev.tenrec.ir.Elementwise.ActivationKind;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Elementwise.Cast;
import dev.tenrec.ir.Elementwise.Select;
import dev.tenrec.ir.Elementwise.Unary;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.GraphBuilder;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Reduction.Reduce;
import dev.tenrec.ir.Reduction.ReduceKind;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.Shuffle.Concat;
import dev.tenrec.ir.Shuffle.Expand;
import dev.tenrec.ir.Shuffle.Reshape;
import dev.tenrec.ir.Shuffle.Slice;
import dev.tenrec.ir.Shuffle.Squeeze;
import dev.tenrec.ir.Shuffle.Transpose;
import dev.tenrec.ir.Shuffle.Unsqueeze;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.dim.Symbol;
import dev.tenrec.ir.interpret.Interpreter;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Graphs of random operations, rich in what rules look for: neutral constants, shape arithmetic,
 * operations that undo each other. Only continuous functions of moderate slope, so that roundings
 * stay small.
 */
public final class RandomGraph {
  /** What the symbols of the graphs may stand for. */
  public static final ImmutableList<ImmutableMap<String, Long>> SIZES =
      ImmutableList.of(
          ImmutableMap.of("N", 3L, "S", 5L),
          ImmutableMap.of("N", 7L, "S", 11L),
          ImmutableMap.of("N", 1L, "S", 2L));

  private static final double[] NUMBERS = {0, 1, -1, 2, 0.5, -0.5, 0.3};
  private final Random random;
  private final GraphBuilder builder = new GraphBuilder("random");
  private final List<Value> values = new ArrayList<>();
  private final List<Trial> trials =
      SIZES.stream().map(sizes -> new Trial(sizes, new HashMap<>())).toList();

  private RandomGraph(long seed) {
    this.random = new Random(seed);
  }

  /** The graph of a seed, with about the given number of operations. */
  public static Graph of(long seed, int operations) {
    return new RandomGraph(seed).build(operations);
  }

  private Graph build(int operations) {
    values.add(builder.input("a", type(Dim.symbol("N"), Dim.of(4))));
    values.add(builder.input("b", type(Dim.symbol("N"), Dim.symbol("S"), Dim.of(4))));
    values.add(builder.input("c", type(Dim.of(2), Dim.of(4))));
    for (Trial trial : trials) {
      trial.start(values);
    }
    while (values.size() < operations) {
      try {
        Value value = operation().value();
        for (Trial trial : trials) {
          trial.compute(value);
        }
        values.add(builder.add(value.producer().orElseThrow()).result());
      } catch (TenrecException _) {
        // The operands do not fit each other; draw again.
      }
    }
    List<Value> last = values.subList(values.size() - 3, values.size());
    last.forEach(value -> builder.output("y" + last.indexOf(value), value));
    return builder.build();
  }

  /** Runs what is drawn for some sizes, because typing lets open sizes pass that never fit. */
  private record Trial(ImmutableMap<String, Long> sizes, Map<Value, Tensor> known) {
    private long size(Symbol symbol) {
      return sizes.getOrDefault(symbol.name(), 1L);
    }

    void start(List<Value> inputs) {
      for (Value input : inputs) {
        ImmutableLongArray sizes = input.shape().evaluate(this::size);
        known.put(input, Tensor.ofDoubles(ElementType.FLOAT32, sizes, i -> i % 7 - 3));
      }
    }

    Tensor compute(Value value) {
      Tensor present = known.get(value);
      if (present != null) {
        return present;
      }
      Op op = value.producer().orElseThrow().op();
      ImmutableList<Tensor> operands =
          op.operands().stream().map(this::compute).collect(ImmutableList.toImmutableList());
      Tensor result = Interpreter.evaluate(op, operands, this::size).getFirst();
      known.put(value, result);
      return result;
    }
  }

  private static TensorType type(Dim... dims) {
    return new TensorType(ElementType.FLOAT32, Shape.of(dims));
  }

  private Op operation() {
    Value x = value();
    return switch (random.nextInt(16)) {
      case 0, 1 -> new Unary(pick(UnaryKind.NEG, UnaryKind.ABS, UnaryKind.SIN), x);
      case 2 -> new Activation(pick(ActivationKind.RELU, ActivationKind.SIGMOID), x);
      case 3 -> new Activation(ActivationKind.CLIP, x, -1, pick(1.0, 2.0));
      case 4, 5 -> new Binary(pick(BinaryKind.ADD, BinaryKind.MUL, BinaryKind.SUB), x, other(x));
      case 6 -> new Binary(pick(BinaryKind.MAX, BinaryKind.MIN), x, other(x));
      case 7 -> new Binary(pick(BinaryKind.DIV, BinaryKind.POW), x, number(2));
      case 8 -> new Transpose(x, permutation(x.rank()));
      case 9 -> new MatMul(tamed(x), tamed(value()), random.nextBoolean(), random.nextBoolean());
      case 10 -> new Reduce(ReduceKind.MEAN, x, axes(x.rank()), random.nextBoolean());
      case 11 -> random.nextBoolean() ? new Unsqueeze(x, axes(1)) : new Squeeze(x, axes(x.rank()));
      case 12 -> new Cast(new Cast(x, ElementType.FLOAT64).value(), ElementType.FLOAT32);
      case 13 -> new Concat(ImmutableList.of(x, random.nextBoolean() ? x : value()), 0);
      case 14 -> slice(x);
      default -> byShape(x);
    };
  }

  private Value value() {
    return values.get(random.nextInt(values.size()));
  }

  @SafeVarargs
  private <T> T pick(T... options) {
    return options[random.nextInt(options.length)];
  }

  private static Value number(double number) {
    return Terms.scalar(ElementType.FLOAT32, number);
  }

  private Value other(Value x) {
    return switch (random.nextInt(4)) {
      case 0 -> x;
      case 1 -> value();
      default -> number(NUMBERS[random.nextInt(NUMBERS.length)]);
    };
  }

  /** Keeps sums of products small. */
  private static Value tamed(Value x) {
    return Terms.activation(ActivationKind.TANH, x);
  }

  private ImmutableList<Integer> permutation(int rank) {
    List<Integer> axes = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
    if (random.nextBoolean() && rank >= 2) {
      Collections.swap(axes, rank - 1, rank - 2);
    } else {
      Collections.shuffle(axes, random);
    }
    return ImmutableList.copyOf(axes);
  }

  private ImmutableList<Integer> axes(int rank) {
    return ImmutableList.of(random.nextInt(Math.max(1, rank)));
  }

  /** Never empty: what -1 stands for in a reshape of nothing is anyone's guess. */
  private Op slice(Value x) {
    boolean last = random.nextBoolean();
    Value start = Terms.vector(last ? -1 : 0);
    Value end = Terms.vector(last ? Long.MAX_VALUE : pick(1L, 99L));
    return new Slice(x, start, end, axes(x.rank()), ImmutableLongArray.of(1));
  }

  /** Operations whose shape is computed from x's. */
  private Op byShape(Value x) {
    Value shape = Terms.shapeOf(x);
    return switch (random.nextInt(4)) {
      case 0 -> {
        Value first = Terms.gather(shape, Terms.vector(0), 0);
        yield new Reshape(x, Terms.concat(0, first, Terms.vector(-1)), false);
      }
      case 1 -> new Expand(x, Terms.concat(0, Terms.vector(1), shape));
      case 2 -> new Reshape(x, shape, false);
      default -> {
        Value all = Terms.cast(Terms.equal(shape, shape), ElementType.FLOAT32);
        Value mean = Terms.reduce(ReduceKind.MEAN, all, false, 0);
        Value yes = Terms.binary(BinaryKind.GREATER, mean, number(0.5));
        yield new Select(yes, x, other(x));
      }
    };
  }
}
