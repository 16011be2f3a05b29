package dev.tenrec.cli;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Ints;
import dev.tenrec.compiler.Model;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.text.DotPrinter;
import dev.tenrec.ir.text.GraphPrinter;
import dev.tenrec.onnx.OnnxExporter;
import dev.tenrec.passes.Pass;
import dev.tenrec.passes.Pipeline;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tenrec print}: the textual form of a model, a drawing of it, or ONNX. */
@Command(
    name = "print",
    description = "Print the textual form of a model, as it is or after some passes.")
final class PrintCommand implements Callable<Integer> {
  @Mixin private final ModelArgument model = new ModelArgument();

  @Option(
      names = "--after",
      paramLabel = "PASS",
      description =
          "Run the passes up to this one first: its name stands for where it runs last, a number N"
              + " for the first N passes, and 'all' for all of them.")
  private @Nullable String after;

  @Mixin private final PrecisionOption precision = new PrecisionOption();

  @Option(
      names = "--exact",
      description = "Print constants in full and no comments, so that the text can be parsed.")
  private boolean exact;

  @Option(names = "--dot", description = "Print in the language of Graphviz, for 'dot -Tsvg'.")
  private boolean dot;

  @Option(
      names = "--onnx",
      paramLabel = "OUT.onnx",
      description = "Write an ONNX file instead, for other tools such as Netron.")
  private @Nullable Path onnx;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Override
  public Integer call() {
    Graph imported = Model.read(model.path).graph();
    Graph graph = passes(imported).run(imported);
    if (onnx != null) {
      OnnxExporter.write(graph, onnx);
      return Main.OK;
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(text(graph));
    out.flush();
    return Main.OK;
  }

  private String text(Graph graph) {
    if (dot) {
      return DotPrinter.print(graph);
    }
    return exact ? GraphPrinter.print(graph) : GraphPrinter.describe(graph);
  }

  private Pipeline passes(Graph imported) {
    ImmutableList<Pass> passes = precision.settings(() -> imported).pipeline().passes();
    return new Pipeline(passes.subList(0, after == null ? 0 : count(after, passes)));
  }

  private static int count(String wanted, List<Pass> passes) {
    if (wanted.equals("all")) {
      return passes.size();
    }
    List<String> names = passes.stream().map(Pass::name).toList();
    Integer number = Ints.tryParse(wanted);
    int count = number == null ? names.lastIndexOf(wanted) + 1 : number;
    if (count < 1 || count > names.size()) {
      throw new TenrecException(
              ErrorCode.INVALID_ARGUMENT, "there is no pass '%s'".formatted(wanted))
          .advise("the passes are " + String.join(", ", names));
    }
    return count;
  }
}
