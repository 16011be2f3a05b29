package dev.tenrec.ir.interpret;

import static dev.tenrec.ir.interpret.Evaluation.evaluate;
import static dev.tenrec.ir.interpret.Evaluation.failure;
import static dev.tenrec.ir.testing.Tensors.assertClose;
import static dev.tenrec.ir.testing.Tensors.floats;
import static dev.tenrec.ir.testing.Tensors.random;
import static dev.tenrec.ir.testing.Tensors.sizes;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Contraction.MatMul;
import dev.tenrec.ir.Shuffle.Transpose;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ContractionTest {
  private static Tensor multiply(Tensor a, Tensor b, boolean transposeA, boolean transposeB) {
    return evaluate(v -> new MatMul(v.get(0), v.get(1), transposeA, transposeB), a, b);
  }

  private static Tensor swapped(Tensor x) {
    return evaluate(v -> new Transpose(v.getFirst(), ImmutableList.of(0, 2, 1)), x);
  }

  @Test
  void matricesByHand() {
    Tensor a = floats(sizes(2, 3), 1, 2, 3, 4, 5, 6);
    Tensor b = floats(sizes(3, 2), 7, 8, 9, 10, 11, 12);
    assertThat(multiply(a, b, false, false)).isEqualTo(floats(sizes(2, 2), 58, 64, 139, 154));
    assertThat(multiply(a, a, false, true)).isEqualTo(floats(sizes(2, 2), 14, 32, 32, 77));
    assertThat(multiply(a, a, true, false))
        .isEqualTo(floats(sizes(3, 3), 17, 22, 27, 22, 29, 36, 27, 36, 45));
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void batchesAreBroadcast(
      @ForAll @IntRange(max = 3) int batch,
      @ForAll @IntRange(max = 4) int rows,
      @ForAll @IntRange(max = 4) int inner,
      @ForAll @IntRange(max = 4) int columns) {
    Tensor a = random(1, batch, rows, inner);
    Tensor b = random(2, 2, 1, inner, columns);
    Tensor actual = multiply(a, b, false, false);
    Tensor expected =
        Tensor.ofDoubles(
            ElementType.FLOAT32,
            sizes(2, batch, rows, columns),
            i -> {
              long column = i % columns;
              long row = i / columns % rows;
              long sample = i / columns / rows % batch;
              long outer = i / columns / rows / batch;
              double sum = 0;
              for (long k = 0; k < inner; k++) {
                sum +=
                    a.getDouble((sample * rows + row) * inner + k)
                        * b.getDouble((outer * inner + k) * columns + column);
              }
              return sum;
            });
    assertClose(actual, expected, 0, 1e-6);
  }

  @Property(tries = 50)
  void transposedOperandsAreTransposed(@ForAll boolean transposeA, @ForAll boolean transposeB) {
    Tensor a = random(1, 2, 3, 4);
    Tensor b = random(2, 2, 4, 5);
    assertThat(
            multiply(
                transposeA ? swapped(a) : a, transposeB ? swapped(b) : b, transposeA, transposeB))
        .isEqualTo(multiply(a, b, false, false));
  }

  @Test
  void integersWrapAround() {
    Tensor a = Tensor.ofLongs(ElementType.INT32, sizes(1, 2), _ -> 1 << 30);
    Tensor b = Tensor.ofLongs(ElementType.INT32, sizes(2, 1), _ -> 2);
    assertThat(multiply(a, b, false, false).toLongs()).containsExactly(0);
    Tensor large = Tensor.ofLongs((1L << 53) + 1).withSizes(sizes(1, 1));
    Tensor one = Tensor.ofLongs(1).withSizes(sizes(1, 1));
    assertThat(multiply(large, one, false, false)).isEqualTo(large);
  }

  @Test
  void innerSizesMustAgree() {
    assertThat(failure(v -> new MatMul(v.get(0), v.get(1)), random(1, 2, 3), random(2, 4, 2)))
        .hasMessageContaining("MatMul: matrices of float[2, 3] and float[4, 2] do not multiply");
  }
}
