package dev.tenrec.passes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedMap;
import dev.tenrec.ir.Graph;
import dev.tenrec.passes.fuse.FuseGelu;
import dev.tenrec.passes.fuse.FuseOperations;
import dev.tenrec.passes.fuse.FuseSilu;
import dev.tenrec.passes.simplify.Canonicalize;
import dev.tenrec.passes.simplify.FoldConstants;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PipelineTextTest {
  /** A pass with any name and an option of any content. */
  record Anything(String name, String option) implements Pass {
    @Override
    public ImmutableMap<String, String> options() {
      return ImmutableMap.of("an option", option, "k", "3");
    }

    @Override
    public Anything with(PassOptions options) {
      assertThat(options.number("k", 1)).isEqualTo(3);
      return new Anything(name, options.text("an option").orElseThrow());
    }

    @Override
    public Graph run(Graph graph, PassContext context) {
      return graph;
    }
  }

  @Provide
  Arbitrary<List<Anything>> passes() {
    return Combinators.combine(Arbitraries.strings(), Arbitraries.strings())
        .as(Anything::new)
        .list()
        .uniqueElements(Anything::name);
  }

  @Property(tries = 200)
  void readsWhatItWrites(@ForAll("passes") List<Anything> passes) {
    Pipeline pipeline = new Pipeline(ImmutableList.copyOf(passes));
    ImmutableSortedMap.Builder<String, Pass> known = ImmutableSortedMap.naturalOrder();
    passes.forEach(pass -> known.put(pass.name(), new Anything(pass.name(), "")));
    assertThat(new KnownPasses(known.buildOrThrow()).parse(pipeline.toString()))
        .isEqualTo(pipeline);
  }

  @Provide
  Arbitrary<List<Pass>> ours() {
    return Arbitraries.of(KnownPasses.load().byName().values()).list();
  }

  @Property(tries = 50)
  void readsItsOwnPasses(@ForAll("ours") List<Pass> passes, @ForAll long bytes) {
    Pipeline pipeline = new Pipeline(ImmutableList.copyOf(passes)).then(new FoldConstants(bytes));
    assertThat(Pipeline.parse(pipeline.toString())).isEqualTo(pipeline);
  }

  @Test
  void readsTheStandardPipeline() {
    assertThat(Pipeline.parse(Pipeline.standard().toString())).isEqualTo(Pipeline.standard());
    assertThat(Pipeline.parse("fold, standard"))
        .isEqualTo(
            new Pipeline(
                ImmutableList.<Pass>builder()
                    .add(new FoldConstants())
                    .addAll(Pipeline.standard().passes())
                    .build()));
    assertThat(Pipeline.parse(" ")).isEqualTo(Pipeline.of());
  }

  @Test
  void readsOptions() {
    assertThat(Pipeline.parse("fold(max-bytes=8),canonicalize(),fuse( only = silu|fuse-gelu )"))
        .isEqualTo(
            Pipeline.of(
                new FoldConstants(8),
                new Canonicalize(),
                new FuseOperations(ImmutableList.of(new FuseSilu(), new FuseGelu()))));
    assertThat(Pipeline.parse("fuse(only=\"\")"))
        .isEqualTo(Pipeline.of(new FuseOperations(ImmutableList.of())));
    assertThat(new Anything("a b", "1,2").options())
        .isEqualTo(Map.of("an option", "1,2", "k", "3"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "fold,; the name of a pass is expected at character 6",
        "fold canonicalize; ',' or the end is expected at character 6",
        "fold(8); '=' is expected at character 7",
        "fold(max-bytes=); a value is expected at character 16",
        "fold(max-bytes=8; ',' or ')' is expected at character 17",
        "fold(max-bytes=8,max-bytes=9); option 'max-bytes' is given twice",
        "fold(max-bytes=many); option max-bytes of pass 'fold' is 'many', not a whole number",
        "fold(\"max; '\"' is expected at character 10",
        "fold(k=8); pass 'fold' has no option 'k' (its options are max-bytes)",
        "canonicalize(k=8); pass 'canonicalize' has no option 'k' (it has no options)",
        "fuse(only=gelu|salu); there is no fusion 'salu' (the fusions are",
        "assign-precision(low=int8); precision int8 is neither float16 nor bfloat16",
        "standard(k=1); there is no pass 'standard'",
        "melt; there is no pass 'melt' (the passes are",
      })
  void refusesWhatIsWrong(String text, String problem) {
    assertThatThrownBy(() -> Pipeline.parse(text)).hasMessageContaining(problem);
  }
}
