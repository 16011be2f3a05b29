package dev.tenrec.onnx;

import static dev.tenrec.ir.Terms.add;
import static dev.tenrec.ir.Terms.along;
import static dev.tenrec.ir.Terms.cast;
import static dev.tenrec.ir.Terms.less;
import static dev.tenrec.ir.Terms.matMul;
import static dev.tenrec.ir.Terms.mul;
import static dev.tenrec.ir.Terms.number;
import static dev.tenrec.ir.Terms.reshapeKeeping;
import static dev.tenrec.ir.Terms.select;
import static dev.tenrec.ir.Terms.transpose;
import static dev.tenrec.ir.Terms.unsqueeze;

import dev.tenrec.ir.Contraction.MatMul;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Normalization.Softmax;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import java.util.Optional;

/**
 * What ONNX Runtime's operators of attention have in common: softmax(scale Q K + bias) V, with the
 * bias of what masks say.
 *
 * @param queries [N, heads, steps, size]; keys and values alike, with their own steps
 * @param mask lengths, [N], or flags, [N, keys] or [N, steps, keys]
 * @param bias added to the scores, [N or 1, heads or 1, steps, keys]
 * @param past how many keys come before those of the first query's step, [1]
 */
record MaskedAttention(
    NodeContext n,
    Value queries,
    Value keys,
    Value values,
    Optional<Value> mask,
    Optional<Value> bias,
    Value past) {

  /** [N, steps, heads size]. */
  Value run() {
    double given = n.floatAttribute("scale", 0);
    long size = queries.dim(3).value().orElseThrow(() -> open(n));
    double scale = given == 0 ? 1 / Math.sqrt((double) size) : given;
    double filter = n.floatAttribute("mask_filter_value", -10000);
    Value scores = new MatMul(mul(queries, scale), keys, false, true).value();
    Value masked = mask.map(flags -> add(scores, padding(flags, filter))).orElse(scores);
    Value biased = bias.map(summand -> add(masked, summand)).orElse(masked);
    Value causal = n.flag("unidirectional", false) ? add(biased, future()) : biased;
    Value shares = new Softmax(causal, 3, false).value();
    Value attended = transpose(matMul(shares, values), 0, 2, 1, 3);
    return reshapeKeeping(attended, 0, 0, -1);
  }

  static TenrecException open(NodeContext n) {
    return n.unsupported("the size of the heads of %s is open".formatted(n.input(0).type()))
        .advise("export the model with a fixed number and size of heads");
  }

  /** What is added where a key is padding. */
  private Value padding(Value flags, double filter) {
    Value valid =
        switch (flags.rank()) {
          case 1 -> unsqueeze(isWithin(flags), 1, 2);
          case 2 -> unsqueeze(cast(flags, ElementType.BOOL), 1, 2);
          case 3 -> unsqueeze(cast(flags, ElementType.BOOL), 1);
          default ->
              throw n.unsupported("the mask %s is not supported".formatted(flags.type()))
                  .advise("export the model with a mask of [batch, keys]");
        };
    return select(valid, number(queries, 0), number(queries, filter));
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
    Value later = Terms.binary(BinaryKind.GREATER, diagonals, past);
    return select(later, number(queries, Double.NEGATIVE_INFINITY), number(queries, 0));
  }
}
