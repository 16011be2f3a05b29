package dev.tenrec.onnx;

import static dev.tenrec.onnx.Terms.add;
import static dev.tenrec.onnx.Terms.along;
import static dev.tenrec.onnx.Terms.cast;
import static dev.tenrec.onnx.Terms.concat;
import static dev.tenrec.onnx.Terms.element;
import static dev.tenrec.onnx.Terms.less;
import static dev.tenrec.onnx.Terms.matMul;
import static dev.tenrec.onnx.Terms.multiply;
import static dev.tenrec.onnx.Terms.number;
import static dev.tenrec.onnx.Terms.reshape;
import static dev.tenrec.onnx.Terms.select;
import static dev.tenrec.onnx.Terms.slice;
import static dev.tenrec.onnx.Terms.transpose;
import static dev.tenrec.onnx.Terms.unsqueeze;

import dev.tenrec.ir.Contraction.MatMul;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Normalization.Softmax;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.onnx.OperatorTable.Result;
import java.util.List;
import java.util.Optional;

/**
 * ONNX Runtime's attention of several heads, by its definition: softmax(scale Q K + bias) V, with
 * the bias of what masks say. Queries are [N, steps, heads size].
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
    return transpose(reshape(biased, 0, 0, heads, -1), 0, 2, 1, 3);
  }

  private Value part(Value bias, int part) {
    long width = n.input(0).dim(2).value().orElseThrow(this::open);
    return part == 2
        ? slice(bias, 0, 2 * width, Long.MAX_VALUE)
        : slice(bias, 0, part * width, (part + 1) * width);
  }

  private TenrecException open() {
    return n.unsupported("the size of the heads of %s is open".formatted(n.input(0).type()))
        .advise("export the model with a fixed number and size of heads");
  }

  private List<Result> run() {
    double given = n.floatAttribute("scale", 0);
    long size = queries.dim(3).value().orElseThrow(this::open);
    double scale = given == 0 ? 1 / Math.sqrt((double) size) : given;
    Value scores = new MatMul(multiply(queries, scale), keys, false, true).value();
    Value masked = padding().map(bias -> add(scores, bias)).orElse(scores);
    Value biased = n.optionalInput(5).map(bias -> add(masked, bias)).orElse(masked);
    Value causal = n.flag("unidirectional", false) ? add(biased, future()) : biased;
    Value shares = new Softmax(causal, 3, false).value();
    Value attended = transpose(matMul(shares, values), 0, 2, 1, 3);
    return List.of(Result.of(reshape(attended, 0, 0, -1)), Result.of(keys), Result.of(values));
  }

  /** What is added where a key is padding: by its length, [N], or by flags. */
  private Optional<Value> padding() {
    double filter = n.floatAttribute("mask_filter_value", -10000);
    return n.optionalInput(4)
        .map(mask -> {
          Value valid =
              switch (mask.rank()) {
                case 1 -> unsqueeze(isWithin(mask), 1, 2);
                case 2 -> unsqueeze(cast(mask, ElementType.BOOL), 1, 2);
                case 3 -> unsqueeze(cast(mask, ElementType.BOOL), 1);
                default -> throw n.invalid("a mask is " + mask.type());
              };
          return select(valid, number(queries, 0), number(queries, filter));
        });
  }

  private Value isWithin(Value lengths) {
    if (!lengths.dim(0).equals(queries.dim(0))) {
      throw n.unsupported("the mask %s is not one length per sequence".formatted(lengths.type()))
          .advise("export the model with a mask of [batch, keys]");
    }
    Value positions = cast(IndexingImport.range(n, n.sizeOf(keys, 2)), lengths.elementType());
    return less(along(positions, 1, 2), along(lengths, 0, 2));
  }

  /** Past keys move on the positions of the queries. */
  private Value future() {
    Value diagonals = IndexingImport.diagonals(n, n.sizeOf(queries, 2), n.sizeOf(keys, 2));
    Value past = n.optionalInput(6).map(p -> n.sizes(n.sizeOf(p, 2))).orElseGet(() -> n.longs(0));
    Value later = Terms.binary(BinaryKind.GREATER, diagonals, past);
    return select(later, number(queries, Double.NEGATIVE_INFINITY), number(queries, 0));
  }
}
