package dev.tenrec.cli;

import com.google.common.collect.ImmutableSet;
import dev.tenrec.compiler.Backend;
import dev.tenrec.compiler.verify.BackendCase;
import dev.tenrec.compiler.verify.CaseResult;
import dev.tenrec.compiler.verify.CaseVerifier;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tenrec verify}: runs cases with known results. */
@Command(
    name = "verify",
    description = "Compare a backend with known results, in the layout of ONNX's backend tests.")
final class VerifyCommand implements Callable<Integer> {
  @Parameters(
      arity = "1..*",
      paramLabel = "CASE_OR_FOLDER",
      description = "Folders to search for cases, at any depth.")
  @SuppressWarnings("NullAway.Init")
  private List<Path> folders;

  @Option(
      names = "--backend",
      paramLabel = "BACKEND",
      defaultValue = "cpu",
      description = "One of interpreter, cpu, recorded, validate, tensorrt (default: cpu).")
  @SuppressWarnings("NullAway.Init")
  private Backend backend;

  @Mixin private final PrecisionOption precision = new PrecisionOption();

  @Mixin private final NarrowingOption narrowing = new NarrowingOption();

  @Mixin private final JsonOption json = new JsonOption();

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  /**
   * One line of the results.
   *
   * @param bound inputs that were bound as constants
   */
  record Row(String name, String result, String reason, ImmutableSet<String> bound) {}

  @Override
  public Integer call() {
    CaseVerifier verifier = new CaseVerifier(backend, precision.withoutData(), narrowing.allowed);
    PrintWriter out = spec.commandLine().getOut();
    List<Row> rows = new ArrayList<>();
    for (BackendCase verified : BackendCase.find(folders)) {
      Row row = row(verified.name(), verifier.verify(verified));
      rows.add(row);
      if (!row.result().equals("passed")) {
        out.println("%s: %s: %s".formatted(row.name(), row.result(), row.reason()));
        out.flush();
      }
    }
    json.write(rows);
    long bound = rows.stream().filter(row -> !row.bound().isEmpty()).count();
    if (bound > 0) {
      out.println(
          "of %d cases, inputs that must be known were bound as constants".formatted(bound));
    }
    out.println(
        "%d passed, %d failed, %d unsupported"
            .formatted(count(rows, "passed"), count(rows, "failed"), count(rows, "unsupported")));
    out.flush();
    return count(rows, "failed") == 0 ? Main.OK : Main.WRONG_RESULT;
  }

  private static Row row(String name, CaseResult result) {
    return switch (result) {
      case CaseResult.Passed(var bound) -> new Row(name, "passed", "", bound);
      case CaseResult.Failed(String reason) -> new Row(name, "failed", reason, ImmutableSet.of());
      case CaseResult.Unsupported(String reason) ->
          new Row(name, "unsupported", reason, ImmutableSet.of());
    };
  }

  private static long count(List<Row> rows, String result) {
    return rows.stream().filter(row -> row.result().equals(result)).count();
  }
}
