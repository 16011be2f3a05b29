package dev.tenrec.passes.accuracy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.interpret.Interpreter;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.passes.PassContext;
import dev.tenrec.passes.precision.AssignPrecision;
import java.util.List;
import org.junit.jupiter.api.Test;

class SharedValuesTest {
  private static final Graph GRAPH =
      GraphParser.parse(
          """
          g (float[2] x) => (float[2] y) {
            c = Constant<value=float {1000}>()
            a = Add(x, c)
            b = Sub(a, c)
            y = Neg(b)
          }
          """);

  @Test
  void findsWhereAnErrorComesIn() {
    Graph low = new AssignPrecision(ElementType.FLOAT16).run(GRAPH, PassContext.unlimited());
    SharedValues shared = SharedValues.of(GRAPH, low);
    Tensor x = Tensor.ofFloats(ImmutableLongArray.of(2), 0.125f, 2);
    Comparison comparison =
        Comparison.of(
            Interpreter.of(shared.reference()),
            Interpreter.of(shared.candidate()),
            List.of(ImmutableMap.of("x", x)));
    assertThat(comparison.samples()).isEqualTo(1);
    assertThat(comparison.deviations().keySet()).containsExactly("y", "a", "b");
    assertThat(comparison.deviations().values()).allMatch(value -> value.max() == 0.125);
  }

  @Test
  void doesNotMixUpValuesOfOneName() {
    Graph other =
        GraphParser.parse(
            """
            g (float[2] x) => (float[2] y) {
              b = Neg(x)
              x1 = Neg(b)
              y = Neg(x1)
            }
            """);
    SharedValues shared = SharedValues.of(GRAPH, other);
    assertThat(shared.reference().outputs()).hasSize(2);
    assertThat(shared.candidate().outputs().get(1).name()).isEqualTo("b");
  }
}
