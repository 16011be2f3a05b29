package dev.tenrec.cli;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.tenrec.cli.FailingCommand.Failure;
import dev.tenrec.compiler.Model;
import dev.tenrec.compiler.data.AtomicOutput;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.text.GraphPrinter;
import dev.tenrec.onnx.OnnxExporter;
import dev.tenrec.passes.debug.GraphReduction;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tenrec reduce}: the smallest model on which a command still fails. */
@Command(
    name = "reduce",
    description = {
      "Make a model smaller for as long as a command fails on it in the same way: with the same"
          + " exit code and, if it prints one of Tenrec's errors, the same error code."
    })
final class ReduceCommand implements Callable<Integer> {
  @Mixin private final ModelArgument model = new ModelArgument();

  @Option(
      names = "--fails-with",
      required = true,
      paramLabel = "COMMAND",
      description = "What the shell runs; the model's path stands for {}, or at the end.")
  @SuppressWarnings("NullAway.Init")
  private String command;

  @Option(
      names = "--matching",
      paramLabel = "REGEX",
      description = "What the command's output must contain for it to count as failed.")
  private @Nullable Pattern matching;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "When to end the command; it counts as another way to fail (default: 60).")
  private int timeout;

  @Option(
      names = "-o",
      paramLabel = "OUT.onnx",
      defaultValue = "reduced.onnx",
      description = "Where to write the result, with its text beside it (default: reduced.onnx).")
  @SuppressWarnings("NullAway.Init")
  private Path output;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  private int runs;

  @Override
  public Integer call() throws IOException {
    UsedOptions.requireAtLeast("--timeout", 1, timeout);
    if (command.isBlank()) {
      throw new TenrecException(ErrorCode.INVALID_ARGUMENT, "the command is empty")
          .advise("give --fails-with the command that fails");
    }
    Graph graph = Model.read(model.path).graph();
    FailingCommand failing =
        new FailingCommand(command, Duration.ofSeconds(timeout), Optional.ofNullable(matching));
    Path folder = Files.createTempDirectory("tenrec");
    try {
      Path candidate = folder.resolve("model.onnx");
      Failure failure = failure(graph, failing, candidate);
      PrintWriter out = spec.commandLine().getOut();
      out.println("the command fails with " + failure);
      Graph reduced =
          GraphReduction.reduce(
              graph,
              smaller -> failsSo(failure, smaller, failing, candidate),
              (number, tried, failed) -> tell(number, tried, failed, out));
      write(reduced);
      out.println(
          "%s: %d of %d operations, after %d runs"
              .formatted(output, reduced.nodes().size(), graph.nodes().size(), runs));
      out.print(GraphPrinter.describe(reduced));
      out.flush();
      return Main.OK;
    } finally {
      MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }

  private void tell(int number, Graph tried, boolean failed, PrintWriter out) {
    runs = number;
    if (failed) {
      out.println("run %d: %d operations still fail".formatted(number, tried.nodes().size()));
      out.flush();
    }
  }

  /** How the command fails on the model as it is written again, which is what gets smaller. */
  private Failure failure(Graph graph, FailingCommand failing, Path candidate) {
    return fails(graph, failing, candidate).orElseThrow(() -> doesNotFail(failing));
  }

  private TenrecException doesNotFail(FailingCommand failing) {
    boolean fails = Files.isRegularFile(model.path) && failing.run(model.path).isPresent();
    return new TenrecException(
            ErrorCode.INVALID_ARGUMENT,
            fails
                ? "the command fails on %s, but not once Tenrec has written it anew"
                    .formatted(model.path)
                : "the command does not fail on %s".formatted(model.path))
        .advise(
            fails
                ? "what it fails on is not kept by an import: compare with 'tenrec opt --pipeline"
                    + " \"\" -o'"
                : "it has to end with an exit code other than 0, within the timeout");
  }

  private static boolean failsSo(
      Failure failure, Graph graph, FailingCommand failing, Path candidate) {
    try {
      return fails(graph, failing, candidate).equals(Optional.of(failure));
    } catch (TenrecException e) {
      if (e.code() == ErrorCode.UNSUPPORTED) {
        // ONNX cannot express what is left.
        return false;
      }
      throw e;
    }
  }

  private static Optional<Failure> fails(Graph graph, FailingCommand failing, Path candidate) {
    OnnxExporter.write(graph, candidate);
    return failing.run(candidate);
  }

  private void write(Graph graph) {
    OnnxExporter.write(graph, output);
    Path text = output.resolveSibling(MoreFiles.getNameWithoutExtension(output) + ".txt");
    AtomicOutput.file(text, temporary -> Files.writeString(temporary, GraphPrinter.print(graph)));
  }
}
