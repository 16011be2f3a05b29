package dev.tenrec.cli;

import dev.tenrec.compiler.Model;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.text.GraphPrinter;
import dev.tenrec.passes.Pass;
import dev.tenrec.passes.Pipeline;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tenrec print}: the textual form of a model. */
@Command(name = "print", description = "Print the textual form of a model.")
final class PrintCommand implements Callable<Integer> {
  @Mixin private final ModelArgument model = new ModelArgument();

  @Option(
      names = "--after",
      paramLabel = "PASS",
      description = "Run the passes up to this one first; 'all' runs all of them.")
  private @Nullable String after;

  @Option(
      names = "--exact",
      description = "Print constants in full and no comments, so that the text can be parsed.")
  private boolean exact;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Override
  public Integer call() {
    Graph graph = passes().run(Model.read(model.path).graph());
    PrintWriter out = spec.commandLine().getOut();
    out.print(exact ? GraphPrinter.print(graph) : GraphPrinter.describe(graph));
    out.flush();
    return Main.OK;
  }

  private Pipeline passes() {
    Pipeline standard = Pipeline.standard();
    if (after == null) {
      return Pipeline.of();
    }
    if (after.equals("all")) {
      return standard;
    }
    List<String> names = standard.passes().stream().map(Pass::name).toList();
    int last = names.lastIndexOf(after);
    if (last < 0) {
      throw new TenrecException(
              ErrorCode.INVALID_ARGUMENT, "there is no pass '%s'".formatted(after))
          .advise("the passes are " + String.join(", ", names));
    }
    return new Pipeline(standard.passes().subList(0, last + 1));
  }
}
