package dev.tenrec.cli;

import dev.tenrec.compiler.Model;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.passes.KnownPasses;
import dev.tenrec.passes.Pass;
import dev.tenrec.passes.debug.Explanation;
import dev.tenrec.passes.rewrite.Fusion;
import dev.tenrec.passes.rewrite.Rule;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tenrec explain}: where a rule was applied, and why not elsewhere. */
@Command(
    name = "explain",
    description = "Tell where a rule is applied, and where and why it nearly is.")
final class ExplainCommand implements Callable<Integer> {
  @Mixin private final ModelArgument model = new ModelArgument();
  @Mixin private final PipelineOptions passes = new PipelineOptions();

  @Option(
      names = "--rule",
      required = true,
      paramLabel = "RULE",
      description = "The rule's name, for example fuse-gelu; 'tenrec opt --passes' lists them.")
  @SuppressWarnings("NullAway.Init")
  private String name;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "20",
      description = "Print as many of each at most (default: 20).")
  private int limit;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Override
  public Integer call() {
    UsedOptions.requireAtLeast("--limit", 0, limit);
    Rule rule = rule(passes.known());
    Explanation explanation =
        Explanation.of(Model.read(model.path).graph(), passes.pipeline(), rule);
    PrintWriter out = spec.commandLine().getOut();
    out.println("applied %d times".formatted(explanation.applications().size()));
    explanation.applications().stream()
        .limit(limit)
        .forEach(applied ->
            out.println(
                "  in pass '%s' at %s%n    %s became %s"
                    .formatted(
                        applied.pass(),
                        applied.place().describe(),
                        applied.before(),
                        applied.after())));
    if (rule instanceof Fusion) {
      out.println("nearly applied %d times, closest first".formatted(explanation.misses().size()));
    } else if (explanation.misses().isEmpty()) {
      out.println("a rule without a pattern gives no reasons why it is not applied");
    }
    explanation.misses().stream()
        .limit(limit)
        .forEach(miss ->
            out.println(
                "  at %s%n    %s: %s %s%s"
                    .formatted(
                        miss.place().describe(),
                        miss.root(),
                        miss.at(),
                        miss.reason(),
                        miss.matched() == Integer.MAX_VALUE
                            ? ""
                            : " (%d parts fit)".formatted(miss.matched()))));
    out.flush();
    return Main.OK;
  }

  private Rule rule(KnownPasses known) {
    if (known.get(name) instanceof Rule rule) {
      return rule;
    }
    throw new TenrecException(ErrorCode.INVALID_ARGUMENT, "pass '%s' is no rule".formatted(name))
        .advise(
            known.byName().values().stream()
                .filter(Rule.class::isInstance)
                .map(Pass::name)
                .collect(Collectors.joining(", ", "the rules are ", "")));
  }
}
