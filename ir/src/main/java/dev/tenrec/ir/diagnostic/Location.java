package dev.tenrec.ir.diagnostic;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.Collection;
import java.util.stream.Collectors;

/** Where an operation comes from. Kept through every rewrite, down to the TensorRT layer name. */
public sealed interface Location {
  /** No place is known. */
  Location UNKNOWN = new Synthetic("unknown");

  /**
   * One line for errors, for example {@code model.onnx:graph/node[12] 'ln1' (LayerNormalization)}.
   */
  String describe();

  /** A short name for layers and reports, for example {@code ln1}. */
  String label();

  /**
   * A node of an ONNX file.
   *
   * @param model the file's name
   * @param graphPath the nesting of graphs, for example {@code graph} or {@code graph/node[3].body}
   * @param index the node's index in its graph
   * @param name the node's name, may be empty
   * @param operator the operator, with its domain unless that is {@code ai.onnx}
   * @param source the exporter's metadata (name scopes, source lines), may be empty
   */
  record OnnxNode(
      String model, String graphPath, int index, String name, String operator, String source)
      implements Location {
    @Override
    public String describe() {
      return "%s:%s/node[%d] '%s' (%s)%s"
          .formatted(
              model, graphPath, index, name, operator, source.isEmpty() ? "" : " from " + source);
    }

    @Override
    public String label() {
      return name.isEmpty() ? "%s/node[%d].%s".formatted(graphPath, index, operator) : name;
    }
  }

  /** An operation that a rule made out of several. */
  record Fused(ImmutableList<Location> parts, String rule) implements Location {
    @Override
    public String describe() {
      return parts.stream().map(Location::describe).collect(Collectors.joining(" + "))
          + " fused by "
          + rule;
    }

    @Override
    public String label() {
      return parts.stream().map(Location::label).collect(Collectors.joining("+"));
    }
  }

  /** An operation without an origin in the model, named by whatever made it. */
  record Synthetic(String origin) implements Location {
    @Override
    public String describe() {
      return origin;
    }

    @Override
    public String label() {
      return origin;
    }
  }

  /** The location of an operation that {@code rule} made out of operations at {@code parts}. */
  static Location fused(Collection<Location> parts, String rule) {
    ImmutableSet<Location> known =
        parts.stream()
            .flatMap(part ->
                part instanceof Fused fused
                    ? fused.parts().stream()
                    : java.util.stream.Stream.of(part))
            .filter(part -> !part.equals(UNKNOWN))
            .collect(ImmutableSet.toImmutableSet());
    return switch (known.size()) {
      case 0 -> new Synthetic(rule);
      case 1 -> known.iterator().next();
      default -> new Fused(known.asList(), rule);
    };
  }
}
