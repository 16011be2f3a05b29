package dev.tenrec.cli;

import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A command of the user's that is given a model.
 *
 * @param text what the shell runs; the model's path stands for {@code {}}, or at the end
 * @param timeout after which the command is ended
 * @param wanted what its output must contain for it to count as failed
 */
record FailingCommand(String text, Duration timeout, Optional<Pattern> wanted) {
  private static final String PLACE = "{}";
  private static final Pattern CODE = Pattern.compile("\\[([A-Z][A-Z_]+)]");

  /**
   * How a command failed.
   *
   * @param exit its exit code, or {@code timeout}
   * @param code the first word in brackets and capitals in its output, as Tenrec's errors have it
   */
  record Failure(String exit, String code) {
    @Override
    public String toString() {
      return "exit " + exit + (code.isEmpty() ? "" : " with [" + code + "]");
    }
  }

  /** How the command fails on a model; empty if it does not. */
  Optional<Failure> run(Path model) {
    Path output = null;
    try {
      output = Files.createTempFile("tenrec", ".out");
      Process process =
          new ProcessBuilder("sh", "-c", command(model))
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .start();
      boolean ended = process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
      if (!ended) {
        end(process);
      }
      String printed = new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
      return failure(ended ? Integer.toString(process.exitValue()) : "timeout", printed);
    } catch (IOException e) {
      throw new TenrecException(
          ErrorCode.IO, "'%s' cannot be run: %s".formatted(text, e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TenrecException(ErrorCode.IO, "'%s' was interrupted".formatted(text), e);
    } finally {
      delete(output);
    }
  }

  private String command(Path model) {
    String quoted = "'" + model.toAbsolutePath().toString().replace("'", "'\\''") + "'";
    return text.contains(PLACE) ? text.replace(PLACE, quoted) : text + " " + quoted;
  }

  private static void end(Process process) throws InterruptedException {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().waitFor();
  }

  private Optional<Failure> failure(String exit, String printed) {
    boolean failed = !exit.equals("0") && wanted.map(w -> w.matcher(printed).find()).orElse(true);
    Matcher code = CODE.matcher(printed);
    return failed
        ? Optional.of(new Failure(exit, code.find() ? code.group(1) : ""))
        : Optional.empty();
  }

  private static void delete(@Nullable Path file) {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // Nothing depends on it: the system cleans its folder for temporary files.
      System.getLogger(FailingCommand.class.getName())
          .log(System.Logger.Level.DEBUG, "{0} is left behind: {1}", file, e.getMessage());
    }
  }
}
