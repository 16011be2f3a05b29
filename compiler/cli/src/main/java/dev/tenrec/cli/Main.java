package dev.tenrec.cli;

import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The {@code tenrec} command. */
@Command(
    name = "tenrec",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = Version.class,
    description = "Compiles ONNX models for TensorRT.",
    subcommands = {
      CompileCommand.class,
      RunCommand.class,
      VerifyCommand.class,
      TestCommand.class,
      CompareCommand.class,
      PrintCommand.class,
      CheckCommand.class,
      OptCommand.class,
      ExplainCommand.class,
      BisectCommand.class,
      BenchCommand.class,
      ReduceCommand.class
    })
public final class Main implements Runnable {
  /** Everything was as it should be. */
  static final int OK = 0;

  /** Something was computed, and it is wrong. */
  static final int WRONG_RESULT = 1;

  /** The command, the model or the data cannot be used. */
  static final int BAD_INPUT = 2;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Show the stack trace of an error.")
  private boolean verbose;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }

  /** Runs the command and exits with its code. */
  public static void main(String[] arguments) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(execute(out, err, arguments));
  }

  /** Runs the command and gives its exit code. */
  static int execute(PrintWriter out, PrintWriter err, String... arguments) {
    Main main = new Main();
    CommandLine line =
        new CommandLine(main)
            .setOut(out)
            .setErr(err)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setExecutionExceptionHandler((error, _, _) -> main.report(error, err));
    try {
      return line.execute(arguments);
    } catch (LinkageError e) {
      return main.report(missing(e), err);
    } catch (OutOfMemoryError | StackOverflowError e) {
      return main.report(exhausted(e), err);
    }
  }

  private static TenrecException missing(LinkageError error) {
    return new TenrecException(
            ErrorCode.BACKEND_UNAVAILABLE, "a library cannot be loaded: " + error, error)
        .advise("put its jar on the class path, and its native part where the loader finds it");
  }

  private static TenrecException exhausted(VirtualMachineError error) {
    return new TenrecException(ErrorCode.TOO_LARGE, "the memory is too small: " + error, error)
        .advise("give Java more, for example TENREC_OPTS='-Xmx16g -Xss64m'");
  }

  private int report(Exception error, PrintWriter err) {
    boolean defect = !(error instanceof TenrecException);
    err.println("tenrec: " + (defect ? "internal error: " + error : error.getMessage()));
    if (verbose) {
      error.printStackTrace(err);
    } else if (defect) {
      err.println("tenrec: this is a defect; run again with --verbose and report it");
    }
    err.flush();
    return BAD_INPUT;
  }
}
