package dev.tenrec.ir.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Test material too large for the repository: archives in {@code ../shared/data} beside it. Tests
 * that need an absent one are skipped with a message that names it.
 */
public final class SharedData {
  private SharedData() {}

  /** The root of the repository. */
  public static Path repository() {
    Path folder = Path.of("").toAbsolutePath();
    while (folder != null && !Files.exists(folder.resolve("tenrec"))) {
      folder = folder.getParent();
    }
    if (folder == null) {
      throw new IllegalStateException("not inside the repository");
    }
    return folder;
  }

  /**
   * The folder with the content of an archive, unpacked once.
   *
   * @param archive for example {@code zoo}, for {@code zoo.tar.xz}
   */
  public static Path unpacked(String archive) throws IOException, InterruptedException {
    Path source =
        repository().resolveSibling("shared").resolve("data").resolve(archive + ".tar.xz");
    assumeTrue(Files.exists(source), () -> "skipped: " + source + " is not there");
    Path target = repository().resolve("target/data").resolve(archive);
    if (!Files.exists(target)) {
      Path partial = Files.createDirectories(target.resolveSibling(archive + ".part"));
      Process tar =
          new ProcessBuilder("tar", "xJf", source.toString(), "-C", partial.toString())
              .inheritIO()
              .start();
      if (tar.waitFor() != 0) {
        throw new IOException("tar cannot unpack " + source);
      }
      Files.move(partial, target);
    }
    return target;
  }
}
