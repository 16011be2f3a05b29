package dev.tenrec.cli;

import dev.tenrec.compiler.Model;
import dev.tenrec.compiler.accuracy.Classification;
import dev.tenrec.compiler.accuracy.LabelledData;
import dev.tenrec.compiler.data.Npz;
import dev.tenrec.ir.Executable;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tenrec test}: the top-1 accuracy of a classifier. */
@Command(name = "test", description = "Measure the top-1 accuracy of a classifier.")
final class TestCommand implements Callable<Integer> {
  @Mixin private final ModelArgument model = new ModelArgument();
  @Mixin private final ExecutionOptions execution = new ExecutionOptions();

  @Option(
      names = "--data",
      required = true,
      paramLabel = "TEST.npz",
      description = "One array for each input and one with labels, samples along the first axis.")
  @SuppressWarnings("NullAway.Init")
  private Path data;

  @Option(
      names = "--label",
      required = true,
      paramLabel = "NAME",
      description = "The array with the labels.")
  @SuppressWarnings("NullAway.Init")
  private String label;

  @Option(
      names = "--output",
      paramLabel = "NAME",
      description = "The output to read the class from (default: the first).")
  private @Nullable String output;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Override
  public Integer call() {
    Model read = Model.read(model.path);
    LabelledData samples = LabelledData.of(read.signature(), Npz.read(data), label);
    Classification result;
    try (Executable executable =
        read.open(
            execution.backend,
            execution.precision.settings(read::graph),
            execution.narrowing.allowed,
            samples.batches())) {
      result = Classification.measure(executable, samples, Optional.ofNullable(output));
    }
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "accuracy %.4f (%d of %d)%n",
        result.accuracy(),
        result.correct(),
        result.samples());
    out.flush();
    return Main.OK;
  }
}
