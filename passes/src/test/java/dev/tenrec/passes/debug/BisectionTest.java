package dev.tenrec.passes.debug;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedMap;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.text.GraphPrinter;
import dev.tenrec.passes.KnownPasses;
import dev.tenrec.passes.Pass;
import dev.tenrec.passes.PassContext;
import dev.tenrec.passes.Pipeline;
import dev.tenrec.passes.RewriteListener;
import dev.tenrec.passes.check.GeneratedInputs;
import dev.tenrec.passes.debug.Bisection.Culprit;
import dev.tenrec.passes.debug.WrongPasses.BreakInputs;
import dev.tenrec.passes.debug.WrongPasses.BreakSine;
import dev.tenrec.passes.debug.WrongPasses.FailOnSine;
import dev.tenrec.passes.debug.WrongPasses.ForgetEverything;
import dev.tenrec.passes.rewrite.Rule;
import dev.tenrec.passes.simplify.Canonicalize;
import dev.tenrec.passes.simplify.EliminateDeadCode;
import dev.tenrec.passes.testing.RandomGraph;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BisectionTest {
  private static Bisection bisection(Pass... passes) {
    GeneratedInputs generated = GeneratedInputs.of(WrongPasses.GRAPH, 0);
    return new Bisection(
        Pipeline.of(passes),
        Bisection.Probe.outputs(generated.inputs(), generated.outputs(), 1e-6));
  }

  private static Culprit find(Pass... passes) {
    return bisection(passes).find(WrongPasses.GRAPH).orElseThrow();
  }

  @Test
  void findsTheRewriteThatChangesTheResult() {
    Culprit culprit = find(new EliminateDeadCode(), new BreakSine(), new EliminateDeadCode());
    assertThat(culprit.position()).isEqualTo(1);
    assertThat(culprit.rewrites()).isEqualTo(4);
    assertThat(culprit.failed()).isFalse();
    assertThat(culprit.problem()).startsWith("output y: error");
    assertThat(culprit.rewrite().orElseThrow().rule()).isEqualTo("break-sine");
    assertThat(culprit.rewrite().orElseThrow().replacement()).contains("TAN");
  }

  @Test
  void findsTheRewriteThatFails() {
    Culprit culprit = find(new FailOnSine());
    assertThat(culprit.rewrites()).isEqualTo(4);
    assertThat(culprit.failed()).isTrue();
    assertThat(culprit.problem()).contains("fail-on-sine", "sines are hard");
    assertThat(culprit.rewrite()).isEmpty();
  }

  @Test
  void findsPassesThatCountNothing() {
    Culprit culprit = find(new EliminateDeadCode(), new ForgetEverything());
    assertThat(culprit.position()).isEqualTo(1);
    assertThat(culprit.rewrites()).isZero();
    assertThat(culprit.failed()).isFalse();
    assertThat(find(new BreakInputs()).failed()).isTrue();
  }

  @Test
  void findsNothingWherePassesAreRight() {
    assertThat(bisection(new EliminateDeadCode()).find(WrongPasses.GRAPH)).isEmpty();
  }

  @Test
  void blamesNoPassForWhatWasWrongBefore() {
    Bisection bisection = new Bisection(Pipeline.standard(), _ -> Optional.of("it is blue"));
    assertThatThrownBy(() -> bisection.find(WrongPasses.GRAPH))
        .hasMessageContaining("wrong before any pass runs: it is blue");
  }

  /** Whatever the number of rewrites, the last of them is found. */
  @Property(tries = 30)
  void findsAnyRewrite(@ForAll long seed, @ForAll @IntRange(min = 1, max = 8) int wanted) {
    Graph graph = RandomGraph.of(seed, 30);
    Pass pass = new Canonicalize();
    String text = GraphPrinter.print(limited(graph, pass, wanted));
    Assume.that(!text.equals(GraphPrinter.print(limited(graph, pass, wanted - 1))));
    Set<String> good = new HashSet<>();
    for (int i = 0; i < wanted; i++) {
      good.add(GraphPrinter.print(limited(graph, pass, i)));
    }
    Bisection bisection =
        new Bisection(
            Pipeline.of(pass),
            now -> good.contains(GraphPrinter.print(now)) ? Optional.empty() : Optional.of("new"));
    assertThat(bisection.find(graph).orElseThrow().rewrites()).isEqualTo(wanted);
  }

  private static Graph limited(Graph graph, Pass pass, long rewrites) {
    return Pipeline.of(pass).run(graph, new PassContext(rewrites, RewriteListener.SILENT));
  }

  @Test
  void reproducersFailAgain() {
    Reproducer reproducer = Reproducer.of(find(new FailOnSine()), "tenrec 7");
    String text = reproducer.text();
    assertThat(text)
        .startsWith("tenrec reproducer 1\nversions: tenrec 7, Java 25")
        .contains("\npipeline: fail-on-sine\nmax-rewrites: 4\nproblem: [INTERNAL] ");
    Reproducer read = Reproducer.parse(text);
    assertThat(read.text()).isEqualTo(text);
    assertThat(read.replay(known(new FailOnSine())).orElseThrow()).contains("sines are hard");
    Rule mended = new BreakSine();
    assertThat(
            new Reproducer(read.versions(), "break-sine", 4, read.problem(), read.graph())
                .replay(known(mended)))
        .isEmpty();
  }

  private static KnownPasses known(Pass pass) {
    return new KnownPasses(ImmutableSortedMap.copyOf(ImmutableMap.of(pass.name(), pass)));
  }

  @Test
  void otherTextsAreNoReproducers() {
    String text = Reproducer.of(find(new FailOnSine()), "tenrec 7").text();
    assertThatThrownBy(() -> Reproducer.parse("hello")).hasMessageContaining("no reproducer");
    assertThatThrownBy(() -> Reproducer.parse(text.replace("pipeline: ", "pipes: ")))
        .hasMessageContaining("lacks the line 'pipeline: ...'");
    assertThatThrownBy(() -> Reproducer.parse(text.replace("rewrites: 4", "rewrites: four")))
        .hasMessageContaining("lacks the line 'max-rewrites: ...'");
  }
}
