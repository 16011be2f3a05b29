package dev.tenrec.cli;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.compiler.Model;
import dev.tenrec.compiler.data.Npz;
import dev.tenrec.ir.Executable;
import dev.tenrec.ir.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tenrec run}: computes the outputs for arrays in a file. */
@Command(name = "run", description = "Run a model on arrays in a file.")
final class RunCommand implements Callable<Integer> {
  @Mixin private final ModelArgument model = new ModelArgument();
  @Mixin private final ExecutionOptions execution = new ExecutionOptions();

  @Option(
      names = "--input",
      required = true,
      paramLabel = "IN.npz",
      description = "One array for each input, by name.")
  @SuppressWarnings("NullAway.Init")
  private Path input;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "OUT.npz",
      description = "The file to write the outputs to.")
  @SuppressWarnings("NullAway.Init")
  private Path output;

  @Override
  public Integer call() {
    ImmutableMap<String, Tensor> inputs = Npz.read(input);
    Model read = Model.read(model.path);
    try (Executable executable =
        read.open(
            execution.backend,
            execution.precision.settings(read::graph),
            execution.narrowing.allowed,
            List.of(inputs))) {
      Npz.write(output, executable.run(inputs));
    }
    return Main.OK;
  }
}
