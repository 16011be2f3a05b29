package dev.tenrec.passes.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tenrec.ir.Elementwise.Unary;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.passes.PassContext;
import dev.tenrec.passes.Pipeline;
import dev.tenrec.passes.rewrite.MatchContext;
import dev.tenrec.passes.rewrite.Rule;
import dev.tenrec.passes.simplify.Canonicalize;
import dev.tenrec.passes.simplify.EliminateDeadCode;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CheckEachTest {
  private static final Graph GRAPH =
      GraphParser.parse(
          """
          g (float[N,4] x) => (float[N,4] y, float[N,4] z) {
            zero = Constant<value=float {0}>()
            a = Add(x, zero)
            b = Sin(a)
            y = Exp(b)
            z = Abs(x)
          }
          """);

  /** sin(x) → tan(x), which is wrong. */
  private record BreakSine() implements Rule {
    @Override
    public String name() {
      return "break-sine";
    }

    @Override
    public Optional<Value> rewrite(Op op, MatchContext context) {
      return op instanceof Unary(UnaryKind kind, Value x) && kind == UnaryKind.SIN
          ? Optional.of(new Unary(UnaryKind.TAN, x).value())
          : Optional.empty();
    }
  }

  private static CheckReport check(Graph graph, Pipeline pipeline, boolean rewrites) {
    CheckEach check = new CheckEach(graph, GeneratedInputs.of(graph, 0).inputs(), 1e-6);
    PassContext context =
        rewrites ? new PassContext(Long.MAX_VALUE, check) : PassContext.unlimited();
    pipeline.run(graph, context, check);
    return check.report();
  }

  @Test
  void keepsTheEvidenceOfEachPass() {
    CheckReport report =
        check(GRAPH, Pipeline.of(new EliminateDeadCode(), new Canonicalize()), false);
    assertThat(report.passed()).isTrue();
    assertThat(report.passes())
        .extracting(CheckReport.PassRow::changed)
        .containsExactly(false, true);
    assertThat(report.passes().get(1).outputs())
        .extracting(Difference::output, Difference::error)
        .containsExactly(tuple("y", 0.0), tuple("z", 0.0));
    assertThat(report.toString())
        .containsPattern("eliminate-dead-code +5  unchanged\n")
        .containsPattern("canonicalize +3  y +0 +0\n");
  }

  @Test
  void findsTheWrongPass() {
    CheckReport report = check(GRAPH, Pipeline.of(new BreakSine(), new Canonicalize()), false);
    assertThat(report.passed()).isFalse();
    assertThat(report.firstWrongPass().orElseThrow().pass()).isEqualTo("break-sine");
    assertThat(report.passes().get(1).outputs()).allMatch(d -> d.error() == 0);
    assertThat(report.toString())
        .contains("pass 'break-sine' changes the result: output y: error", "  WRONG\n");
  }

  @Test
  void findsTheWrongRewrite() {
    CheckReport report = check(GRAPH, Pipeline.of(new Canonicalize(), new BreakSine()), true);
    assertThat(report.rewrites())
        .extracting(CheckReport.RewriteRow::rule)
        .containsExactly("simplify-elementwise", "break-sine");
    CheckReport.RewriteRow wrong = report.firstWrongRewrite().orElseThrow();
    assertThat(wrong.number()).isEqualTo(2);
    assertThat(report.toString())
        .contains("rewrite 2, by rule 'break-sine' in pass 'break-sine', changes b: float[N,4]");
  }

  @Test
  void checksBodiesAsAWhole() {
    Graph graph =
        GraphParser.parse(
            """
            g (float[2] s, float[T,2] x) => (float[2] last, float[T,2] all) {
              last, all = Scan<states=1, sequences=1, body=
                b (float[2] h, float[2] x) => (float[2] next, float[2] step = next) {
                  a = Sin(x)
                  next = Add(a, h)
                }>(s, x)
            }
            """);
    CheckReport report = check(graph, Pipeline.of(new BreakSine()), true);
    assertThat(report.rewrites()).isEmpty();
    assertThat(report.firstWrongPass()).isPresent();
  }
}
