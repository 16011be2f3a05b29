package dev.tenrec.onnx;

import static dev.tenrec.ir.Terms.cast;
import static dev.tenrec.ir.Terms.expand;
import static dev.tenrec.ir.Terms.matMul;
import static dev.tenrec.ir.Terms.mul;
import static dev.tenrec.ir.Terms.reshape;
import static dev.tenrec.ir.Terms.unsqueeze;
import static dev.tenrec.ir.Terms.vector;

import dev.tenrec.ir.Contraction.MatMul;
import dev.tenrec.ir.Normalization.Softmax;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.onnx.OperatorTable.Result;
import java.util.List;
import java.util.Optional;

/** Attention whose scores and probabilities are changed by graphs that the node holds. */
final class FlexAttentionImport {
  private FlexAttentionImport() {}

  static void register(OperatorTable on) {
    on.result("FlexAttention", FlexAttentionImport::attention);
    on.limit("FlexAttention", "numbers and sizes of heads are fixed");
  }

  private static Result attention(NodeContext n) {
    Value queries = n.input(0, 4);
    ElementType type = queries.elementType();
    Value keys = repeated(n, n.input(1, 4));
    Value values = repeated(n, n.input(2, 4));
    Value products = new MatMul(mul(queries, scale(n)), keys, false, true).value();
    ElementType wide = precision(n, type);
    Value scores = changed(n, "score_mod", cast(products, wide));
    Value shares = changed(n, "prob_mod", new Softmax(scores, 3, false).value());
    return Result.of(matMul(cast(shares, type), values));
  }

  private static double scale(NodeContext n) {
    Value queries = n.input(0);
    return n.attributes()
        .number("scale")
        .orElseGet(() -> 1 / Math.sqrt((double) fixed(n, queries, 3)));
  }

  private static ElementType precision(NodeContext n, ElementType type) {
    return n.attributes()
        .integer("softmax_precision")
        .map(ElementTypes::of)
        .orElse(type == ElementType.FLOAT64 ? type : ElementType.FLOAT32);
  }

  private static Value changed(NodeContext n, String attribute, Value x) {
    return n.attributes()
        .graph(attribute)
        .map(graph -> {
          List<Datum> outputs = GraphImport.inline(n, graph, attribute, List.of(Datum.of(x)));
          return tensor(n, attribute, outputs);
        })
        .orElse(x);
  }

  private static Value tensor(NodeContext n, String attribute, List<Datum> outputs) {
    List<Value> values = outputs.stream().flatMap(Datum::tensors).toList();
    if (values.size() != 1) {
      throw n.invalid("%s has %d outputs".formatted(attribute, values.size()));
    }
    return values.getFirst();
  }

  private static Value repeated(NodeContext n, Value x) {
    long wanted = fixed(n, n.input(0), 1);
    long heads = fixed(n, x, 1);
    if (heads < 1 || wanted % heads != 0) {
      throw n.invalid("%d heads of queries cannot share %d of keys".formatted(wanted, heads));
    }
    if (heads == wanted) {
      return x;
    }
    Value copies = expand(unsqueeze(x, 2), vector(1, 1, wanted / heads, 1, 1));
    return reshape(
        copies, n.sizes(n.sizeOf(x, 0), Size.of(wanted), n.sizeOf(x, 2), n.sizeOf(x, 3)));
  }

  private static long fixed(NodeContext n, Value x, int axis) {
    Optional<Long> size = x.dim(axis).value().stream().boxed().findFirst();
    return size.orElseThrow(() ->
        n.unsupported("the heads of %s are not fixed".formatted(x.type()))
            .advise("export the model with a fixed number and size of heads"));
  }
}
