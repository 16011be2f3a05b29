package dev.tenrec.cli;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.compiler.Model;
import dev.tenrec.compiler.data.AtomicOutput;
import dev.tenrec.compiler.verify.BackendCase;
import dev.tenrec.ir.interpret.Interpreter;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.passes.Pipeline;
import dev.tenrec.passes.debug.Bisection;
import dev.tenrec.passes.debug.Bisection.Culprit;
import dev.tenrec.passes.debug.Reproducer;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tenrec bisect}: the first rewrite that breaks a model. */
@Command(
    name = "bisect",
    description = {
      "Find the first rewrite that changes what a model computes, or at which a pass fails.",
      "Exit code 1 says that there is one."
    })
final class BisectCommand implements Callable<Integer> {
  @Mixin private final ModelArgument model = new ModelArgument();
  @Mixin private final PipelineOptions passes = new PipelineOptions();
  @Mixin private final DataOptions data = new DataOptions();

  @Option(
      names = "--tolerance",
      paramLabel = "TOLERANCE",
      defaultValue = "1e-4",
      description = "How far elements may move, relative to 1 + |element| (default: 1e-4).")
  private double tolerance;

  @Option(
      names = "--reproducer",
      paramLabel = "FILE",
      defaultValue = "reproducer.txt",
      description =
          "Where to write what 'tenrec opt --reproduce' replays, if a pass fails or makes an"
              + " invalid graph (default: reproducer.txt).")
  @SuppressWarnings("NullAway.Init")
  private Path reproducer;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Override
  public Integer call() {
    Model read = Model.read(model.path);
    Pipeline pipeline = passes.pipeline();
    BackendCase.DataSet sample = data.read(read);
    ImmutableMap<String, Tensor> expected =
        sample.outputs().isEmpty()
            ? Interpreter.of(read.graph()).run(sample.inputs())
            : sample.outputs();
    Optional<Culprit> found =
        new Bisection(pipeline, Bisection.Probe.outputs(sample.inputs(), expected, tolerance))
            .find(read.graph());
    PrintWriter out = spec.commandLine().getOut();
    found.ifPresentOrElse(
        culprit -> print(culprit, out), () -> out.println("no rewrite breaks the model"));
    out.flush();
    return found.isPresent() ? Main.WRONG_RESULT : Main.OK;
  }

  private void print(Culprit culprit, PrintWriter out) {
    out.println(
        "pass %d, '%s', %s: %s"
            .formatted(
                culprit.position() + 1,
                culprit.pass().name(),
                culprit.failed() ? "fails" : "changes the result",
                culprit.problem()));
    culprit
        .rewrite()
        .ifPresent(rewrite ->
            out.println(
                "rewrite %d, by rule '%s', is the first after which it does%n  at %s%n  %s became %s"
                    .formatted(
                        culprit.before() + culprit.rewrites(),
                        rewrite.rule(),
                        rewrite.place().describe(),
                        rewrite.value(),
                        rewrite.replacement())));
    if (culprit.rewrites() > 0) {
      out.println(
          "'tenrec opt --max-rewrites %d' still gives the right graph"
              .formatted(culprit.before() + culprit.rewrites() - 1));
    } else {
      out.println("it does so without a rewrite that is counted");
    }
    if (culprit.failed()) {
      String text = Reproducer.of(culprit, new Version().getVersion()[0]).text();
      AtomicOutput.file(reproducer, temporary -> Files.writeString(temporary, text));
      out.println("%s holds what 'tenrec opt --reproduce' replays".formatted(reproducer));
    }
  }
}
