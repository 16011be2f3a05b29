package dev.tenrec.onnx;

import static dev.tenrec.ir.Terms.activation;
import static dev.tenrec.ir.Terms.add;
import static dev.tenrec.ir.Terms.binary;
import static dev.tenrec.ir.Terms.cast;
import static dev.tenrec.ir.Terms.concat;
import static dev.tenrec.ir.Terms.div;
import static dev.tenrec.ir.Terms.expand;
import static dev.tenrec.ir.Terms.less;
import static dev.tenrec.ir.Terms.mul;
import static dev.tenrec.ir.Terms.reshape;
import static dev.tenrec.ir.Terms.reshapeKeeping;
import static dev.tenrec.ir.Terms.scalar;
import static dev.tenrec.ir.Terms.select;
import static dev.tenrec.ir.Terms.unsqueeze;
import static dev.tenrec.ir.Terms.vector;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Contraction.MatMul;
import dev.tenrec.ir.Elementwise.ActivationKind;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Normalization.Softmax;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Shuffle.Pad;
import dev.tenrec.ir.Shuffle.PadMode;
import dev.tenrec.ir.Shuffle.Reshape;
import dev.tenrec.ir.Shuffle.Transpose;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.onnx.OperatorTable.Result;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Attention by its definition: softmax(softcap(scale Q K) + bias) V, where the bias is what the
 * mask, causality and padding say. [N, heads, steps, size], or [N, steps, heads size].
 */
final class AttentionImport {
  private static final ImmutableList<Integer> HEADS_FIRST = ImmutableList.of(0, 2, 1, 3);

  private final NodeContext n;
  private final boolean flat;
  private final Value queries;
  private final Value presentKeys;
  private final Value presentValues;

  private AttentionImport(NodeContext n) {
    this.n = n;
    this.flat = n.input(0).rank() == 3;
    this.queries = heads(0, "q_num_heads");
    this.presentKeys = withPast(heads(1, "kv_num_heads"), 4);
    this.presentValues = withPast(heads(2, "kv_num_heads"), 5);
  }

  static void register(OperatorTable on) {
    on.results("Attention", n -> new AttentionImport(n).run());
    on.op("RotaryEmbedding", RotaryImport::rotate);
    on.limit("Attention", "numbers and sizes of heads are fixed");
    on.limit("RotaryEmbedding", "sizes of heads are fixed");
  }

  private Value heads(int input, String attribute) {
    Optional<Long> count = n.attributes().integer(attribute);
    Value x = n.input(input, flat ? 3 : 4);
    if (!flat) {
      return x;
    }
    Value split = reshapeKeeping(x, 0, 0, n.required(count, attribute), -1);
    return new Transpose(split, HEADS_FIRST).value();
  }

  private Value withPast(Value x, int input) {
    return n.optionalInput(input).map(past -> concat(2, past, x)).orElse(x);
  }

  private List<Result> run() {
    Value products = products();
    Value capped = softcap(products);
    Value biased = bias().map(bias -> add(capped, bias)).orElse(capped);
    Value weights = softmax(biased);
    Op attended = new MatMul(weights, repeated(presentValues));
    if (flat) {
      Value stepsFirst = new Transpose(attended.value(), HEADS_FIRST).value();
      attended = new Reshape(stepsFirst, vector(0, 0, -1), true);
    }
    long mode = n.intAttribute("qk_matmul_output_mode", 0);
    if (mode < 0 || mode > 3) {
      throw n.invalid("qk_matmul_output_mode is " + mode);
    }
    Value shown = List.of(products, capped, biased, weights).get((int) mode);
    return List.of(
        Result.of(attended), Result.of(presentKeys), Result.of(presentValues), Result.of(shown));
  }

  private Value products() {
    long size = fixed(queries, 3, "size of the heads");
    double scale = n.attributes().number("scale").orElse(1 / Math.sqrt((double) size));
    Value scaled = mul(queries, number(scale));
    return new MatMul(scaled, repeated(presentKeys), false, true).value();
  }

  /** Several heads of the queries may share one of the keys and values. */
  private Value repeated(Value x) {
    long wanted = fixed(queries, 1, "number of heads");
    long heads = fixed(x, 1, "number of heads");
    if (wanted == heads) {
      return x;
    }
    if (heads == 0 || wanted % heads != 0) {
      throw n.invalid("%d heads of queries cannot share %d of keys".formatted(wanted, heads));
    }
    Value apart = unsqueeze(x, 2);
    Value copies = expand(apart, vector(1, 1, wanted / heads, 1, 1));
    Value shape = n.sizes(n.sizeOf(x, 0), Size.of(wanted), n.sizeOf(x, 2), n.sizeOf(x, 3));
    return reshape(copies, shape);
  }

  private long fixed(Value x, int axis, String what) {
    return x.dim(axis)
        .value()
        .orElseThrow(() ->
            n.unsupported("the %s of %s is not fixed".formatted(what, x.type()))
                .advise("export the model with a fixed number and size of heads"));
  }

  /** limit tanh(x / limit). */
  private Value softcap(Value x) {
    double limit = n.floatAttribute("softcap", 0);
    if (limit == 0) {
      return x;
    }
    Value quotient = div(x, number(limit));
    Value tanh = activation(ActivationKind.TANH, quotient);
    return mul(tanh, number(limit));
  }

  private Optional<Value> bias() {
    Optional<Value> mask = n.optionalInput(3).map(this::maskBias);
    Optional<Value> causal =
        n.flag("is_causal", false) ? Optional.of(causalBias()) : Optional.empty();
    Optional<Value> padding = n.optionalInput(6).map(this::paddingBias);
    return Stream.of(mask, causal, padding).flatMap(Optional::stream).reduce((a, b) -> add(a, b));
  }

  private Value maskBias(Value mask) {
    Value bias =
        mask.elementType() == ElementType.BOOL ? select(mask, number(0), minusInfinity()) : mask;
    int last = bias.rank() - 1;
    if (last < 0) {
      throw n.invalid("the mask has no dimensions");
    }
    Size total = n.sizeOf(presentKeys, 2);
    if (bias.dim(last).equals(total.dim()) || bias.dim(last).is(1)) {
      return bias;
    }
    // A mask may be shorter than the keys; what it does not tell is masked.
    long[] none = new long[2 * bias.rank() - 1];
    Size missing = total.plus(n.sizeOf(bias, last).times(-1));
    Value pads = concat(0, vector(none), n.sizes(missing));
    return new Pad(bias, pads, minusInfinity(), PadMode.CONSTANT).value();
  }

  /** A query sees keys up to its own position, which past keys move on. */
  private Value causalBias() {
    Value diagonals = IndexingImport.diagonals(n, n.sizeOf(queries, 2), n.sizeOf(presentKeys, 2));
    Value past =
        n.optionalInput(4).map(_ -> n.sizes(n.sizeOf(n.input(4, 4), 2))).orElseGet(() -> vector(0));
    Value future = binary(BinaryKind.GREATER, diagonals, past);
    return select(future, minusInfinity(), number(0));
  }

  /** Keys of a sequence of the batch are valid up to its length. */
  private Value paddingBias(Value lengths) {
    Value positions = IndexingImport.range(n, n.sizeOf(presentKeys, 2));
    Value column = unsqueeze(lengths, 1, 2, 3);
    Value valid = less(positions, column);
    return select(valid, number(0), minusInfinity());
  }

  private Value softmax(Value x) {
    ElementType type = x.elementType();
    ElementType precision =
        n.attributes().integer("softmax_precision").map(ElementTypes::of).orElse(type);
    Value wide = cast(x, precision);
    Value weights = new Softmax(wide, 3, false).value();
    return cast(weights, type);
  }

  private Value number(double number) {
    return scalar(n.input(0).elementType(), number);
  }

  private Value minusInfinity() {
    return number(Double.NEGATIVE_INFINITY);
  }
}
