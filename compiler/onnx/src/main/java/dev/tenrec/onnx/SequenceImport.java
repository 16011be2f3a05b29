package dev.tenrec.onnx;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Indexing.Gather;
import dev.tenrec.ir.Provenance;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.onnx.OperatorTable.Result;
import dev.tenrec.onnx.proto.GraphProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Sequences and optional values, which are gone after the import. */
final class SequenceImport {
  private static final String ADVICE =
      "sequences are resolved before the model runs; export it with fixed lengths and positions";

  private SequenceImport() {}

  static void register(OperatorTable on) {
    on.result("Identity", n -> Result.of(n.datum(0)));
    on.result("SequenceEmpty", SequenceImport::empty);
    on.result(
        "SequenceConstruct", n -> Result.of(Datum.sequence(n.inputs().stream().map(Datum::of))));
    on.result("SequenceInsert", SequenceImport::insert);
    on.result("SequenceErase", SequenceImport::erase);
    on.result("SequenceAt", SequenceImport::at);
    on.result("SequenceLength", n -> Result.of(Terms.index(elements(n, 0).size())));
    on.result("SplitToSequence", SequenceImport::split);
    on.result("ConcatFromSequence", SequenceImport::concat);
    on.results("SequenceMap", SequenceImport::map);
    on.result("Optional", SequenceImport::optional);
    on.result("OptionalHasElement", SequenceImport::hasElement);
    on.result("OptionalGetElement", SequenceImport::element);
    on.limit("SplitToSequence", "the length of the axis is known");
    on.limit("SequenceAt", "the position is known");
  }

  /** The elements of an input that is a sequence. */
  private static ImmutableList<Datum> elements(NodeContext n, int input) {
    Datum datum = n.datum(input);
    if (datum instanceof Datum.Sequence(var elements)) {
      return elements;
    }
    throw n.invalid("input %d is %s, not a sequence".formatted(input, datum.describe()));
  }

  private static Result sequence(List<Datum> elements) {
    return Result.of(Datum.sequence(elements.stream()));
  }

  /** The element type matters only to what is inserted, which has one of its own. */
  private static Result empty(NodeContext n) {
    n.intAttribute("dtype", 0);
    return sequence(List.of());
  }

  /** A position that the import must know, counted from the front. */
  private static int position(NodeContext n, int input, int count) {
    long position =
        n.knownInput(input)
            .orElseThrow(() ->
                n.unsupported("the position in a sequence is computed at run time")
                    .advise(ADVICE)
                    .needing(Provenance.inputsBehind(n.input(input))))
            .getLong(0);
    if (position < -count || position >= count) {
      throw n.invalid("position %d of a sequence with %d places".formatted(position, count));
    }
    return (int) (position < 0 ? position + count : position);
  }

  /** Before the element at a position; at the end, if there is none. */
  private static Result insert(NodeContext n) {
    List<Datum> elements = new ArrayList<>(elements(n, 0));
    int count = elements.size();
    int place = count;
    if (n.hasInput(2)) {
      long given = n.knownInput(2).map(t -> t.getLong(0)).orElse(0L);
      // The place behind the last element has a number, too, but none that counts from the end.
      place = given == count ? count : position(n, 2, count);
    }
    elements.add(place, Datum.of(n.input(1)));
    return sequence(elements);
  }

  private static Result erase(NodeContext n) {
    List<Datum> elements = new ArrayList<>(elements(n, 0));
    if (elements.isEmpty()) {
      throw n.invalid("nothing can be erased from an empty sequence");
    }
    elements.remove(n.hasInput(1) ? position(n, 1, elements.size()) : elements.size() - 1);
    return sequence(elements);
  }

  /** At a run-time position, the elements are stacked, if they are alike. */
  private static Result at(NodeContext n) {
    List<Datum> elements = elements(n, 0);
    boolean alike =
        !elements.isEmpty()
            && elements.stream().allMatch(e -> e.tensor().isPresent())
            && elements.stream().map(e -> e.tensor().orElseThrow().type()).distinct().count() == 1;
    return n.knownInput(1).isPresent() || !alike
        ? Result.of(elements.get(position(n, 1, elements.size())))
        : Result.of(new Gather(stacked(n, elements, 0), n.scalarInput(1), 0));
  }

  private static Value stacked(NodeContext n, List<Datum> elements, int axis) {
    return joined(n, elements.stream().map(e -> Terms.unsqueeze(tensor(n, e), axis)), axis);
  }

  private static Value tensor(NodeContext n, Datum element) {
    return element
        .tensor()
        .orElseThrow(() -> n.invalid("an element is %s".formatted(element.describe())));
  }

  private static Value joined(NodeContext n, Stream<Value> parts, int axis) {
    List<Value> all = parts.toList();
    if (all.isEmpty()) {
      throw n.invalid("an empty sequence cannot be concatenated");
    }
    return Terms.concat(axis, all);
  }

  private static Result concat(NodeContext n) {
    List<Datum> elements = elements(n, 0);
    if (elements.isEmpty()) {
      throw n.invalid("an empty sequence cannot be concatenated");
    }
    boolean stacks = n.flag("new_axis", false);
    int rank = tensor(n, elements.getFirst()).rank() + (stacks ? 1 : 0);
    int axis = n.axis(n.required(n.attributes().integer("axis"), "axis"), rank);
    return Result.of(
        stacks
            ? stacked(n, elements, axis)
            : joined(n, elements.stream().map(e -> tensor(n, e)), axis));
  }

  /** Parts of given sizes, of one size (the last may be smaller), or of size 1. */
  private static Result split(NodeContext n) {
    Value x = n.input(0);
    int axis = n.axisAttribute("axis", 0, x.rank());
    boolean keep = n.flag("keepdims", true) || n.hasInput(1);
    Optional<Tensor> sizes = n.optionalConstantInput(1);
    List<Datum> parts = new ArrayList<>();
    long start = 0;
    for (long size : sizes(n, x, axis, sizes)) {
      Value part = Terms.slice(x, axis, start, start + size);
      parts.add(Datum.of(keep ? part : Terms.squeeze(part, axis)));
      start += size;
    }
    return sequence(parts);
  }

  private static List<Long> sizes(NodeContext n, Value x, int axis, Optional<Tensor> split) {
    OptionalLong total = x.dim(axis).value();
    if (total.isEmpty()) {
      throw n.unsupported("the length of axis %d of %s is not known".formatted(axis, x.type()))
          .advise(ADVICE)
          .needing(Provenance.inputsBehind(x));
    }
    if (split.isPresent() && split.get().rank() == 1) {
      List<Long> given = ImmutableLongArray.copyOf(split.get().toLongs()).asList();
      if (given.stream().anyMatch(size -> size < 0)
          || given.stream().mapToLong(Long::longValue).sum() != total.getAsLong()) {
        throw n.invalid("parts of sizes %s of axis %d of %s".formatted(given, axis, x.type()));
      }
      return given;
    }
    long size = split.map(tensor -> tensor.getLong(0)).orElse(1L);
    if (size < 1) {
      throw n.invalid("parts of size " + size);
    }
    List<Long> sizes = new ArrayList<>();
    for (long start = 0; start < total.getAsLong(); start += size) {
      sizes.add(Math.min(size, total.getAsLong() - start));
    }
    return sizes;
  }

  /** The body once per element; inputs that are no sequences are the same each time. */
  private static List<Result> map(NodeContext n) {
    GraphProto body = n.required(n.attributes().graph("body"), "body");
    int count = elements(n, 0).size();
    List<List<Datum>> turns = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<Datum> inputs = new ArrayList<>();
      for (int k = 0; k < n.inputCount(); k++) {
        inputs.add(step(n, k, i, count));
      }
      turns.add(GraphImport.inline(n, body, "body", inputs));
    }
    List<Result> results = new ArrayList<>();
    for (int k = 0; k < body.getOutputCount(); k++) {
      int output = k;
      results.add(sequence(turns.stream().map(turn -> turn.get(output)).toList()));
    }
    return results;
  }

  private static Datum step(NodeContext n, int input, int turn, int count) {
    if (n.datum(input) instanceof Datum.Sequence(var elements)) {
      if (elements.size() != count) {
        throw n.invalid("sequences of lengths %d and %d".formatted(count, elements.size()));
      }
      return elements.get(turn);
    }
    return n.datum(input);
  }

  /** The type matters only where there is no value, and nobody can ask for it then. */
  private static Result optional(NodeContext n) {
    n.attributes().ignore("type");
    return Result.of(new Datum.Maybe(n.optionalDatum(0)));
  }

  private static Result hasElement(NodeContext n) {
    boolean there =
        n.optionalDatum(0)
            .filter(d -> !(d instanceof Datum.Maybe(var c) && c.isEmpty()))
            .isPresent();
    return Result.of(Terms.scalar(ElementType.BOOL, there ? 1 : 0));
  }

  private static Result element(NodeContext n) {
    return Result.of(
        n.datum(0) instanceof Datum.Maybe(var content)
            ? content.orElseThrow(() -> n.invalid("the optional value is not there"))
            : n.datum(0));
  }
}
