package dev.tenrec.cli;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tenrec.compiler.Backend;
import dev.tenrec.compiler.Bundle;
import dev.tenrec.compiler.Model;
import dev.tenrec.compiler.Precision;
import dev.tenrec.compiler.PrecisionSettings;
import dev.tenrec.compiler.accuracy.Agreement;
import dev.tenrec.compiler.accuracy.Bounds;
import dev.tenrec.compiler.accuracy.Metric;
import dev.tenrec.compiler.accuracy.PrecisionComparison;
import dev.tenrec.compiler.accuracy.PrecisionReport;
import dev.tenrec.compiler.accuracy.RecordPrecision;
import dev.tenrec.compiler.accuracy.Subject;
import dev.tenrec.compiler.accuracy.Task;
import dev.tenrec.compiler.verify.BackendCase;
import dev.tenrec.ir.Executable;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.passes.accuracy.Comparison;
import dev.tenrec.passes.accuracy.Deviation;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tenrec compare}: how far a precision is from single precision. */
@Command(
    name = "compare",
    description = {
      "Run models in single precision and in another one on the same data, and compare.",
      "The signal-to-noise ratio (SNR) is in dB; elements are broken where only one is finite."
    })
final class CompareCommand implements Callable<Integer> {
  @Parameters(
      arity = "1..*",
      paramLabel = "MODEL|DIR",
      description =
          "ONNX files, folders that 'tenrec compile' made (with --reference), or folders to search"
              + " for cases with data of their own.")
  @SuppressWarnings("NullAway.Init")
  private List<Path> models;

  @Option(
      names = "--reference",
      paramLabel = "MODEL",
      description = "The ONNX file that folders were compiled from.")
  private @Nullable Path reference;

  @Option(
      names = "--all",
      description = "Compare every value that exists in both, not the outputs only.")
  private boolean all;

  @Option(
      names = "--precision-report",
      paramLabel = "FILE.json",
      description =
          "With one model: write for each operation the precision, reason and error, and what an"
              + " engine does with it.")
  private @Nullable Path precisionReport;

  @Mixin private final ExecutionOptions execution = new ExecutionOptions();

  @Mixin private final SensitivityOptions sensitivity = new SensitivityOptions();

  @Mixin private final DataOptions data = new DataOptions();

  @Mixin private final JsonOption json = new JsonOption();

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  /**
   * What is told about one model.
   *
   * @param task how both do their task, if the data tell what is right
   */
  record Row(
      String model,
      Precision precision,
      Backend backend,
      long samples,
      ImmutableMap<String, Deviation> values,
      @Nullable Agreement task) {

    boolean isWithin(Bounds tolerance) {
      return tolerance.hold(values.values(), Optional.ofNullable(task));
    }

    /** Which score is not reached: four digits may not show it. */
    String missed(Bounds tolerance) {
      return task == null ? "" : tolerance.missed(task.candidate()).collect(Collectors.joining());
    }
  }

  @Override
  public Integer call() {
    Bounds tolerance = execution.precision.tolerance();
    if (!sensitivity.wanted) {
      UsedOptions.refuse(spec, "without --sensitivity", "--write-overrides");
    }
    if (precisionReport != null && models.size() > 1) {
      UsedOptions.refuse(spec, "of use for several models", "--precision-report");
    }
    PrintWriter out = spec.commandLine().getOut();
    List<Row> rows = new ArrayList<>();
    long beyond = 0;
    for (Path path : models) {
      for (Subject subject : subjects(path)) {
        PrecisionSettings settings = execution.precision.compared(subject.reference()::graph);
        requireReportable(subject, settings);
        PrecisionSettings refined =
            sensitivity.refined(subject, settings, execution.backend, tolerance, out);
        Row row = compare(subject, refined);
        report(subject, refined, row);
        rows.add(row);
        beyond += row.isWithin(tolerance) ? 0 : 1;
        print(row, tolerance, out);
      }
    }
    json.write(rows);
    out.printf("%d compared, %d beyond the tolerance%n", rows.size(), beyond);
    out.flush();
    return beyond == 0 ? Main.OK : Main.WRONG_RESULT;
  }

  private ImmutableList<Subject> subjects(Path path) {
    if (Files.isDirectory(path) && !Bundle.isAt(path)) {
      if (metric().isPresent()) {
        throw new TenrecException(
                ErrorCode.INVALID_ARGUMENT, "%s holds cases, which are of no task".formatted(path))
            .advise("give an ONNX file or a bundle");
      }
      return BackendCase.find(List.of(path)).stream()
          .map(Subject::of)
          .collect(ImmutableList.toImmutableList());
    }
    Model candidate = Model.read(path);
    if (candidate.bundle().isPresent() && reference == null) {
      throw new ParameterException(
          spec.commandLine(), "%s is compiled: --reference must give its model".formatted(path));
    }
    Model model = reference == null ? candidate : Model.read(reference);
    String name = String.valueOf(path.getFileName());
    Optional<Task> task = metric().map(metric -> task(metric, model));
    return ImmutableList.of(
        new Subject(
            name,
            model,
            candidate,
            task.map(Task::inputs).orElseGet(() -> data.samples(model)),
            task));
  }

  /** What the data tell about a task, if anything. */
  private Optional<Metric> metric() {
    Bounds tolerance = execution.precision.tolerance();
    boolean classes = execution.precision.label().isPresent() || tolerance.bound(Metric.ACCURACY);
    boolean text = data.isText() || tolerance.bound(Metric.PERPLEXITY);
    if (classes && text) {
      throw new TenrecException(
              ErrorCode.INVALID_ARGUMENT, "a model either classifies or reads text")
          .advise("leave out --label, or what is for text");
    }
    return classes
        ? Optional.of(Metric.ACCURACY)
        : Optional.of(Metric.PERPLEXITY).filter(_ -> text);
  }

  private Task task(Metric metric, Model model) {
    return TaskData.read(
        metric,
        model.signature(),
        data.file(),
        execution.precision.label(),
        execution.precision.text());
  }

  private void report(Subject subject, PrecisionSettings settings, Row row) {
    if (precisionReport != null) {
      RecordPrecision record = new RecordPrecision();
      Graph optimized = settings.pipeline().run(subject.reference().graph(), record);
      PrecisionReport report = record.report(optimized).errors(row.values());
      (execution.backend == Backend.TENSORRT
              ? report.achieved(subject.profile(settings, execution.narrowing.allowed))
              : report)
          .write(precisionReport);
    }
  }

  /** A bundle does not tell why it computes as it does: what decided must be said once more. */
  private void requireReportable(Subject subject, PrecisionSettings settings) {
    Precision precision = precision(subject, settings);
    if (precisionReport != null && precision != settings.precision()) {
      throw new TenrecException(
              ErrorCode.INVALID_ARGUMENT,
              "%s was compiled in %s, and the report would be about %s"
                  .formatted(subject.name(), precision, settings.precision()))
          .advise("give --precision and what goes with it as when it was compiled");
    }
  }

  private static Precision precision(Subject subject, PrecisionSettings settings) {
    return subject
        .candidate()
        .bundle()
        .map(bundle -> bundle.manifest().precision())
        .orElse(settings.precision());
  }

  private Row compare(Subject subject, PrecisionSettings settings) {
    Precision precision = precision(subject, settings);
    return new PrecisionComparison(
            execution.backend, execution.narrowing.allowed, all || precisionReport != null)
        .run(
            subject.reference(),
            subject.candidate(),
            settings,
            subject.samples(),
            (expected, actual) -> row(subject, precision, expected, actual));
  }

  private Row row(Subject subject, Precision precision, Executable expected, Executable actual) {
    // Checks the labels before anything runs.
    Optional<Agreement> task =
        subject.task().map(data -> Agreement.measure(expected, actual, data));
    Comparison comparison = Comparison.of(expected, actual, subject.samples());
    return new Row(
        subject.name(),
        precision,
        execution.backend,
        comparison.samples(),
        comparison.deviations(),
        task.orElse(null));
  }

  private static void print(Row row, Bounds tolerance, PrintWriter out) {
    row.values()
        .forEach((value, deviation) -> out.printf("%s: %s: %s%n", row.model(), value, deviation));
    if (row.task() != null) {
      Agreement task = row.task();
      out.printf(
          Locale.ROOT,
          "%s: %s %.4f, %.4f in single precision; %d of %d %s%n",
          row.model(),
          task.metric(),
          task.candidate(),
          task.reference(),
          task.changed(),
          task.samples(),
          switch (task.metric()) {
            case ACCURACY -> "classified otherwise";
            case PERPLEXITY -> "predicted otherwise";
          });
    }
    if (!row.isWithin(tolerance)) {
      out.printf("%s: beyond the tolerance%s%n", row.model(), row.missed(tolerance));
    }
    out.flush();
  }
}
