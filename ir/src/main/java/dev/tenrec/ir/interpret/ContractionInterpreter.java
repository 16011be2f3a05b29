package dev.tenrec.ir.interpret;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Contraction;
import dev.tenrec.ir.tensor.Tensor;
import java.util.List;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;

/** Matrix products, with the rows of the result in parallel. */
final class ContractionInterpreter {
  private ContractionInterpreter() {}

  static Tensor evaluate(Contraction op, List<Tensor> in) {
    return switch (op) {
      case Contraction.MatMul(_, _, boolean transposeA, boolean transposeB) ->
          multiply(
              transposeA ? transpose(in.get(0)) : in.get(0),
              transposeB ? transpose(in.get(1)) : in.get(1));
    };
  }

  private static Tensor transpose(Tensor x) {
    int rank = x.rank();
    long[] sizes = x.sizes().toArray();
    sizes[rank - 2] = x.size(rank - 1);
    sizes[rank - 1] = x.size(rank - 2);
    long[] strides = Positions.strides(x.sizes());
    ImmutableLongArray result = ImmutableLongArray.copyOf(sizes);
    return Positions.pick(
        x,
        result,
        Positions.of(
            result, axis -> i -> i * strides[axis < rank - 2 ? axis : 2 * rank - 3 - axis]));
  }

  private static Tensor multiply(Tensor a, Tensor b) {
    Product product = Product.of(a, b);
    if (a.elementType().isFloating()) {
      double[] elements = product.of(a.toDoubles(), b.toDoubles());
      return Tensor.ofDoubles(a.elementType(), product.sizes, i -> elements[i]);
    }
    long[] elements = product.of(a.toLongs(), b.toLongs());
    return Tensor.ofLongs(a.elementType(), product.sizes, i -> elements[i]);
  }

  /**
   * The sizes of a product of stacks of matrices.
   *
   * @param sizes of the result
   * @param matrixA which matrix of the first operand a matrix of the result is made of
   * @param matrixB as {@code matrixA}, for the second operand
   */
  private record Product(
      ImmutableLongArray sizes,
      int rows,
      int inner,
      int columns,
      IntToLongFunction matrixA,
      IntToLongFunction matrixB) {

    static Product of(Tensor a, Tensor b) {
      long rows = a.size(a.rank() - 2);
      long inner = a.size(a.rank() - 1);
      long columns = b.size(b.rank() - 1);
      Checks.check(
          b.size(b.rank() - 2) == inner, "MatMul: matrices of %s and %s do not multiply", a, b);
      ImmutableLongArray batchA = a.sizes().subArray(0, a.rank() - 2);
      ImmutableLongArray batchB = b.sizes().subArray(0, b.rank() - 2);
      ImmutableLongArray batch = Positions.broadcast("MatMul", List.of(batchA, batchB));
      return new Product(
          ImmutableLongArray.builder().addAll(batch).add(rows).add(columns).build(),
          Math.toIntExact(rows),
          Math.toIntExact(inner),
          Math.toIntExact(columns),
          Positions.broadcast(batchA, batch),
          Positions.broadcast(batchB, batch));
    }

    double[] of(double[] a, double[] b) {
      double[] result = new double[Positions.count(sizes)];
      rowsOf(result.length)
          .forEach(row -> {
            for (int k = 0; k < inner; k++) {
              double factor = a[startA(row) + k];
              int from = startB(row) + k * columns;
              for (int j = 0, to = row * columns; j < columns; j++) {
                result[to + j] += factor * b[from + j];
              }
            }
          });
      return result;
    }

    long[] of(long[] a, long[] b) {
      long[] result = new long[Positions.count(sizes)];
      rowsOf(result.length)
          .forEach(row -> {
            for (int k = 0; k < inner; k++) {
              long factor = a[startA(row) + k];
              int from = startB(row) + k * columns;
              for (int j = 0, to = row * columns; j < columns; j++) {
                result[to + j] += factor * b[from + j];
              }
            }
          });
      return result;
    }

    private IntStream rowsOf(int count) {
      return IntStream.range(0, count == 0 ? 0 : count / columns).parallel();
    }

    /** Where the row of the first operand starts that makes a row of the result. */
    private int startA(int row) {
      return ((int) matrixA.applyAsLong(row / rows) * rows + row % rows) * inner;
    }

    /** Where the matrix of the second operand starts that makes a row of the result. */
    private int startB(int row) {
      return (int) matrixB.applyAsLong(row / rows) * inner * columns;
    }
  }
}
