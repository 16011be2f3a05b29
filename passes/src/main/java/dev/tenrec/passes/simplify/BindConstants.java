package dev.tenrec.passes.simplify;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.ControlFlow;
import dev.tenrec.ir.ControlFlow.If;
import dev.tenrec.ir.ControlFlow.Loop;
import dev.tenrec.ir.ControlFlow.Scan;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.GraphBuilder;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.Location;
import dev.tenrec.passes.Pass;
import dev.tenrec.passes.PassContext;
import dev.tenrec.passes.rewrite.GraphRebuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Constants that branches and loops capture → constants inside of them, where they can be folded: a
 * recurrent layer does not slice its weights in each step.
 *
 * <p>Legal for captured values of fixed sizes, which give no symbol a size inside, and that the
 * graph inside does not give back as they are.
 */
public record BindConstants() implements Pass {
  @Override
  public String name() {
    return "bind-constants";
  }

  @Override
  public Graph run(Graph graph, PassContext context) {
    GraphRebuilder rebuilder = new GraphRebuilder(graph);
    for (Node node : graph.nodes()) {
      Optional<ControlFlow> bound =
          rebuilder.remapped(node.op()) instanceof ControlFlow flow && context.mayRewrite()
              ? bound(flow)
              : Optional.empty();
      if (bound.isPresent()) {
        Node now = rebuilder.replace(node, bound.get());
        context.applied(name(), node.results().getFirst(), now.results().getFirst());
      } else {
        rebuilder.keep(node);
      }
    }
    return rebuilder.build();
  }

  private static Optional<ControlFlow> bound(ControlFlow flow) {
    return switch (flow) {
      case If(Graph yes, Graph no, Value condition, var captures) -> {
        Captures all = Captures.of(captures, 0, List.of(yes, no));
        yield all.bound(() -> new If(all.inside(yes), all.inside(no), condition, all.left()));
      }
      case Loop(Graph body, var limit, var condition, var states, var captures) -> {
        Captures all = Captures.of(captures, 1 + states.size(), List.of(body));
        yield all.bound(() -> new Loop(all.inside(body), limit, condition, states, all.left()));
      }
      case Scan(Graph body, var states, var sequences, var captures, boolean reverse) -> {
        Captures all = Captures.of(captures, states.size() + sequences.size(), List.of(body));
        yield all.bound(() -> new Scan(all.inside(body), states, sequences, all.left(), reverse));
      }
    };
  }

  /**
   * What an operation captures.
   *
   * @param first the position of the first of the values among the inputs of a body
   * @param constants the positions of those that become constants inside
   */
  private record Captures(ImmutableList<Value> values, int first, Set<Integer> constants) {
    static Captures of(ImmutableList<Value> values, int first, List<Graph> bodies) {
      return new Captures(
          values,
          first,
          IntStream.range(0, values.size())
              .filter(i -> values.get(i).constant().isPresent())
              .filter(i ->
                  bodies.stream().allMatch(body -> mayBind(body, body.inputs().get(first + i))))
              .boxed()
              .collect(Collectors.toSet()));
    }

    private static boolean mayBind(Graph body, Value input) {
      return input.shape().isStatic()
          && body.outputs().stream().noneMatch(output -> output.value() == input);
    }

    Optional<ControlFlow> bound(Supplier<ControlFlow> made) {
      return constants.isEmpty() ? Optional.empty() : Optional.of(made.get());
    }

    ImmutableList<Value> left() {
      return IntStream.range(0, values.size())
          .filter(i -> !constants.contains(i))
          .mapToObj(values::get)
          .collect(ImmutableList.toImmutableList());
    }

    Graph inside(Graph body) {
      GraphBuilder builder = new GraphBuilder(body.name());
      Map<Value, Value> now = new HashMap<>();
      for (int i = 0; i < body.inputs().size(); i++) {
        Value input = body.inputs().get(i);
        if (constants.contains(i - first)) {
          Source.Constant constant =
              values.get(i - first).producedBy(Source.Constant.class).orElseThrow();
          Location place = values.get(i - first).producer().orElseThrow().location();
          now.put(input, Node.of(constant, place, List.of(input.name())).result());
        } else {
          builder.addInput(input);
        }
      }
      for (Node node : body.nodes()) {
        ImmutableList<Value> operands =
            node.op().operands().stream()
                .map(operand -> now.getOrDefault(operand, operand))
                .collect(ImmutableList.toImmutableList());
        Node moved = operands.equals(node.op().operands()) ? node : node.withOperands(operands);
        builder.add(moved);
        for (int i = 0; i < moved.results().size(); i++) {
          now.put(node.results().get(i), moved.results().get(i));
        }
      }
      body.outputs()
          .forEach(output ->
              builder.output(output.name(), now.getOrDefault(output.value(), output.value())));
      return builder.build();
    }
  }
}
