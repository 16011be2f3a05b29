package dev.tenrec.cli;

import dev.tenrec.compiler.Backend;
import dev.tenrec.compiler.Compiler;
import dev.tenrec.compiler.Precision;
import dev.tenrec.compiler.PrecisionSettings;
import dev.tenrec.ir.Executable;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.onnx.OnnxImporter;
import dev.tenrec.tensorrt.ShapeProfile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code tenrec check}: everything in a model that the importer does not support, or else the first
 * thing that TensorRT cannot run.
 */
@Command(name = "check", description = "List every node that is not supported.")
final class CheckCommand implements Callable<Integer> {
  @Parameters(paramLabel = "MODEL", description = "An ONNX file.")
  @SuppressWarnings("NullAway.Init")
  private Path model;

  @Mixin private final NarrowingOption narrowing = new NarrowingOption();

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Override
  public Integer call() {
    List<TenrecException> findings = OnnxImporter.check(model);
    PrintWriter out = spec.commandLine().getOut();
    findings.forEach(finding -> out.println(finding.getMessage()));
    Optional<TenrecException> refusal = findings.isEmpty() ? lower() : Optional.empty();
    refusal.ifPresent(reason -> out.println("on TensorRT: " + reason.getMessage()));
    boolean supported = findings.isEmpty() && refusal.isEmpty();
    out.println(
        supported
            ? "supported"
            : findings.isEmpty()
                ? "supported, but not on TensorRT"
                : "%d nodes are not supported".formatted(findings.size()));
    out.flush();
    return supported ? Main.OK : Main.BAD_INPUT;
  }

  /** Why the layers cannot be made. */
  private Optional<TenrecException> lower() {
    try (Executable _ =
        Backend.RECORDED.open(
            Compiler.optimize(model, PrecisionSettings.of(Precision.FP32)),
            ShapeProfile.NONE,
            narrowing.allowed)) {
      return Optional.empty();
    } catch (TenrecException e) {
      return Optional.of(e);
    }
  }
}
