package dev.tenrec.cli;

import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.onnx.OnnxImporter;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tenrec check}: everything in a model that Tenrec does not support. */
@Command(name = "check", description = "List every node that is not supported.")
final class CheckCommand implements Callable<Integer> {
  @Parameters(paramLabel = "MODEL", description = "An ONNX file.")
  @SuppressWarnings("NullAway.Init")
  private Path model;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Override
  public Integer call() {
    List<TenrecException> findings = OnnxImporter.check(model);
    PrintWriter out = spec.commandLine().getOut();
    findings.forEach(finding -> out.println(finding.getMessage()));
    out.println(
        findings.isEmpty() ? "supported" : "%d nodes are not supported".formatted(findings.size()));
    out.flush();
    return findings.isEmpty() ? Main.OK : Main.BAD_INPUT;
  }
}
