package dev.tenrec.onnx;

import static dev.tenrec.ir.Terms.add;
import static dev.tenrec.ir.Terms.concat;
import static dev.tenrec.ir.Terms.element;
import static dev.tenrec.ir.Terms.reshapeKeeping;
import static dev.tenrec.ir.Terms.slice;
import static dev.tenrec.ir.Terms.transpose;
import static dev.tenrec.ir.Terms.vector;

import dev.tenrec.ir.Value;
import dev.tenrec.onnx.OperatorTable.Result;
import java.util.List;

/**
 * ONNX Runtime's attention of several heads, of queries, keys and values that are computed already.
 * Queries are [N, steps, heads size].
 */
final class MultiHeadAttentionImport {
  private final NodeContext n;
  private final long heads;
  private final Value queries;
  private final Value keys;
  private final Value values;

  private MultiHeadAttentionImport(NodeContext n) {
    this.n = n;
    this.heads = n.required(n.attributes().integer("num_heads"), "num_heads");
    if (n.hasInput(8) || n.hasInput(9) || heads < 1) {
      throw n.unsupported("a cache that is shared between steps is not supported")
          .advise("export the model with past keys and values of their own size");
    }
    boolean packed = n.input(0).rank() == 5;
    boolean packedKeys = !packed && n.input(1).rank() == 5;
    this.queries = packed ? packed(0, 0) : projected(n.input(0), 0);
    Value newKeys = packed ? packed(0, 1) : packedKeys ? packed(1, 0) : projected(n.input(1), 1);
    Value newValues = packed ? packed(0, 2) : packedKeys ? packed(1, 1) : projected(n.input(2), 2);
    this.keys = n.optionalInput(6).map(past -> concat(2, past, newKeys)).orElse(newKeys);
    this.values = n.optionalInput(7).map(past -> concat(2, past, newValues)).orElse(newValues);
  }

  static void register(OperatorTable on) {
    on.results("MultiHeadAttention", n -> new MultiHeadAttentionImport(n).run());
    on.limit(
        "MultiHeadAttention",
        "no cache that is shared between steps, no bias of packed operands; the mask is one length"
            + " per sequence or a mask of keys");
  }

  /** One of several tensors in [N, steps, heads, tensors, size]. */
  private Value packed(int input, int i) {
    if (n.hasInput(3)) {
      throw n.unsupported("a bias of packed operands is not supported")
          .advise("give the model to Tenrec as it was before ONNX Runtime optimized it");
    }
    return transpose(element(n.input(input), 3, i), 0, 2, 1, 3);
  }

  /** [N, heads, steps, size] with the part of the bias that belongs to it. */
  private Value projected(Value x, int part) {
    if (x.rank() == 4) {
      return x;
    }
    Value biased = n.optionalInput(3).map(bias -> add(x, part(bias, part))).orElse(x);
    return transpose(reshapeKeeping(biased, 0, 0, heads, -1), 0, 2, 1, 3);
  }

  private Value part(Value bias, int part) {
    long width = n.input(0).dim(2).value().orElseThrow(() -> MaskedAttention.open(n));
    return part == 2
        ? slice(bias, 0, 2 * width, Long.MAX_VALUE)
        : slice(bias, 0, part * width, (part + 1) * width);
  }

  private List<Result> run() {
    Value past = n.optionalInput(6).map(p -> n.sizes(n.sizeOf(p, 2))).orElseGet(() -> vector(0));
    MaskedAttention attention =
        new MaskedAttention(n, queries, keys, values, n.optionalInput(4), n.optionalInput(5), past);
    return List.of(Result.of(attention.run()), Result.of(keys), Result.of(values));
  }
}
