package dev.tenrec.tensorrt;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.diagnostic.Location;
import dev.tenrec.tensorrt.layer.NetworkTensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What was added to a {@link RecordedNetwork}, step by step. */
final class LayerJournal {
  private final List<RecordedLayer> layers = new ArrayList<>();
  private final LayerNames names = new LayerNames();
  private @Nullable Node node;

  /** The operation that is being expressed, if any. */
  @Nullable Node node() {
    return node;
  }

  /** What follows expresses an operation, or none. */
  void expressing(@Nullable Node next) {
    node = next;
  }

  /** A layer, named after its location. */
  void layer(String kind, Location location, Tensors tensors, String line) {
    layers.add(
        new RecordedLayer(
            kind,
            names.next(location),
            line,
            numbers(tensors.operands()),
            numbers(tensors.results()),
            location,
            Optional.ofNullable(node)));
  }

  /** An input or output, which has a name of its own. */
  void border(String kind, String name, Tensors tensors, String line) {
    layers.add(
        new RecordedLayer(
            kind,
            name,
            line,
            numbers(tensors.operands()),
            numbers(tensors.results()),
            Location.UNKNOWN,
            Optional.empty()));
  }

  /** What a layer reads and makes. */
  record Tensors(
      Collection<? extends NetworkTensor> operands, Collection<? extends NetworkTensor> results) {}

  private static ImmutableList<Integer> numbers(Collection<? extends NetworkTensor> tensors) {
    return tensors.stream()
        .map(tensor -> ((RecordedTensor) tensor).number())
        .collect(ImmutableList.toImmutableList());
  }

  ImmutableList<RecordedLayer> layers() {
    return ImmutableList.copyOf(layers);
  }

  /** One line per step. */
  String listing() {
    return layers.stream().map(RecordedLayer::line).collect(Collectors.joining("\n", "", "\n"));
  }
}
