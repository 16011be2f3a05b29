package dev.tenrec.cli;

import dev.tenrec.compiler.Bundle;
import dev.tenrec.compiler.CompileOptions;
import dev.tenrec.compiler.Compiler;
import dev.tenrec.compiler.OnSlower;
import dev.tenrec.compiler.PrecisionDemands;
import dev.tenrec.compiler.report.ReportPage;
import dev.tenrec.onnx.OnnxImporter;
import dev.tenrec.tensorrt.ShapeProfile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tenrec compile}: turns a model into a bundle. */
@Command(
    name = "compile",
    description = {
      "Compile a model into a folder with the optimized model, a TensorRT engine and a manifest.",
      "Without a GPU, or with --no-engine, there is no engine in it."
    })
final class CompileCommand implements Callable<Integer> {
  @Parameters(paramLabel = "MODEL", description = "An ONNX file.")
  @SuppressWarnings("NullAway.Init")
  private Path model;

  @Option(
      names = "-o",
      required = true,
      paramLabel = "DIR",
      description = "The folder to write; an older bundle there is replaced.")
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  @Mixin private final PrecisionOption precision = new PrecisionOption();

  @Option(
      names = "--shape",
      paramLabel = "DIM=MIN..OPT..MAX",
      description = "The range of a named dimension, or DIM=N for one size.")
  private List<String> shapes = List.of();

  @Option(names = "--no-engine", description = "Build no engine.")
  private boolean noEngine;

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description = "Write a page that shows what each pass did: DIR/index.html.")
  private @Nullable Path report;

  @Option(
      names = "--precision-report",
      paramLabel = "FILE.json",
      description =
          "Write for each operation the precision, the reason, and what the engine does with it"
              + " in which time.")
  private @Nullable Path precisionReport;

  @Option(
      names = "--require-share",
      paramLabel = "X",
      description = "Fail if less than this share (0 to 1) of products is in fewer than 32 bits.")
  private double share;

  @Option(
      names = "--on-slower",
      paramLabel = "warn|fail|fp16",
      description =
          "What to do with a quantized engine that is slower than one in fp16, which is built for"
              + " the comparison (default with --precision auto: warn; otherwise nobody looks).")
  private @Nullable OnSlower onSlower;

  @Mixin private final LevelOption level = new LevelOption();

  @Mixin private final NarrowingOption narrowing = new NarrowingOption();

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Override
  public Integer call() {
    CompileOptions options =
        new CompileOptions(
            precision.settings(() -> OnnxImporter.read(model)),
            ShapeProfile.parse(shapes),
            !noEngine,
            narrowing.allowed,
            level.wanted(),
            new PrecisionDemands(Optional.ofNullable(precisionReport), share),
            Optional.ofNullable(onSlower).or(precision::onSlower),
            Optional.ofNullable(report));
    Compiler.Result result = Compiler.compile(model, folder, options);
    Bundle bundle = result.bundle();
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        "%s: %d operations, %d imported; %s"
            .formatted(
                folder,
                bundle.manifest().nodes().optimized(),
                bundle.manifest().nodes().imported(),
                result
                    .withoutEngine()
                    .map(reason -> "no engine: " + reason)
                    .orElse("with engine")));
    result.slower().ifPresent(slower -> out.println("%s: %s".formatted(folder, slower)));
    if (report != null) {
      out.println("%s: what each pass did".formatted(report.resolve(ReportPage.FILE)));
    }
    out.flush();
    return Main.OK;
  }
}
