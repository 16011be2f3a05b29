package dev.tenrec.ir;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Elementwise.Cast;
import dev.tenrec.ir.Elementwise.Select;
import dev.tenrec.ir.Elementwise.Unary;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Indexing.Gather;
import dev.tenrec.ir.Reduction.Reduce;
import dev.tenrec.ir.Reduction.ReduceKind;
import dev.tenrec.ir.Shuffle.Concat;
import dev.tenrec.ir.Shuffle.Expand;
import dev.tenrec.ir.Shuffle.Reshape;
import dev.tenrec.ir.Shuffle.Slice;
import dev.tenrec.ir.Shuffle.Squeeze;
import dev.tenrec.ir.Shuffle.Tile;
import dev.tenrec.ir.Shuffle.Unsqueeze;
import dev.tenrec.ir.Source.Constant;
import dev.tenrec.ir.Source.Range;
import dev.tenrec.ir.Source.ShapeOf;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.dim.Symbol;
import dev.tenrec.ir.interpret.Interpreter;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.text.GraphParser;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.ToLongFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Symbolic contents against what the interpreter computes from actual sizes. */
class ContentsTest {
  private static final int STEPS = 25;
  private static final List<BinaryKind> ARITHMETIC =
      Arrays.stream(BinaryKind.values())
          .filter(kind -> !kind.isComparison() && !kind.isLogical())
          .toList();
  private static final List<BinaryKind> COMPARISONS =
      Arrays.stream(BinaryKind.values()).filter(BinaryKind::isComparison).toList();
  private static final List<BinaryKind> LOGIC =
      Arrays.stream(BinaryKind.values()).filter(BinaryKind::isLogical).toList();
  private static final List<ReduceKind> FOLDS =
      List.of(ReduceKind.SUM, ReduceKind.PROD, ReduceKind.MAX, ReduceKind.MIN);

  /** Shape arithmetic at random, as exporters write it, and as they do not. */
  private static final class Program {
    private final Random random;
    private final List<Value> integers = new ArrayList<>();
    private final List<Value> booleans = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();

    Program(Random random, Value input) {
      this.random = random;
      add(new ShapeOf(input));
      add(new Constant(Tensor.ofLongs(2, -1, 3)));
      add(new Constant(Tensor.ofLongs(ElementType.INT64, ImmutableLongArray.of(), _ -> 1)));
      for (int i = 0; i < STEPS; i++) {
        try {
          add(operation(random.nextInt(16)));
        } catch (TenrecException e) {
          // This one does not fit its operands: one step less.
          assertThat(e.code().name()).isEqualTo("INVALID_TYPE");
        }
      }
    }

    private void add(Op op) {
      Node node = Node.of(op);
      nodes.add(node);
      Value value = node.result();
      (value.elementType() == ElementType.BOOL ? booleans : integers).add(value);
    }

    private <T> T pick(List<T> choices) {
      return choices.get(random.nextInt(choices.size()));
    }

    private Value integer() {
      return pick(integers);
    }

    private Value constant(long... elements) {
      Value value = new Constant(Tensor.ofLongs(elements)).value();
      nodes.add(value.producer().orElseThrow());
      return value;
    }

    private Value scalar(long number) {
      Tensor tensor = Tensor.ofLongs(ElementType.INT64, ImmutableLongArray.of(), _ -> number);
      Value value = new Constant(tensor).value();
      nodes.add(value.producer().orElseThrow());
      return value;
    }

    private Value small() {
      return random.nextBoolean() ? integer() : scalar(random.nextInt(-3, 4));
    }

    private Op operation(int choice) {
      return switch (choice) {
        case 0, 1, 2 -> arithmetic();
        case 3 -> logic();
        case 4 -> new Concat(ImmutableList.of(integer(), integer()), 0);
        default -> shuffle(choice);
      };
    }

    private Op arithmetic() {
      return switch (random.nextInt(6)) {
        case 0, 1 -> new Binary(pick(ARITHMETIC), integer(), small());
        case 2 -> new Binary(pick(COMPARISONS), integer(), small());
        case 3 -> new Reduce(pick(FOLDS), integer(), ImmutableList.of(0), random.nextBoolean());
        case 4 -> new Unary(random.nextBoolean() ? UnaryKind.NEG : UnaryKind.ABS, integer());
        default -> {
          add(new Cast(integer(), ElementType.INT32));
          yield new Cast(integers.removeLast(), ElementType.INT64);
        }
      };
    }

    private Op logic() {
      if (booleans.isEmpty()) {
        return new Cast(integer(), ElementType.BOOL);
      }
      return switch (random.nextInt(4)) {
        case 0 -> new Select(pick(booleans), integer(), integer());
        case 1 -> new Unary(UnaryKind.NOT, pick(booleans));
        case 2 -> new Binary(pick(LOGIC), pick(booleans), pick(booleans));
        default -> new Cast(pick(booleans), ElementType.INT64);
      };
    }

    private Op shuffle(int choice) {
      return switch (choice) {
        case 5, 6 -> new Gather(integer(), scalar(random.nextInt(-3, 3)), 0);
        case 7 -> new Gather(integer(), constant(random.nextInt(-3, 3), 0), 0);
        case 8, 9 -> slice(random.nextBoolean() ? 1 : random.nextInt(-2, 0));
        case 10 -> new Unsqueeze(integer(), ImmutableList.of(0));
        case 11 -> new Squeeze(integer(), ImmutableList.of(0));
        case 12 -> new Reshape(integer(), constant(-1), false);
        case 13 -> new Tile(integer(), constant(random.nextInt(3)));
        case 14 -> new Expand(integer(), constant(3));
        default -> new Range(scalar(0), small(), scalar(random.nextInt(1, 3)));
      };
    }

    private Op slice(int step) {
      return new Slice(
          integer(),
          constant(random.nextInt(-4, 5)),
          constant(random.nextInt(-4, 5)),
          ImmutableList.of(0),
          ImmutableLongArray.of(step));
    }
  }

  @Property(tries = 3000)
  void symbolicContentsAreWhatTheInterpreterComputes(@ForAll long seed) {
    Random random = new Random(seed);
    GraphBuilder builder = new GraphBuilder("sizes");
    Value input =
        builder.input(
            "x",
            new TensorType(
                ElementType.BOOL, Shape.of(Dim.symbol("N"), Dim.symbol("M"), Dim.of(4))));
    Program program = new Program(random, input);
    ImmutableMap<String, Long> sizes =
        ImmutableMap.of("N", (long) random.nextInt(4), "M", (long) random.nextInt(7));
    Map<Value, Tensor> tensors = new HashMap<>();
    tensors.put(
        input,
        Tensor.ofLongs(
            ElementType.BOOL, input.shape().evaluate(symbol -> size(sizes, symbol)), _ -> 0));
    for (Node node : program.nodes) {
      Optional<Tensor> result = evaluate(node, tensors);
      if (result.isEmpty()) {
        return;
      }
      tensors.put(node.result(), result.get());
      check(node.result(), result.get(), symbol -> size(sizes, symbol));
    }
  }

  private static long size(Map<String, Long> sizes, Symbol symbol) {
    return Objects.requireNonNull(sizes.get(symbol.name()), symbol.name());
  }

  /** The result, if there is one: dividing by 0, for example, has none. */
  private static Optional<Tensor> evaluate(Node node, Map<Value, Tensor> tensors) {
    ImmutableList<Tensor> operands =
        node.op().operands().stream().map(tensors::get).collect(ImmutableList.toImmutableList());
    try {
      return Optional.of(Interpreter.evaluate(node.op(), operands, _ -> 0).getFirst());
    } catch (TenrecException e) {
      return Optional.empty();
    }
  }

  private static void check(Value value, Tensor actual, ToLongFunction<Symbol> sizes) {
    for (int axis = 0; axis < value.rank(); axis++) {
      if (value.dim(axis).symbols().stream().noneMatch(Symbol::isAnonymous)) {
        assertThat(value.dim(axis).evaluate(sizes)).as("%s", value).isEqualTo(actual.size(axis));
      }
    }
    List<Dim> content = value.content().orElse(ImmutableList.of());
    for (int i = 0; i < content.size(); i++) {
      if (content.get(i).symbols().stream().noneMatch(Symbol::isAnonymous)) {
        assertThat(content.get(i).evaluate(sizes))
            .as("%s in %s", content, value.producer())
            .isEqualTo(actual.getLong(i));
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Concat<axis=0>(n1, heads, rest) | [N, 8, -1]",
        "Mul(dims, dims) | [N^2, M^2, 16]",
        "Slice<axes=[0], steps=[-1]>(dims, minusOne, far) | [4, M, N]",
        "Range(zero, four, one) | [0, 1, 2, 3]",
        "ReduceProd<axes=[0]>(dims) | [4*M*N]",
        "Equal(dims, dims) | [1, 1, 1]",
        "Select(same, dims, rest) | [N, M, 4]",
        "Cast<to=int32>(dims) | [N, M, 4]",
        "Expand(n, three) | [N, N, N]",
        "Tile(n1, two) | [N, N]",
        "GreaterOrEqual(dims, zero) | [1, 1, 1]",
      })
  void shapeArithmeticFolds(String operation, String content) {
    Graph graph =
        GraphParser.parse(
            """
            g (float[N,M,4] x) => () {
              dims = ShapeOf(x)
              zero = Constant<value=int64 {0}>()
              one = Constant<value=int64 {1}>()
              four = Constant<value=int64 {4}>()
              minusOne = Constant<value=int64[1] {-1}>()
              far = Constant<value=int64[1] {-9223372036854775807}>()
              heads = Constant<value=int64[1] {8}>()
              rest = Constant<value=int64[1] {-1}>()
              two = Constant<value=int64[1] {2}>()
              three = Constant<value=int64[1] {3}>()
              n = Gather<axis=0>(dims, zero)
              n1 = Unsqueeze<axes=[0]>(n)
              same = Equal(dims, dims)
              y = %s
            }
            """
                .formatted(operation));
    Value y = graph.nodes().getLast().result();
    assertThat(y.content().orElseThrow())
        .hasToString(content.replace("N^2", "N*N").replace("M^2", "M*M"));
  }

  @Test
  void dataHasNoContent() {
    Graph graph =
        GraphParser.parse(
            """
            g (int64[3] x, float[70] many) => () {
              a = Neg(x)
              zero = Constant<value=int64 {0}>()
              limit = Constant<value=int64 {65}>()
              one = Constant<value=int64 {1}>()
              b = Range(zero, limit, one)
              c = ShapeOf(many)
              far = Constant<value=int64[1] {9223372036854775807}>()
              d = Add(far, c)
              e = Cast<to=int32>(far)
            }
            """);
    List<Boolean> known =
        graph.nodes().stream().map(node -> node.result().content().isPresent()).toList();
    assertThat(known).containsExactly(false, true, true, true, false, true, true, false, false);
  }
}
