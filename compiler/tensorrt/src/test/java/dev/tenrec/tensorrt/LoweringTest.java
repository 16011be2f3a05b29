package dev.tenrec.tensorrt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.Convolution.Conv;
import dev.tenrec.ir.Elementwise;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.GraphBuilder;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.Location;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.testing.Tensors;
import dev.tenrec.ir.testing.Twice;
import dev.tenrec.ir.text.GraphParser;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whole graphs: outputs, custom operations, errors. */
class LoweringTest {
  @Test
  void outputsMayBeInputsConstantsAndTheSame() {
    Graph graph =
        GraphParser.parse(
            """
            g (float[2] x) => (float[2] a = x, float[2] b = r, float[2] c = r, float[2] d = k) {
              k = Constant<value=float[2] {1, 2}>()
              r = Relu(x)
            }
            """);
    LoweringCheck.check(graph, ImmutableMap.of("x", Tensors.floats(-1, 1)));
  }

  @Test
  void customOperationsAreExpanded() {
    LoweringCheck.check(x -> new Twice(x.getFirst()), TensorType.of(ElementType.FLOAT32, 3, 2));
  }

  @Test
  void whatIsExpandedKeepsItsPlace() {
    Graph graph =
        GraphParser.parse(
            """
            g (float[1,1,2,2] x) => (float[1,1,2,2] y) {
              w = Constant<value=float[1,1,1,1] {2}>()
              b = Constant<value=float[1] {1}>()
              y = Conv<activation=relu>(x, w, b)
            }
            """);
    RecordedNetwork network = new RecordedNetwork();
    Lowering.lower(graph, network);
    assertThat(network.layers())
        .filteredOn(layer -> layer.node().map(node -> node.op() instanceof Conv).orElse(false))
        .extracting(layer -> layer.kind() + " " + layer.location().describe())
        .contains("Convolution line 4", "Activation line 4");
  }

  @Test
  void errorsNameTheOperation() {
    GraphBuilder builder = new GraphBuilder("errors");
    Value x = builder.input("x", TensorType.of(ElementType.FLOAT32, 2));
    Location place = new Location.OnnxNode("model.onnx", "graph", 7, "exact", "Exp", "");
    Value wide = new Elementwise.Cast(x, ElementType.FLOAT64).value();
    Node exp = Node.of(new Elementwise.Unary(Elementwise.UnaryKind.EXP, wide), place, List.of("y"));
    builder.output("y", builder.add(exp).result());
    assertThatThrownBy(() -> Lowering.lower(builder.build(), new RecordedNetwork()))
        .isInstanceOfSatisfying(
            TenrecException.class, e -> assertThat(e.location()).isEqualTo(place))
        .hasMessageContaining("model.onnx:graph/node[7] 'exact' (Exp)")
        .hasMessageContaining("would compute double in float");
  }

  @Test
  void whatWouldBeLossyIsRefused() {
    Graph graph = GraphParser.parse("g (double[2] d) => (double[2] y) { y = Neg(d) }");
    assertThatThrownBy(() -> Lowering.lower(graph, new RecordedNetwork()))
        .hasMessageContaining("line 1: TensorRT would compute double in float")
        .hasMessageContaining("--allow-narrowing");
  }
}
