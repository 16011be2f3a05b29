package dev.tenrec.passes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenrec.ir.ControlFlow;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.GraphBuilder;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.passes.simplify.Canonicalize;
import dev.tenrec.passes.simplify.EliminateDeadCode;
import dev.tenrec.passes.simplify.FoldConstants;
import dev.tenrec.passes.simplify.SimplifyElementwise;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PipelineTest {
  private static final String WITH_DEAD_CODE =
      "g (float[2] x) => (float[2] y) { a = Neg(x) y = Exp(x) }";

  private record BreakOutputs() implements Pass {
    @Override
    public String name() {
      return "break-outputs";
    }

    @Override
    public Graph run(Graph graph, PassContext context) {
      GraphBuilder builder = new GraphBuilder("broken");
      Value input = builder.input("x", TensorType.of(ElementType.FLOAT32, 2));
      builder.output("y", input);
      return builder.build();
    }
  }

  @Test
  void insertsAPassBehindTheLastOfAKind() {
    Pipeline pipeline =
        Pipeline.of(new EliminateDeadCode(), new FoldConstants(), new EliminateDeadCode())
            .after(EliminateDeadCode.class, new BreakOutputs());
    assertThat(pipeline.toString())
        .isEqualTo("eliminate-dead-code,fold,eliminate-dead-code,break-outputs");
  }

  @Test
  void refusesToInsertBehindAPassThatIsNotThere() {
    assertThatThrownBy(() -> Pipeline.of().after(FoldConstants.class, new BreakOutputs()))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("no pass FoldConstants");
  }

  @Test
  void verifiesWhatEachPassMakes() {
    Graph graph = GraphParser.parse(WITH_DEAD_CODE);
    assertThatThrownBy(() -> Pipeline.of(new BreakOutputs()).run(graph, new VerifyEach()))
        .hasMessageContaining("pass 'break-outputs' broke the graph");
    Pipeline.of(new EliminateDeadCode()).run(graph, new VerifyEach());
  }

  @Test
  void dumpsGraphsThatChange() {
    List<String> dumped = new ArrayList<>();
    Pipeline.of(new EliminateDeadCode(), new FoldConstants())
        .run(
            GraphParser.parse(WITH_DEAD_CODE),
            new DumpGraphs(_ -> true, (pass, text) -> dumped.add(pass + ": " + text)));
    assertThat(dumped).hasSize(1);
    assertThat(dumped.getFirst())
        .startsWith("eliminate-dead-code: g (float[2] x)")
        .contains("y = Exp(x)")
        .doesNotContain("Neg");
  }

  @Test
  void timesPassesAndCountsNodes() {
    TimePasses times = new TimePasses();
    Pipeline.of(new FoldConstants(), new EliminateDeadCode())
        .run(GraphParser.parse(WITH_DEAD_CODE), times);
    assertThat(times.rows()).extracting(TimePasses.Row::nodes).containsExactly(2, 1);
    assertThat(times.toString()).contains("eliminate-dead-code").contains("fold ");
  }

  @Test
  void runsPassesInsideOfOperations() {
    Graph graph =
        GraphParser.parse(
            """
            g (float[2] s, float[T,2] xs) => (float[2] last, float[T,2] all) {
              last, all = Scan<states=1, sequences=1, body=
                b (float[2] h, float[2] x) => (float[2] next, float[2] step = next) {
                  zero = Constant<value=float {0}>()
                  a = Add(x, zero)
                  next = Add(a, h)
                }>(s, xs)
            }
            """);
    Graph after =
        Pipeline.of(new SimplifyElementwise(), new Canonicalize()).run(graph, new VerifyEach());
    ControlFlow.Scan scan = (ControlFlow.Scan) after.nodes().getFirst().op();
    assertThat(scan.body().nodes()).hasSize(1);
  }
}
