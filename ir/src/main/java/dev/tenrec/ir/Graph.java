package dev.tenrec.ir;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMultiset;
import com.google.common.collect.ImmutableSet;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.dim.Symbol;
import java.util.stream.Stream;

/**
 * A computation: nodes in an order in which each follows what it reads. Immutable; built with
 * {@link GraphBuilder}.
 *
 * @param name the model's name, may be empty
 * @param inputs values that have no producer, with unique names
 * @param nodes in topological order
 * @param outputs what is computed, with unique names
 */
public record Graph(
    String name,
    ImmutableList<Value> inputs,
    ImmutableList<Node> nodes,
    ImmutableList<Output> outputs) {

  /** A value under the name by which the outside knows it. */
  public record Output(String name, Value value) {}

  /** How often each value is read, by operations and as an output of the graph. */
  public ImmutableMultiset<Value> uses() {
    ImmutableMultiset.Builder<Value> uses = ImmutableMultiset.builder();
    nodes.forEach(node -> uses.addAll(node.op().operands()));
    outputs.forEach(output -> uses.add(output.value()));
    return uses.build();
  }

  /** The symbols that the sizes of the inputs give a value to. */
  public ImmutableSet<Symbol> boundSymbols() {
    return inputs.stream()
        .flatMap(input -> input.shape().dims().stream())
        .filter(Symbol.class::isInstance)
        .map(Symbol.class::cast)
        .collect(ImmutableSet.toImmutableSet());
  }

  /** The sizes of all values, inputs among them: none is negative whenever the graph runs. */
  public ImmutableSet<Dim> sizes() {
    return Stream.concat(inputs.stream(), nodes.stream().flatMap(node -> node.results().stream()))
        .flatMap(value -> value.shape().dims().stream())
        .collect(ImmutableSet.toImmutableSet());
  }

  @Override
  public String toString() {
    return "graph '%s' of %d nodes".formatted(name, nodes.size());
  }
}
