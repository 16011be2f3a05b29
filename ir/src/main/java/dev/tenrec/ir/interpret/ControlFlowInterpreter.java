package dev.tenrec.ir.interpret;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.ControlFlow;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.dim.Symbol;
import dev.tenrec.ir.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Control flow: graphs that are run several times or not at all. */
final class ControlFlowInterpreter {
  private ControlFlowInterpreter() {}

  static ImmutableList<Tensor> evaluate(ControlFlow op, List<Tensor> in) {
    return switch (op) {
      case ControlFlow.If branches ->
          run(
              Interpreter.of(isTrue(in.getFirst()) ? branches.thenBranch() : branches.elseBranch()),
              rest(in, 1));
      case ControlFlow.Loop loop -> loop(loop, in);
      case ControlFlow.Scan scan -> scan(scan, in);
    };
  }

  private static boolean isTrue(Tensor scalar) {
    return scalar.getLong(0) != 0;
  }

  private static List<Tensor> rest(List<Tensor> tensors, int from) {
    return tensors.subList(from, tensors.size());
  }

  private static ImmutableList<Tensor> run(Interpreter interpreter, List<Tensor> inputs) {
    List<String> names = interpreter.signature().inputs().keySet().asList();
    Map<String, Tensor> named = new LinkedHashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      named.put(names.get(i), inputs.get(i));
    }
    return interpreter.run(named).values().asList();
  }

  private static ImmutableList<Tensor> loop(ControlFlow.Loop loop, List<Tensor> in) {
    int next = 0;
    long limit = loop.limit().isPresent() ? in.get(next++).getLong(0) : Long.MAX_VALUE;
    boolean goesOn = loop.condition().isEmpty() || isTrue(in.get(next++));
    List<Tensor> states = in.subList(next, next + loop.states().size());
    List<Tensor> captures = rest(in, next + loop.states().size());
    List<List<Tensor>> collected = new ArrayList<>();
    Interpreter interpreter = Interpreter.of(loop.body());
    for (long turn = 0; turn < limit && goesOn; turn++) {
      ImmutableList<Tensor> outputs = run(interpreter, turn(turn, states, captures));
      goesOn = loop.condition().isEmpty() || isTrue(outputs.getFirst());
      states = outputs.subList(loop.firstState(), loop.firstStep());
      collected.add(rest(outputs, loop.firstStep()));
    }
    ImmutableList.Builder<Tensor> results = ImmutableList.<Tensor>builder().addAll(states);
    for (int k = loop.firstStep(); k < loop.body().outputs().size(); k++) {
      List<Tensor> parts = parts(collected, k - loop.firstStep());
      results.add(
          parts.isEmpty()
              ? nothing(loop.body(), k, turn(0, states, captures))
              : stack("Loop", parts));
    }
    return results.build();
  }

  private static List<Tensor> turn(long turn, List<Tensor> states, List<Tensor> captures) {
    List<Tensor> inputs = new ArrayList<>();
    inputs.add(Tensor.ofLongs(turn).withSizes(ImmutableLongArray.of()));
    inputs.addAll(states);
    inputs.addAll(captures);
    return inputs;
  }

  private static ImmutableList<Tensor> scan(ControlFlow.Scan scan, List<Tensor> in) {
    Graph body = scan.body();
    int stateCount = scan.states().size();
    List<Tensor> states = in.subList(0, stateCount);
    List<Tensor> sequences = in.subList(stateCount, stateCount + scan.sequences().size());
    List<Tensor> captures = rest(in, stateCount + sequences.size());
    long steps = sequences.getFirst().size(0);
    sequences.forEach(
        x -> Checks.check(x.size(0) == steps, "Scan: %s does not have %d steps", x, steps));
    List<List<Tensor>> collected = new ArrayList<>();
    Interpreter interpreter = Interpreter.of(body);
    for (long i = 0; i < steps; i++) {
      long step = scan.reverse() ? steps - 1 - i : i;
      List<Tensor> inputs = new ArrayList<>(states);
      sequences.forEach(sequence -> inputs.add(at(sequence, step)));
      inputs.addAll(captures);
      List<Tensor> outputs = run(interpreter, inputs);
      states = outputs.subList(0, stateCount);
      collected.add(rest(outputs, stateCount));
    }
    ImmutableList.Builder<Tensor> results = ImmutableList.<Tensor>builder().addAll(states);
    for (int k = stateCount; k < body.outputs().size(); k++) {
      List<Tensor> parts = parts(collected, k - stateCount);
      results.add(
          parts.isEmpty()
              ? nothing(body, k, firstStep(scan, in))
              : stack("Scan", scan.reverse() ? parts.reversed() : parts));
    }
    return results.build();
  }

  private static List<Tensor> parts(List<List<Tensor>> collected, int output) {
    return collected.stream().map(step -> step.get(output)).toList();
  }

  private static Map<String, Tensor> named(Graph body, List<Tensor> inputs) {
    Map<String, Tensor> named = new LinkedHashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      named.put(body.inputs().get(i).name(), inputs.get(i));
    }
    return named;
  }

  /** One step of a sequence. */
  private static Tensor at(Tensor sequence, long step) {
    ImmutableLongArray sizes = sequence.sizes().subArray(1, sequence.rank());
    long count = Positions.count(sizes);
    return Tensor.ofBits(sequence.elementType(), sizes, i -> sequence.getBits(step * count + i));
  }

  private static Tensor stack(String operation, List<Tensor> parts) {
    Tensor first = parts.getFirst();
    parts.forEach(part -> Checks.sizes(operation + ": the output of a step", part, first.sizes()));
    ImmutableLongArray sizes =
        ImmutableLongArray.builder().add(parts.size()).addAll(first.sizes()).build();
    int count = Math.toIntExact(first.count());
    return Tensor.ofBits(first.elementType(), sizes, i -> parts.get(i / count).getBits(i % count));
  }

  /** Tensors of the types that a step would see, if there were one. */
  private static List<Tensor> firstStep(ControlFlow.Scan scan, List<Tensor> in) {
    int stateCount = scan.states().size();
    List<Tensor> inputs = new ArrayList<>();
    for (int i = 0; i < in.size(); i++) {
      Tensor x = in.get(i);
      boolean sequence = i >= stateCount && i < stateCount + scan.sequences().size();
      inputs.add(
          sequence ? Tensor.ofBits(x.elementType(), x.sizes().subArray(1, x.rank()), _ -> 0) : x);
    }
    return inputs;
  }

  /** What is collected from no step: of the type that the body declares. */
  private static Tensor nothing(Graph body, int output, List<Tensor> inputs) {
    Map<Symbol, Long> bound = Signature.of(body).bind(named(body, inputs));
    TensorType type = body.outputs().get(output).value().type();
    if (!bound.keySet().containsAll(symbols(type))) {
      throw new TenrecException(
          ErrorCode.UNSUPPORTED,
          "no step has run that would tell the sizes of '%s', %s"
              .formatted(body.outputs().get(output).name(), type));
    }
    ImmutableLongArray step = type.shape().evaluate(bound::get);
    ImmutableLongArray sizes = ImmutableLongArray.builder().add(0).addAll(step).build();
    return Tensor.ofBits(type.elementType(), sizes, _ -> 0);
  }

  private static ImmutableSet<Symbol> symbols(TensorType type) {
    return type.shape().dims().stream()
        .flatMap(dim -> dim.symbols().stream())
        .collect(ImmutableSet.toImmutableSet());
  }
}
