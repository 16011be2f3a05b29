package dev.tenrec.ir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Elementwise.Unary;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.diagnostic.Location;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import java.util.List;
import org.junit.jupiter.api.Test;

class GraphBuilderTest {
  private static final TensorType TYPE = TensorType.of(ElementType.FLOAT32, 2);

  private static Node neg(Value x) {
    return Node.of(new Unary(UnaryKind.NEG, x));
  }

  @Test
  void nodesFollowWhatTheyRead() {
    GraphBuilder builder = new GraphBuilder("g");
    Value x = builder.input("x", TYPE);
    Node first = neg(x);
    Node second = neg(first.result());
    Node sum = Node.of(new Binary(BinaryKind.ADD, second.result(), first.result()));
    builder.add(sum);
    builder.add(first);
    assertThat(builder.nodes()).containsExactly(first, second, sum);
  }

  @Test
  void longChainsDoNotExhaustTheStack() {
    GraphBuilder builder = new GraphBuilder("g");
    Value value = builder.input("x", TYPE);
    for (int i = 0; i < 100_000; i++) {
      value = neg(value).result();
    }
    builder.add(value.producer().orElseThrow());
    assertThat(builder.nodes()).hasSize(100_000);
  }

  @Test
  void newNodesTakeTheLocationOfWhatTheyReplace() {
    GraphBuilder builder = new GraphBuilder("g");
    Value x = builder.input("x", TYPE);
    Location own = new Location.Synthetic("own");
    Location given = new Location.Synthetic("given");
    Node placed = Node.of(new Unary(UnaryKind.NEG, x), own, List.of());
    Node fresh = neg(placed.result());
    builder.add(fresh, given);
    assertThat(placed.location()).isEqualTo(own);
    assertThat(fresh.location()).isEqualTo(given);
  }

  @Test
  void namesOfInputsAndOutputsAreUnique() {
    GraphBuilder builder = new GraphBuilder("g");
    Value x = builder.input("x", TYPE);
    builder.output("y", x);
    assertThatThrownBy(() -> builder.input("x", TYPE))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("two inputs are named 'x'");
    assertThatThrownBy(() -> builder.output("y", x))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("two outputs are named 'y'");
  }

  @Test
  void usesCountOperandsAndOutputs() {
    GraphBuilder builder = new GraphBuilder("g");
    Value x = builder.input("x", TYPE);
    Value square = builder.add(new Binary(BinaryKind.MUL, x, x));
    builder.output("y", square);
    builder.output("z", square);
    Graph graph = builder.build();
    assertThat(graph.uses().count(x)).isEqualTo(2);
    assertThat(graph.uses().count(square)).isEqualTo(2);
  }

  @Test
  void operationsOverTheSameValuesAreEqual() {
    GraphBuilder builder = new GraphBuilder("g");
    Value x = builder.input("x", TYPE);
    Value y = builder.input("y", TYPE);
    assertThat(new Unary(UnaryKind.NEG, x)).isEqualTo(new Unary(UnaryKind.NEG, x));
    assertThat(new Unary(UnaryKind.NEG, x)).isNotEqualTo(new Unary(UnaryKind.NEG, y));
    assertThat(new Unary(UnaryKind.NEG, x).value()).isNotEqualTo(neg(x).result());
  }
}
