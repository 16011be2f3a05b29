package dev.tenrec.passes.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.text.GraphParser;
import java.util.Arrays;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class GeneratedInputsTest {
  private static GeneratedInputs generate(String graph, long seed) {
    return GeneratedInputs.of(GraphParser.parse(graph), seed);
  }

  private static Tensor input(GeneratedInputs generated, String name) {
    return Objects.requireNonNull(generated.inputs().get(name));
  }

  @Property(tries = 50)
  void positionsLieWithinWhatTheyAddress(@ForAll long seed) {
    GeneratedInputs generated =
        generate(
            """
            g (int64[B,S] ids, int32[B,S] mask, float[9,3] table) => (float[B,S,3] y) {
              none = Constant<value=int64[1] {1}>()
              wide = Unsqueeze<axes=[1]>(ids)
              narrow = Squeeze<axes=[1]>(wide)
              rows = Gather<axis=0>(table, narrow)
              weights = Cast<to=float>(mask)
              column = Unsqueeze<axes=[2]>(weights)
              y = Mul(rows, column)
            }
            """,
            seed);
    assertThat(input(generated, "ids").sizes()).isEqualTo(ImmutableLongArray.of(2, 4));
    assertThat(Arrays.stream(input(generated, "ids").toLongs()).boxed().toList())
        .allMatch(id -> 0 <= id && id < 9)
        .anyMatch(id -> id > 1);
    assertThat(Arrays.stream(input(generated, "mask").toLongs()).boxed().toList())
        .allMatch(element -> element == 0 || element == 1);
  }

  @Test
  void findsSizesThatFitTogether() {
    GeneratedInputs generated =
        generate(
            """
            g (float[B,P] past, float[B,S] now, float[B,T] all) => (float[B,?] y) {
              joined = Concat<axis=1>(past, now)
              y = Add(joined, all)
            }
            """,
            0);
    long total = input(generated, "past").size(1) + input(generated, "now").size(1);
    assertThat(input(generated, "all").size(1)).isIn(total, 1L);
  }

  @Test
  void prefersInputsWithFiniteResults() {
    GeneratedInputs generated = generate("g (float[N,8] x) => (float[N,8] y) { y = Sqrt(x) }", 0);
    assertThat(Objects.requireNonNull(generated.outputs().get("y")).toDoubles())
        .doesNotContain(Double.NaN);
  }

  @Test
  void countsAreSmall() {
    GeneratedInputs generated =
        generate(
            """
            g (float[N,5] x, int64[1] k, int64[2] repeats) => (float[?,?] y) {
              best, places = TopK<axis=1, largest=true>(x, k)
              y = Tile(best, repeats)
            }
            """,
            0);
    assertThat(input(generated, "k").getLong(0)).isBetween(1L, 2L);
  }

  @Test
  void saysWhyNothingFits() {
    assertThatThrownBy(() ->
            generate(
                """
                g (float[N,5] x, int64[1] at) => (float[?,5] y) {
                  shape = Constant<value=int64[2] {-1, 7}>()
                  z = Constant<value=int64[1] {0}>()
                  cut = Slice<axes=[1], steps=[1]>(x, z, at)
                  y = Reshape(cut, shape)
                }
                """,
                0))
        .hasMessageContaining("no inputs were found that the model runs on, at last: ");
  }
}
