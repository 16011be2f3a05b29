package dev.tenrec.ir.interpret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.GraphBuilder;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.dim.Symbol;
import dev.tenrec.ir.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/**
 * Evaluates single operations, and checks on the way that inference foretells their results: from
 * sizes alone, from symbols in place of the sizes, and from operands that are constants.
 */
final class Evaluation {
  private Evaluation() {}

  /** The only result of an operation over values that stand for the given tensors. */
  static Tensor evaluate(Function<List<Value>, Op> operation, Tensor... operands) {
    ImmutableList<Tensor> results = evaluateAll(operation, operands);
    assertThat(results).hasSize(1);
    return results.getFirst();
  }

  static ImmutableList<Tensor> evaluateAll(
      Function<List<Value>, Op> operation, Tensor... operands) {
    List<Tensor> tensors = List.of(operands);
    ImmutableList<Tensor> results = onlySizesKnown(operation, tensors);
    constants(operation, tensors, results);
    symbols(operation, tensors, results);
    return results;
  }

  /** The error that the data of the operands leads to, whatever inference can tell. */
  static TenrecException failure(Function<List<Value>, Op> operation, Tensor... operands) {
    return catchThrowableOfType(
        TenrecException.class,
        () -> {
          Op op = operation.apply(inputs(List.of(operands)));
          var _ = Interpreter.evaluate(op, ImmutableList.copyOf(operands), Evaluation::none);
        });
  }

  private static long none(Symbol symbol) {
    throw new AssertionError("nothing binds " + symbol);
  }

  private static List<Value> inputs(List<Tensor> tensors) {
    GraphBuilder builder = new GraphBuilder("operation");
    return IntStream.range(0, tensors.size())
        .mapToObj(i -> builder.input("x" + i, TensorType.of(tensors.get(i))))
        .toList();
  }

  private static ImmutableList<Tensor> onlySizesKnown(
      Function<List<Value>, Op> operation, List<Tensor> tensors) {
    Op op = operation.apply(inputs(tensors));
    ImmutableList<Tensor> results =
        Interpreter.evaluate(op, ImmutableList.copyOf(tensors), Evaluation::none);
    checkTypes(op, results, Evaluation::none);
    return results;
  }

  private static void constants(
      Function<List<Value>, Op> operation, List<Tensor> tensors, List<Tensor> results) {
    List<Value> values =
        tensors.stream().map(tensor -> new Source.Constant(tensor).value()).toList();
    checkTypes(operation.apply(values), results, Evaluation::none);
  }

  /** Each size is a symbol of its own, but vectors of integers, and the length of tuples. */
  private static void symbols(
      Function<List<Value>, Op> operation, List<Tensor> tensors, List<Tensor> results) {
    Map<Symbol, Long> bound = new HashMap<>();
    GraphBuilder builder = new GraphBuilder("operation");
    List<Value> values = new ArrayList<>();
    for (Tensor tensor : tensors) {
      ImmutableList.Builder<Dim> dims = ImmutableList.builder();
      boolean data = tensor.elementType().isFloating() || tensor.rank() > 1;
      for (int axis = 0; axis < tensor.rank(); axis++) {
        Symbol symbol = new Symbol("S" + bound.size());
        bound.put(symbol, tensor.size(axis));
        boolean tuple = !tensor.elementType().isFloating() && axis == tensor.rank() - 1;
        dims.add(tuple ? Dim.of(tensor.size(axis)) : symbol);
      }
      TensorType type = new TensorType(tensor.elementType(), new Shape(dims.build()));
      values.add(
          data ? builder.input("x" + values.size(), type) : new Source.Constant(tensor).value());
    }
    checkTypes(operation.apply(values), results, bound::get);
  }

  private static void checkTypes(Op op, List<Tensor> results, ToLongFunction<Symbol> sizes) {
    ImmutableList<Value> values = Node.of(op).results();
    assertThat(values).hasSameSizeAs(results);
    for (int i = 0; i < results.size(); i++) {
      TensorType type = values.get(i).type();
      Tensor tensor = results.get(i);
      assertThat(type.elementType()).isEqualTo(tensor.elementType());
      assertThat(type.rank()).isEqualTo(tensor.rank());
      for (int axis = 0; axis < type.rank(); axis++) {
        Dim dim = type.dim(axis);
        if (dim.symbols().stream().noneMatch(Symbol::isAnonymous)) {
          assertThat(dim.evaluate(sizes)).as("%s of %s", dim, type).isEqualTo(tensor.size(axis));
        }
      }
      checkContent(values.get(i), tensor, sizes);
    }
  }

  private static void checkContent(Value value, Tensor tensor, ToLongFunction<Symbol> sizes) {
    value
        .content()
        .ifPresent(content -> {
          for (int i = 0; i < content.size(); i++) {
            boolean open = content.get(i).symbols().stream().anyMatch(Symbol::isAnonymous);
            assertThat(open || content.get(i).evaluate(sizes) == tensor.getLong(i))
                .as("element %d of %s", i, content)
                .isTrue();
          }
        });
  }

  /** The outputs of a graph whose inputs are the given tensors in order. */
  static ImmutableMap<String, Tensor> run(Graph graph, Tensor... inputs) {
    Map<String, Tensor> named = new HashMap<>();
    for (int i = 0; i < inputs.length; i++) {
      named.put(graph.inputs().get(i).name(), inputs[i]);
    }
    return Interpreter.of(graph).run(named);
  }
}
