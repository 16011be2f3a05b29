package dev.tenrec.onnx;

import static dev.tenrec.ir.Terms.add;
import static dev.tenrec.ir.Terms.concat;
import static dev.tenrec.ir.Terms.element;
import static dev.tenrec.ir.Terms.matMul;
import static dev.tenrec.ir.Terms.reshapeKeeping;
import static dev.tenrec.ir.Terms.slice;
import static dev.tenrec.ir.Terms.transpose;
import static dev.tenrec.ir.Terms.unsqueeze;
import static dev.tenrec.ir.Terms.vector;

import dev.tenrec.ir.Value;
import dev.tenrec.onnx.OperatorTable.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * ONNX Runtime's attention that projects its input to queries, keys and values itself, with weights
 * that lie side by side, [width, sum of their sizes].
 */
final class ProjectedAttentionImport {
  private ProjectedAttentionImport() {}

  static void register(OperatorTable on) {
    on.results("Attention", ProjectedAttentionImport::attention);
    on.limit("Attention", "no rotary embedding inside, no cache that is shared between steps");
  }

  private static List<Result> attention(NodeContext n) {
    boolean shared = n.flag("past_present_share_buffer", false) || n.hasInput(6);
    if (shared || n.flag("do_rotary", false)) {
      throw n.unsupported(
              "rotary embedding and shared caches inside of attention are not supported")
          .advise("give the model to Tenrec as it was before ONNX Runtime optimized it");
    }
    List<Value> heads = heads(n);
    Optional<Value> past = n.optionalInput(4);
    Value keys = past.map(p -> concat(2, element(p, 0, 0), heads.get(1))).orElse(heads.get(1));
    Value values = past.map(p -> concat(2, element(p, 0, 1), heads.get(2))).orElse(heads.get(2));
    Value before = past.map(p -> n.sizes(n.sizeOf(p, 3))).orElseGet(() -> vector(0));
    MaskedAttention attention =
        new MaskedAttention(
            n, heads.get(0), keys, values, n.optionalInput(3), n.optionalInput(5), before);
    Value y = attention.run();
    return n.hasOutput(1)
        ? List.of(Result.of(y), Result.of(concat(0, unsqueeze(keys, 0), unsqueeze(values, 0))))
        : List.of(Result.of(y));
  }

  /** Queries, keys and values, [N, heads, steps, size]. */
  private static List<Value> heads(NodeContext n) {
    Value projected = matMul(n.input(0, 3), n.input(1, 2));
    Value biased = n.optionalInput(2).map(bias -> add(projected, bias)).orElse(projected);
    long heads = n.required(n.attributes().integer("num_heads"), "num_heads");
    long width = n.input(1).dim(1).value().orElseThrow(() -> MaskedAttention.open(n));
    long[] sizes =
        n.attributes()
            .integers("qkv_hidden_sizes")
            .map(given -> given.toArray())
            .orElse(new long[] {width / 3, width / 3, width / 3});
    if (heads < 1 || sizes.length != 3 || sizes[0] + sizes[1] + sizes[2] != width) {
      throw n.invalid("weights %s for %d heads".formatted(n.input(1).type(), heads));
    }
    List<Value> parts = new ArrayList<>();
    long from = 0;
    for (long size : sizes) {
      Value part = slice(biased, 2, from, from + size);
      parts.add(transpose(reshapeKeeping(part, 0, 0, heads, size / heads), 0, 2, 1, 3));
      from += size;
    }
    return parts;
  }
}
