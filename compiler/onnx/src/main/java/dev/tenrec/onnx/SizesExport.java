package dev.tenrec.onnx;

import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.dim.Broadcast;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.dim.Extremum;
import dev.tenrec.ir.dim.Fixed;
import dev.tenrec.ir.dim.Product;
import dev.tenrec.ir.dim.Quotient;
import dev.tenrec.ir.dim.Sum;
import dev.tenrec.ir.dim.Symbol;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes expressions over sizes as integer arithmetic on the shapes of the graph's inputs. */
final class SizesExport {
  private final Graph graph;

  /** Names of int64 [1] tensors. */
  private final Map<Dim, String> written = new HashMap<>();

  private final Map<Value, String> shapes = new HashMap<>();

  SizesExport(Graph graph) {
    this.graph = graph;
  }

  void write(Source.Sizes sizes, NodeExport e) {
    List<String> elements = sizes.dims().stream().map(dim -> write(dim, e)).toList();
    if (sizes.scalar()) {
      e.op("Squeeze").in(elements.getFirst()).in(e.constant(0)).result();
      return;
    }
    NodeExport.Builder concat = e.op("Concat").attribute("axis", 0);
    elements.forEach(concat::in);
    concat.result();
  }

  private String write(Dim dim, NodeExport e) {
    String known = written.get(dim);
    if (known != null) {
      return known;
    }
    String name =
        switch (dim) {
          case Fixed(long number) -> e.constant(number);
          case Symbol symbol -> shape(symbol, e);
          case Sum(var summands) -> fold("Add", summands, e);
          case Product(long coefficient, var factors) -> product(coefficient, factors, e);
          case Quotient(Dim a, Dim b) -> quotient(a, b, e);
          case Extremum(var kind, Dim a, Dim b) ->
              fold(kind == Extremum.Kind.MAX ? "Max" : "Min", List.of(a, b), e);
          case Broadcast(Dim a, Dim b) -> broadcast(a, b, e);
        };
    written.put(dim, name);
    return name;
  }

  private String shape(Symbol symbol, NodeExport e) {
    for (Value input : graph.inputs()) {
      int axis = input.shape().dims().indexOf(symbol);
      if (axis >= 0) {
        String shape = shapes.computeIfAbsent(input, _ -> e.op("Shape").in(input).value());
        return e.op("Gather").in(shape).in(e.constant(axis)).attribute("axis", 0).value();
      }
    }
    throw new TenrecException(
        ErrorCode.INTERNAL, "no input of the graph has the size %s".formatted(symbol.name()));
  }

  private String fold(String operator, List<Dim> dims, NodeExport e) {
    return dims.stream()
        .map(dim -> write(dim, e))
        .reduce((a, b) -> e.op(operator).in(a).in(b).value())
        .orElseThrow();
  }

  private String product(long coefficient, List<Dim> factors, NodeExport e) {
    String product = fold("Mul", factors, e);
    return coefficient == 1 ? product : e.op("Mul").in(product).in(e.constant(coefficient)).value();
  }

  /** ONNX cuts off towards zero, which is the same unless a number is negative. */
  private String quotient(Dim a, Dim b, NodeExport e) {
    String numerator = write(a, e);
    String denominator = write(b, e);
    if (a.lowerBound() < 0 || b.lowerBound() < 0) {
      String rest = e.op("Mod").in(numerator).in(denominator).value();
      numerator = e.op("Sub").in(numerator).in(rest).value();
    }
    return e.op("Div").in(numerator).in(denominator).value();
  }

  private String broadcast(Dim a, Dim b, NodeExport e) {
    String first = write(a, e);
    String isOne = e.op("Equal").in(first).in(e.constant(1)).value();
    return e.op("Where").in(isOne).in(write(b, e)).in(first).value();
  }
}
