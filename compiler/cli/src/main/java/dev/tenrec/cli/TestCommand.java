package dev.tenrec.cli;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.compiler.Model;
import dev.tenrec.compiler.accuracy.Classification;
import dev.tenrec.compiler.accuracy.LabelledData;
import dev.tenrec.compiler.accuracy.Metric;
import dev.tenrec.compiler.accuracy.Perplexity;
import dev.tenrec.compiler.accuracy.TokenWindows;
import dev.tenrec.ir.Executable;
import dev.tenrec.ir.tensor.Tensor;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tenrec test}: how well a model does its task. */
@Command(
    name = "test",
    description =
        "Measure the top-1 accuracy of a classifier, or the perplexity of a language model.")
final class TestCommand implements Callable<Integer> {
  @Mixin private final ModelArgument model = new ModelArgument();
  @Mixin private final ExecutionOptions execution = new ExecutionOptions();

  @Option(
      names = "--metric",
      paramLabel = "METRIC",
      defaultValue = "accuracy",
      description = "accuracy or perplexity (default: accuracy).")
  @SuppressWarnings("NullAway.Init")
  private Metric metric;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DATA",
      description =
          "For accuracy an npz file with one array for each input and one with labels, samples"
              + " along the first axis; for perplexity a text, or an npz file with input_ids.")
  @SuppressWarnings("NullAway.Init")
  private Path data;

  @Option(
      names = "--windows",
      paramLabel = "N",
      description = "For perplexity: read only so many windows of the text.")
  private @Nullable Long windows;

  @Option(
      names = "--output",
      paramLabel = "NAME",
      description = "The output to read (default: the first).")
  private @Nullable String output;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Override
  public Integer call() {
    Model read = Model.read(model.path);
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        switch (metric) {
          case ACCURACY -> accuracy(read);
          case PERPLEXITY -> perplexity(read);
        });
    out.flush();
    return Main.OK;
  }

  private String accuracy(Model read) {
    UsedOptions.refuse(spec, "for accuracy", "--windows");
    LabelledData samples = TaskData.labels(read.signature(), data, execution.precision.label());
    try (Executable executable = open(read, samples.inputs())) {
      Classification result =
          Classification.measure(executable, samples, Optional.ofNullable(output));
      return String.format(
          Locale.ROOT,
          "accuracy %.4f (%d of %d)",
          result.accuracy(),
          result.correct(),
          result.samples());
    }
  }

  private String perplexity(Model read) {
    UsedOptions.refuse(spec, "for perplexity", "--label");
    TokenWindows text =
        TaskData.text(
            read.signature(),
            data,
            execution.precision.text(),
            windows == null ? Long.MAX_VALUE : windows);
    try (Executable executable = open(read, text.inputs())) {
      Perplexity result = Perplexity.measure(executable, text, Optional.ofNullable(output));
      return String.format(
          Locale.ROOT,
          "perplexity %.4f (loss %.5f, %d tokens)",
          result.perplexity(),
          result.meanLoss(),
          result.tokens());
    }
  }

  private Executable open(Model read, List<ImmutableMap<String, Tensor>> examples) {
    return read.open(
        execution.backend,
        execution.precision.tested(read::graph),
        execution.narrowing.allowed,
        examples);
  }
}
