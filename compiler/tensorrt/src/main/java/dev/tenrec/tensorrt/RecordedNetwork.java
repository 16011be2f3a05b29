package dev.tenrec.tensorrt;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.ControlFlow;
import dev.tenrec.ir.Executable;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.GraphBuilder;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.Location;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.interpret.Interpreter;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.runtime.bindings.SizesOutput;
import dev.tenrec.runtime.bindings.TensorRtVersion;
import dev.tenrec.tensorrt.LayerJournal.Tensors;
import dev.tenrec.tensorrt.layer.Layer;
import dev.tenrec.tensorrt.layer.NetworkTensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A network that exists in Java only. It refuses what TensorRT's documentation refuses, and knows
 * of every layer what it computes: so it infers shapes, and can be executed where there is no
 * TensorRT.
 */
public final class RecordedNetwork implements TensorRtNetwork {
  /**
   * A graph that layers are added to: the network's, or that of a loop's body.
   *
   * @param captures tensors from outside, as inputs of the body
   */
  private record Frame(GraphBuilder graph, Map<RecordedTensor, Value> captures) {
    Frame(String name) {
      this(new GraphBuilder(name), new LinkedHashMap<>());
    }
  }

  private final TensorRtVersion version;
  private final Deque<Frame> frames = new ArrayDeque<>();
  private final LayerJournal journal = new LayerJournal();
  private final List<RecordedTensor> tensors = new ArrayList<>();
  private final Set<Value> outputs = new HashSet<>();

  /** A network for the newest version. */
  public RecordedNetwork() {
    this(TensorRtVersion.NEWEST);
  }

  public RecordedNetwork(TensorRtVersion version) {
    this.version = version;
    frames.push(new Frame("network"));
  }

  @Override
  public TensorRtVersion version() {
    return version;
  }

  @Override
  public NetworkTensor input(String name, TensorType type) {
    LayerRules.checkInput(name, type);
    RecordedTensor input = tensor(frames.element().graph().input(name, type));
    journal.border(
        "Input",
        name,
        new Tensors(List.of(), List.of(input)),
        "%s = input '%s' : %s".formatted(input, name, type));
    return input;
  }

  @Override
  public void expressing(Node node) {
    journal.expressing(node);
  }

  @Override
  public ImmutableList<NetworkTensor> addAll(Layer layer, Location location) {
    try {
      LayerRules.check(layer, version);
      Set<NetworkTensor> read = new LinkedHashSet<>();
      ImmutableList<Value> values = new Meaning(tensor -> value(tensor, read)).of(layer);
      for (Value value : values) {
        LayerRules.checkRank(value.rank());
        value.producer().ifPresent(node -> frames.element().graph().add(node, location));
      }
      ImmutableList<NetworkTensor> results = tensors(values);
      journal.layer(
          layer.getClass().getSimpleName(),
          location,
          new Tensors(read, results),
          "%s = %s : %s".formatted(list(results), layer, text(results)));
      return results;
    } catch (TenrecException e) {
      throw e.at(location);
    }
  }

  @Override
  public ImmutableList<NetworkTensor> loop(Loop loop, Location location) {
    Frame inner = new Frame("body");
    if (isCounted(loop)) {
      inner.graph().input("number", TensorType.of(ElementType.INT64));
    }
    ImmutableList<NetworkTensor> turn = turn(loop, inner, location);
    ImmutableList<NetworkTensor> next = body(loop.body(), turn, inner);
    journal.layer("LoopNext", location, new Tensors(next, List.of()), "next " + list(next));
    ImmutableList<Value> captures = values(inner.captures().keySet());
    Graph body = inner.graph().build();
    ControlFlow meaning =
        isCounted(loop)
            ? new ControlFlow.Loop(
                body,
                loop.turns().map(this::value),
                loop.condition().map(this::value),
                values(loop.states()),
                captures)
            : new ControlFlow.Scan(
                body, values(loop.states()), values(loop.sequences()), captures, loop.reverse());
    return results(meaning, "LoopOutput", location);
  }

  /** Whether no sequence tells the number of turns. */
  private static boolean isCounted(Loop loop) {
    return loop.condition().isPresent() || loop.sequences().isEmpty();
  }

  @Override
  public ImmutableList<NetworkTensor> conditional(Conditional conditional, Location location) {
    Frame yes = new Frame("then");
    Frame no = new Frame("else");
    ImmutableList<Value> outer = values(conditional.inputs());
    ImmutableList<NetworkTensor> inputs = inputs(yes, types(outer));
    yes.graph().inputs().forEach(no.graph()::addInput);
    List<NetworkTensor> read = new ArrayList<>(conditional.inputs());
    read.addFirst(conditional.condition());
    journal.layer(
        "Condition",
        location,
        new Tensors(read, inputs),
        "%s = if %s with %s : %s"
            .formatted(
                list(inputs), conditional.condition(), list(conditional.inputs()), text(inputs)));
    branch("then", body(conditional.thenBranch(), inputs, yes), location);
    branch("else", body(conditional.elseBranch(), inputs, no), location);
    if (!yes.captures().isEmpty() || !no.captures().isEmpty()) {
      throw new TenrecException(
          ErrorCode.INTERNAL, "a branch reads a tensor that is not one of its inputs");
    }
    Value condition = value(conditional.condition());
    return results(
        new ControlFlow.If(yes.graph().build(), no.graph().build(), condition, outer),
        "ConditionalOutput",
        location);
  }

  private void branch(String which, ImmutableList<NetworkTensor> results, Location location) {
    journal.layer("Branch", location, new Tensors(results, List.of()), which + " " + list(results));
  }

  private ImmutableList<NetworkTensor> body(
      Body body, ImmutableList<NetworkTensor> inputs, Frame inner) {
    @Nullable Node owner = journal.node();
    frames.push(inner);
    ImmutableList<NetworkTensor> results = body.add(inputs);
    journal.expressing(owner);
    for (int i = 0; i < results.size(); i++) {
      inner.graph().output("next" + i, value(results.get(i)));
    }
    frames.pop();
    return results;
  }

  private ImmutableList<NetworkTensor> results(ControlFlow op, String kind, Location location) {
    Node node = Node.of(op, location, List.of());
    frames.element().graph().add(node);
    ImmutableList<NetworkTensor> results = tensors(node.results());
    String what = op instanceof ControlFlow.If ? "end of branches" : "end of loop";
    journal.layer(
        kind,
        location,
        new Tensors(List.of(), results),
        "%s = %s : %s".formatted(list(results), what, text(results)));
    return results;
  }

  private ImmutableList<NetworkTensor> turn(Loop loop, Frame inner, Location location) {
    // The condition is a recurrence, too, but nothing in the body reads it.
    loop.condition().ifPresent(condition -> tensor(value(condition)));
    List<TensorType> types = new ArrayList<>(types(values(loop.states())));
    values(loop.sequences()).forEach(sequence -> types.add(LayerRules.step(sequence.type())));
    ImmutableList<NetworkTensor> turn = inputs(inner, types);
    List<NetworkTensor> read = new ArrayList<>(loop.states());
    read.addAll(loop.sequences());
    loop.turns().ifPresent(read::add);
    loop.condition().ifPresent(read::add);
    journal.layer(
        "Loop",
        location,
        new Tensors(read, turn),
        "%s = loop %s%s%sfrom %s over %s : %s"
            .formatted(
                list(turn),
                loop.turns().map("%s times "::formatted).orElse(""),
                loop.condition().map("while %s "::formatted).orElse(""),
                loop.reverse() ? "backwards " : "",
                list(loop.states()),
                list(loop.sequences()),
                text(turn)));
    return turn;
  }

  private ImmutableList<NetworkTensor> inputs(Frame inner, List<TensorType> types) {
    ImmutableList.Builder<NetworkTensor> inputs = ImmutableList.builder();
    for (TensorType type : types) {
      Value input = inner.graph().input("turn" + tensors.size(), type);
      RecordedTensor tensor = new RecordedTensor(tensors.size(), input, frames.size());
      tensors.add(tensor);
      inputs.add(tensor);
    }
    return inputs.build();
  }

  @Override
  public void output(NetworkTensor tensor, String name) {
    Value value = value(tensor);
    if (value.producer().isEmpty() || !outputs.add(value)) {
      throw new TenrecException(
          ErrorCode.INTERNAL,
          "output '%s' is an input or another output; it needs an identity layer".formatted(name));
    }
    frames.element().graph().output(name, value);
    border(tensor, name);
  }

  /** Only notes it: what is computed here knows its sizes. */
  @Override
  public void sizesOutput(NetworkTensor sizes, String output) {
    border(sizes, SizesOutput.of(output));
  }

  private void border(NetworkTensor tensor, String output) {
    journal.border(
        "Output",
        output,
        new Tensors(List.of(tensor), List.of()),
        "output '%s' = %s".formatted(output, tensor));
  }

  private Value value(NetworkTensor tensor, Set<NetworkTensor> read) {
    read.add(tensor);
    return value(tensor);
  }

  /** What a tensor holds, as seen by the layers being added: a loop captures outer tensors. */
  private Value value(NetworkTensor tensor) {
    RecordedTensor recorded = (RecordedTensor) tensor;
    Frame frame = frames.element();
    return recorded.depth() == frames.size() - 1
        ? recorded.value()
        : frame
            .captures()
            .computeIfAbsent(
                recorded,
                outer -> frame.graph().input("outer" + outer.number(), outer.value().type()));
  }

  private ImmutableList<Value> values(Collection<? extends NetworkTensor> some) {
    return some.stream().map(this::value).collect(ImmutableList.toImmutableList());
  }

  private RecordedTensor tensor(Value value) {
    RecordedTensor tensor = new RecordedTensor(tensors.size(), value, frames.size() - 1);
    tensors.add(tensor);
    return tensor;
  }

  private ImmutableList<NetworkTensor> tensors(List<Value> values) {
    return values.stream().map(this::tensor).collect(ImmutableList.toImmutableList());
  }

  private static List<TensorType> types(List<Value> values) {
    return values.stream().map(Value::type).toList();
  }

  private static String list(List<NetworkTensor> some) {
    return some.stream().map(NetworkTensor::toString).collect(Collectors.joining(", "));
  }

  private static String text(List<NetworkTensor> some) {
    return some.stream()
        .map(tensor -> ((RecordedTensor) tensor).value().type().toString())
        .collect(Collectors.joining(", "));
  }

  /** All tensors in the order in which they were made. */
  ImmutableList<RecordedTensor> tensors() {
    return ImmutableList.copyOf(tensors);
  }

  /** One line per input, layer and output. */
  public String listing() {
    return journal.listing();
  }

  /** Inputs, layers and outputs in the order in which they were added. */
  public ImmutableList<RecordedLayer> layers() {
    return journal.layers();
  }

  /** What the layers compute, as a graph. */
  public Graph meaning() {
    return frames.element().graph().build();
  }

  /** Computes what the layers say, in Java. */
  public Executable executable() {
    return Interpreter.of(meaning());
  }
}
