package dev.tenrec.compiler.report;

import static org.junit.jupiter.api.Assumptions.abort;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A browser without a window, for tests. */
final class Chromium implements AutoCloseable {
  private static final List<String> NAMES = List.of("chromium-headless-shell", "chromium");

  private final Process process;
  private final Path profile;
  private final URI address;

  private Chromium(Process process, Path profile, URI address) {
    this.process = process;
    this.profile = profile;
    this.address = address;
  }

  /** Starts the browser; where there is none, the test is skipped. */
  static Chromium start() throws IOException, InterruptedException {
    Optional<Path> program = find();
    if (program.isEmpty()) {
      return abort("skipped: none of %s is on the PATH".formatted(NAMES));
    }
    Path profile = Files.createTempDirectory("tenrec-chromium");
    // Without its sandbox, because it has none for root; it opens nothing but the test's own page.
    Process process =
        new ProcessBuilder(
                program.get().toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--remote-debugging-port=0",
                "--window-size=1500,900",
                "--user-data-dir=" + profile)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    return new Chromium(process, profile, address(process, profile));
  }

  private static Optional<Path> find() {
    String path = System.getenv("PATH");
    return NAMES.stream()
        .flatMap(name ->
            Stream.of((path == null ? "" : path).split(File.pathSeparator))
                .map(folder -> Path.of(folder).resolve(name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Waits for the file in which the browser tells its port and path. */
  private static URI address(Process process, Path profile)
      throws InterruptedException, IOException {
    Path file = profile.resolve("DevToolsActivePort");
    for (int i = 0; i < 600 && process.isAlive(); i++) {
      List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
      if (lines.size() == 2) {
        return URI.create("ws://127.0.0.1:" + lines.getFirst() + lines.getLast());
      }
      Thread.sleep(100);
    }
    process.destroyForcibly();
    throw new IOException("the browser did not start");
  }

  /** Opens a file and waits until it is loaded. */
  BrowserPage open(Path file) {
    return BrowserPage.open(address, file.toAbsolutePath().toUri());
  }

  @Override
  public void close() throws IOException {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    process.onExit().join();
    MoreFiles.deleteRecursively(profile, RecursiveDeleteOption.ALLOW_INSECURE);
  }
}
