package dev.tenrec.onnx;

import static dev.tenrec.ir.Terms.gather;
import static dev.tenrec.ir.Terms.matMul;
import static dev.tenrec.ir.Terms.mul;
import static dev.tenrec.ir.Terms.reduce;
import static dev.tenrec.ir.Terms.reshape;
import static dev.tenrec.ir.Terms.squeeze;
import static dev.tenrec.ir.Terms.transpose;
import static dev.tenrec.ir.Terms.unsqueeze;

import dev.tenrec.ir.Reduction.ReduceKind;
import dev.tenrec.ir.Value;
import dev.tenrec.onnx.OperatorTable.Result;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Einstein sums, operand by operand from the left: a pair becomes a matrix product over the labels
 * that nothing else needs, with the labels that both keep as its batch.
 */
final class EinsumImport {
  private final NodeContext n;
  private final EinsumEquation equation;

  /** The size of each label, from an operand that does not merely repeat one element. */
  private final Map<Integer, Size> sizes = new HashMap<>();

  /** A value whose axes have different labels. */
  private record Operand(Value value, List<Integer> labels) {
    boolean has(int label) {
      return labels.contains(label);
    }

    Operand inOrder(List<Integer> order) {
      return new Operand(
          transpose(value, order.stream().map(labels::indexOf).toList()), List.copyOf(order));
    }

    Operand squeezed(List<Integer> gone) {
      Integer[] axes = gone.stream().map(labels::indexOf).sorted().toArray(Integer[]::new);
      return new Operand(squeeze(value, axes), without(gone));
    }

    Operand summed(List<Integer> gone) {
      Integer[] axes = gone.stream().map(labels::indexOf).sorted().toArray(Integer[]::new);
      Value sum = axes.length == 0 ? value : reduce(ReduceKind.SUM, value, false, axes);
      return new Operand(sum, without(gone));
    }

    private List<Integer> without(List<Integer> gone) {
      return labels.stream().filter(label -> !gone.contains(label)).toList();
    }
  }

  private EinsumImport(NodeContext n) {
    this.n = n;
    String text = n.required(n.attributes().text("equation"), "equation");
    this.equation = EinsumEquation.parse(n, text);
  }

  static Result einsum(NodeContext n) {
    return new EinsumImport(n).run();
  }

  private Result run() {
    List<Operand> given = new ArrayList<>();
    for (int i = 0; i < n.inputCount(); i++) {
      given.add(diagonals(n.input(i), equation.operands().get(i)));
    }
    given.forEach(this::findSizes);
    List<Operand> operands = given.stream().map(this::withoutRepeated).toList();
    List<Integer> output = equation.output();
    Operand result = operands.getFirst();
    for (int i = 1; i < operands.size(); i++) {
      List<Integer> needed =
          Stream.concat(
                  output.stream(),
                  operands.subList(i + 1, operands.size()).stream().flatMap(o -> o.labels.stream()))
              .distinct()
              .toList();
      result = product(result, operands.get(i), needed);
    }
    Operand summed = result.summed(result.without(output));
    return Result.of(withMissing(summed, output));
  }

  /** A repeated label of an operand takes the elements where its axes have the same position. */
  private Operand diagonals(Value x, List<Integer> labels) {
    for (int second = 0; second < labels.size(); second++) {
      int first = labels.indexOf(labels.get(second));
      if (first < second) {
        List<Integer> pair = List.of(first, second);
        List<Integer> others =
            IntStream.range(0, labels.size()).boxed().filter(i -> !pair.contains(i)).toList();
        List<Integer> left = new ArrayList<>(others.stream().map(labels::get).toList());
        left.add(labels.get(second));
        List<Integer> order = concat(others, pair);
        return diagonals(diagonal(transpose(x, order)), left);
      }
    }
    return new Operand(x, labels);
  }

  /** [..., size, size] to [..., size]: every (size + 1)-th element. */
  private Value diagonal(Value x) {
    int rank = x.rank();
    Size size = n.sizeOf(x, rank - 1);
    List<Size> shape =
        new ArrayList<>(IntStream.range(0, rank - 2).mapToObj(i -> n.sizeOf(x, i)).toList());
    shape.add(size.times(n.sizeOf(x, rank - 2)));
    Value flat = reshape(x, n.sizes(shape));
    Value step = n.sizes(size.plus(1));
    return gather(flat, mul(IndexingImport.range(n, size), step), rank - 2);
  }

  private void findSizes(Operand operand) {
    for (int i = 0; i < operand.labels.size(); i++) {
      Size size = n.sizeOf(operand.value, i);
      sizes.merge(operand.labels.get(i), size, this::wider);
    }
  }

  private Size wider(Size a, Size b) {
    boolean known = a.dim().value().isPresent() && b.dim().value().isPresent();
    if (known && !a.dim().equals(b.dim()) && !a.dim().is(1) && !b.dim().is(1)) {
      throw n.invalid("a label stands for sizes %s and %s".formatted(a.dim(), b.dim()));
    }
    boolean second = a.dim().is(1) || (a.dim().value().isEmpty() && !b.dim().is(1));
    return second ? b : a;
  }

  /** An axis of size 1 where others have more is repeated by leaving it out. */
  private Operand withoutRepeated(Operand operand) {
    return operand.squeezed(
        IntStream.range(0, operand.labels.size())
            .filter(i -> operand.value.dim(i).is(1) && !size(operand.labels.get(i)).dim().is(1))
            .mapToObj(operand.labels::get)
            .toList());
  }

  private Size size(int label) {
    return sizes.getOrDefault(label, Size.ONE);
  }

  private Operand product(Operand left, Operand right, List<Integer> needed) {
    Operand a = summedAlone(left, right, needed);
    Operand b = summedAlone(right, left, needed);
    List<Integer> shared = a.labels.stream().filter(b::has).toList();
    List<Integer> batch = shared.stream().filter(needed::contains).toList();
    List<Integer> inner = shared.stream().filter(label -> !needed.contains(label)).toList();
    List<Integer> rows = a.without(shared);
    List<Integer> columns = b.without(shared);
    List<Integer> labels = concat(batch, concat(rows, columns));
    if (inner.isEmpty()) {
      Integer[] behind =
          IntStream.range(a.labels.size(), labels.size()).boxed().toArray(Integer[]::new);
      Integer[] between =
          IntStream.range(batch.size(), a.labels.size()).boxed().toArray(Integer[]::new);
      Value first = unsqueeze(a.inOrder(concat(batch, rows)).value, behind);
      Value second = unsqueeze(b.inOrder(concat(batch, columns)).value, between);
      return new Operand(mul(first, second), labels);
    }
    Value first = grouped(a, List.of(batch, rows, inner));
    Value second = grouped(b, List.of(batch, inner, columns));
    return new Operand(ungrouped(matMul(first, second), batch, rows, columns), labels);
  }

  private static Operand summedAlone(Operand x, Operand other, List<Integer> needed) {
    return x.summed(
        x.labels.stream().filter(label -> !other.has(label) && !needed.contains(label)).toList());
  }

  private static List<Integer> concat(List<Integer> first, List<Integer> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }

  /** The labels of the first group one by one, and each group behind it as one axis. */
  private Value grouped(Operand x, List<List<Integer>> groups) {
    Value ordered = x.inOrder(groups.stream().flatMap(List::stream).toList()).value;
    if (groups.get(1).size() == 1 && groups.get(2).size() == 1) {
      return ordered;
    }
    List<Size> shape = new ArrayList<>(groups.getFirst().stream().map(this::size).toList());
    groups.subList(1, 3).forEach(group -> shape.add(product(group)));
    return reshape(ordered, n.sizes(shape));
  }

  private Size product(List<Integer> labels) {
    return Size.product(labels.stream().map(this::size).toList());
  }

  private Value ungrouped(
      Value product, List<Integer> batch, List<Integer> rows, List<Integer> columns) {
    if (rows.size() == 1 && columns.size() == 1) {
      return product;
    }
    return reshape(
        product, n.sizes(concat(batch, concat(rows, columns)).stream().map(this::size).toList()));
  }

  /** A label of the result that only repeated axes had is there with size 1. */
  private Value withMissing(Operand x, List<Integer> output) {
    List<Integer> present = output.stream().filter(x::has).toList();
    Integer[] missing =
        IntStream.range(0, output.size())
            .filter(i -> !x.has(output.get(i)))
            .boxed()
            .toArray(Integer[]::new);
    return unsqueeze(x.inOrder(present).value, missing);
  }
}
