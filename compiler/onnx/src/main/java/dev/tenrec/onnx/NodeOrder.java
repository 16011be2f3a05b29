package dev.tenrec.onnx;

import com.google.common.primitives.ImmutableIntArray;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.onnx.proto.NodeProto;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.IntStream;

/** Nodes in an order in which each follows what it reads: the file's own one where that holds. */
final class NodeOrder {
  private final List<NodeProto> nodes;
  private final String path;
  private final Map<String, Integer> producers = new HashMap<>();

  /**
   * @param given names that have a value before the first node
   * @throws TenrecException if a name is computed twice
   */
  NodeOrder(List<NodeProto> nodes, Set<String> given, String path) {
    this.nodes = nodes;
    this.path = path;
    for (int index = 0; index < nodes.size(); index++) {
      for (String output : nodes.get(index).getOutputList()) {
        boolean again = given.contains(output) || producers.put(output, index) != null;
        if (again && !output.isEmpty()) {
          throw invalid(index, "'%s' is computed twice".formatted(output));
        }
      }
    }
    producers.remove("");
  }

  List<Integer> sorted() {
    boolean inOrder =
        IntStream.range(0, nodes.size())
            .allMatch(index ->
                nodes.get(index).getInputList().stream()
                    .allMatch(input -> producers.getOrDefault(input, -1) < index));
    return inOrder ? IntStream.range(0, nodes.size()).boxed().toList() : sort();
  }

  private List<Integer> sort() {
    int[] waitsFor = new int[nodes.size()];
    Map<Integer, ImmutableIntArray.Builder> readers = new HashMap<>();
    for (int index = 0; index < nodes.size(); index++) {
      for (String input : nodes.get(index).getInputList()) {
        Integer producer = producers.get(input);
        if (producer != null) {
          waitsFor[index]++;
          readers.computeIfAbsent(producer, _ -> ImmutableIntArray.builder()).add(index);
        }
      }
    }
    PriorityQueue<Integer> ready = new PriorityQueue<>();
    IntStream.range(0, nodes.size()).filter(i -> waitsFor[i] == 0).forEach(ready::add);
    ImmutableIntArray.Builder order = ImmutableIntArray.builder(nodes.size());
    while (!ready.isEmpty()) {
      int next = ready.remove();
      order.add(next);
      ImmutableIntArray.Builder waiting = readers.getOrDefault(next, ImmutableIntArray.builder());
      waiting.build().stream().filter(i -> --waitsFor[i] == 0).forEach(ready::add);
    }
    for (int index = 0; index < nodes.size(); index++) {
      if (waitsFor[index] > 0) {
        throw invalid(index, "it waits for its own result: the graph has a cycle");
      }
    }
    return order.build().asList();
  }

  private TenrecException invalid(int index, String problem) {
    NodeProto node = nodes.get(index);
    return new TenrecException(
        ErrorCode.INVALID_MODEL,
        "%s/node[%d] '%s' (%s): %s"
            .formatted(path, index, node.getName(), node.getOpType(), problem));
  }
}
