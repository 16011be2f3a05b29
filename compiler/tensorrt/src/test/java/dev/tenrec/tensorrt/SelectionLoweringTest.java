package dev.tenrec.tensorrt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Indexing.Gather;
import dev.tenrec.ir.Indexing.NonZero;
import dev.tenrec.ir.Shuffle.Squeeze;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.interpret.Interpreter;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import dev.tenrec.ir.text.GraphParser;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelectionLoweringTest {
  private static final String BOXES =
      """
      boxes (float[2,%s,4] boxes, float[2,3,%s] scores, int64 most, float overlap) => (int64[?,3] y) {
        y = NonMaxSuppression<centered=%s>(boxes, scores, most, overlap)
      }
      """;

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT16", "INT32", "INT64", "BOOL"})
  void nonZero(ElementType type) {
    Tensor x = Tensor.ofLongs(type, Tensors.sizes(2, 3, 2), i -> i % 3 == 0 ? 0 : 1);
    LoweringCheck.check(in -> new NonZero(in.get(0)), x);
  }

  @Test
  void nonZeroOfScalars() {
    LoweringCheck.check(in -> new NonZero(in.get(0)), Tensor.scalar(ElementType.FLOAT32, 3));
    LoweringCheck.check(in -> new NonZero(in.get(0)), Tensor.scalar(ElementType.INT32, 0));
  }

  @Test
  void theirNumberIsASizeLikeOthers() {
    Tensor x = Tensors.longs(Tensors.sizes(6), 3, 0, 0, 1, -2, 0);
    LoweringCheck.check(
        in -> {
          Value found = new NonZero(in.get(0)).value();
          Value positions = new Squeeze(found, ImmutableList.of(0)).value();
          return new Source.ShapeOf(new Gather(in.get(0), positions, 0).value());
        },
        x);
  }

  @Property(tries = 10)
  void boxes(@ForAll boolean centered, @ForAll byte seed) {
    Map<String, Tensor> inputs =
        Map.of(
            "boxes", Tensors.random(seed, 2, 7, 4),
            "scores", Tensors.random(seed + 1, 2, 3, 7),
            "most", Tensor.scalar(ElementType.INT64, 3),
            "overlap", Tensor.scalar(ElementType.FLOAT32, 0.1));
    Graph graph = GraphParser.parse(BOXES.formatted(7, 7, centered));
    RecordedNetwork network = new RecordedNetwork();
    Lowering.lower(graph, network);
    Tensors.assertClose(network.executable().run(inputs), Interpreter.of(graph).run(inputs), 0, 0);
    assertThat(network.listing()).contains("output 'y:sizes' = ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"5001", "N"})
  void refusesMoreBoxesThanTensorRtLooksAt(String boxes) {
    Graph graph = GraphParser.parse(BOXES.formatted(boxes, boxes, false));
    assertThatThrownBy(() -> Lowering.lower(graph, new RecordedNetwork()))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("5000 boxes at most, not from " + boxes);
  }

  @Test
  void knownSizesNeedNoOutputOfTheirOwn() {
    RecordedNetwork network = new RecordedNetwork();
    Lowering.lower(GraphParser.parse("g (float[N,3] x) => (float[N,3] y) { y = Exp(x) }"), network);
    assertThat(network.listing()).doesNotContain("sizes");
  }
}
