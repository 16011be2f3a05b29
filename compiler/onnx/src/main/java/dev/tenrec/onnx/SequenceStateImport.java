package dev.tenrec.onnx;

import static dev.tenrec.ir.Terms.add;
import static dev.tenrec.ir.Terms.cast;
import static dev.tenrec.ir.Terms.concat;
import static dev.tenrec.ir.Terms.expand;
import static dev.tenrec.ir.Terms.matMul;
import static dev.tenrec.ir.Terms.mul;
import static dev.tenrec.ir.Terms.number;
import static dev.tenrec.ir.Terms.reshapeKeeping;
import static dev.tenrec.ir.Terms.scalar;
import static dev.tenrec.ir.Terms.slice;
import static dev.tenrec.ir.Terms.squeeze;
import static dev.tenrec.ir.Terms.sub;
import static dev.tenrec.ir.Terms.transpose;
import static dev.tenrec.ir.Terms.unary;
import static dev.tenrec.ir.Terms.unsqueeze;
import static dev.tenrec.onnx.OperatorTable.since;

import dev.tenrec.ir.Convolution.Conv;
import dev.tenrec.ir.Elementwise.Activation;
import dev.tenrec.ir.Elementwise.ActivationKind;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.Window;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.onnx.OperatorTable.Result;
import java.util.List;
import java.util.Optional;

/** Layers that carry a state along a sequence: linear attention and causal convolution. */
final class SequenceStateImport {
  private final NodeContext n;
  private final long queryHeads;
  private final long heads;

  private SequenceStateImport(NodeContext n) {
    this.n = n;
    this.queryHeads = n.required(n.attributes().integer("q_num_heads"), "q_num_heads");
    this.heads = n.required(n.attributes().integer("kv_num_heads"), "kv_num_heads");
    if (heads < 1 || queryHeads < 1 || queryHeads % heads != 0) {
      throw n.invalid("%d heads of queries cannot share %d".formatted(queryHeads, heads));
    }
  }

  static void register(OperatorTable on) {
    on.results("LinearAttention", since(27), n -> new SequenceStateImport(n).linearAttention());
    on.results("CausalConvWithState", since(27), SequenceStateImport::causalConv);
    on.limit("LinearAttention", "sizes of heads are fixed");
  }

  /** What the rule lets happen to the state, S of [N, heads, key size, value size], in a step. */
  private record Rule(boolean decays, boolean corrects) {}

  private Rule rule() {
    String rule = n.textAttribute("update_rule", "gated_delta");
    return switch (rule) {
      case "linear" -> new Rule(false, false);
      case "gated" -> new Rule(true, false);
      case "delta" -> new Rule(false, true);
      case "gated_delta" -> new Rule(true, true);
      default -> throw n.invalid("update_rule is '%s'".formatted(rule));
    };
  }

  private List<Result> linearAttention() {
    // How many steps are taken at once does not change what they compute.
    n.attributes().ignore("chunk_size");
    Rule rule = rule();
    Value query = n.input(0, 3);
    LoopBuilder loop = new LoopBuilder("step", false);
    Value state = loop.state("state", initialState());
    Value q = loop.sequence("q", steps(query, queryHeads));
    Value k = loop.sequence("k", steps(n.input(1, 3), heads));
    Value v = loop.sequence("v", steps(n.input(2, 3), heads));
    Value kept = state;
    if (rule.decays()) {
      Value decay = loop.sequence("decay", steps(n.input(4, 3), heads));
      kept = mul(state, unsqueeze(unary(UnaryKind.EXP, decay), 3));
    }
    Value written = v;
    if (rule.corrects()) {
      Value beta = loop.sequence("beta", steps(n.input(5, 3), betaHeads()));
      Value known = squeeze(matMul(unsqueeze(k, 2), kept), 2);
      written = mul(beta, sub(v, known));
    }
    Value next = add(kept, mul(unsqueeze(k, 3), unsqueeze(written, 2)));
    loop.next("next", next);
    loop.collect("y", mul(read(q, next), scale(query)));
    List<Value> results = Node.of(loop.scan()).results();
    Value output = transpose(results.get(1), 1, 0, 2, 3);
    ElementType type = query.elementType();
    return List.of(
        Result.of(cast(reshapeKeeping(output, 0, 0, -1), type)),
        Result.of(cast(results.get(0), type)));
  }

  private double scale(Value query) {
    double given = n.floatAttribute("scale", 0);
    if (given != 0) {
      return given;
    }
    long width =
        query
            .dim(2)
            .value()
            .orElseThrow(() ->
                n.unsupported("the size of the heads of %s is open".formatted(query.type()))
                    .advise("export the model with a fixed number and size of heads"));
    return 1 / Math.sqrt((double) width / queryHeads);
  }

  private long betaHeads() {
    return n.input(5, 3).dim(2).is(1) ? 1 : heads;
  }

  /** q S; several heads of queries may read one state. */
  private Value read(Value q, Value state) {
    Value grouped = reshapeKeeping(q, 0, heads, queryHeads / heads, -1);
    return reshapeKeeping(matMul(grouped, state), 0, queryHeads, -1);
  }

  /** [N, steps, heads size] as steps of [N, heads, size], in float32. */
  private Value steps(Value x, long count) {
    Value split = reshapeKeeping(cast(x, ElementType.FLOAT32), 0, 0, count, -1);
    return transpose(split, 1, 0, 2, 3);
  }

  private Value initialState() {
    return n.optionalInput(3)
        .map(past -> cast(past, ElementType.FLOAT32))
        .orElseGet(() -> {
          Size keys = n.sizeOf(n.input(0), 2).dividedBy(queryHeads);
          Size values = n.sizeOf(n.input(2), 2).dividedBy(heads);
          Value shape = n.sizes(n.sizeOf(n.input(0), 0), Size.of(heads), keys, values);
          return expand(scalar(ElementType.FLOAT32, 0), shape);
        });
  }

  /** A convolution of each channel that sees earlier steps only; they are the state. */
  private static List<Result> causalConv(NodeContext n) {
    Value x = n.input(0, 3);
    Value weights = n.input(1, 3);
    long kernel = fixed(n, weights, 2);
    Size earlier = Size.of(kernel - 1);
    Value past =
        n.optionalInput(3)
            .orElseGet(
                () -> expand(number(x, 0), n.sizes(n.sizeOf(x, 0), n.sizeOf(x, 1), earlier)));
    Value padded = kernel == 1 ? x : concat(2, past, x);
    Optional<Value> bias = n.optionalInput(2);
    Value sums = new Conv(padded, weights, bias, Window.of(kernel), fixed(n, weights, 0)).value();
    Value present = kernel == 1 ? past : slice(padded, 2, -(kernel - 1), Long.MAX_VALUE);
    String activation = n.textAttribute("activation", "none");
    Value activated =
        switch (activation) {
          case "none", "" -> sums;
          case "silu", "swish" -> new Activation(ActivationKind.SWISH, sums, 1, 0).value();
          default -> throw n.invalid("activation is '%s'".formatted(activation));
        };
    return List.of(Result.of(activated), Result.of(present));
  }

  private static long fixed(NodeContext n, Value x, int axis) {
    return x.dim(axis)
        .value()
        .orElseThrow(() ->
            n.unsupported("the weights %s have no fixed size".formatted(x.type()))
                .advise("export the model with weights of fixed shape"));
  }
}
