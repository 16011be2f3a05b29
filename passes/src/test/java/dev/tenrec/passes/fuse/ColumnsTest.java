package dev.tenrec.passes.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenrec.ir.text.GraphParser;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColumnsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "y = Slice<axes=[1]>(x, two, six) | 2, 6, 1",
        "y = Slice<axes=[1], steps=[2]>(x, one, end) | 1, 9, 2",
        "a = Slice<axes=[1]>(x, two, end) y = Slice<axes=[1], steps=[3]>(a, one, end) | 3, 9, 3",
        "a = Slice<axes=[1], steps=[2]>(x, one, end) y = Slice<axes=[1]>(a, one, two) | 3, 5, 2"
      })
  void followsSlicesOfSlices(String nodes, String expected) {
    Columns columns = columns(nodes);
    assertThat("%d, %d, %d".formatted(columns.from(), columns.to(), columns.step()))
        .isEqualTo(expected);
    assertThat(columns.source().name()).isEqualTo("x");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "y = Slice<axes=[0]>(x, one, two)",
        "y = Slice<axes=[1], steps=[-1]>(x, six, two)",
        "y = Slice<axes=[1]>(x, minus, end)",
        "y = Exp(x)"
      })
  void endsAtOtherOperations(String nodes) {
    assertThat(columns(nodes).source().name()).isEqualTo("y");
  }

  private static Columns columns(String nodes) {
    var graph =
        GraphParser.parse(
            """
            g (float[N,8] x) => (float[?,?] y) {
              one = Constant<value=int64[1] {1}>()
              two = Constant<value=int64[1] {2}>()
              six = Constant<value=int64[1] {6}>()
              minus = Constant<value=int64[1] {-3}>()
              end = Constant<value=int64[1] {9223372036854775807}>()
              %s
            }
            """
                .formatted(nodes));
    return Columns.of(graph.outputs().getFirst().value()).orElseThrow();
  }
}
