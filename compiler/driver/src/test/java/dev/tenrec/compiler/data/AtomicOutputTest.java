package dev.tenrec.compiler.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenrec.ir.diagnostic.TenrecException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AtomicOutputTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  @Test
  void aFileIsReplacedAsAWhole() throws IOException {
    Path file = Files.writeString(folder.resolve("out"), "old");
    AtomicOutput.file(
        file,
        temporary -> {
          Files.writeString(temporary, "new");
          assertThat(file).hasContent("old");
        });
    assertThat(file).hasContent("new");
    assertThat(folder)
        .isDirectoryContaining(path -> path.equals(file))
        .isDirectoryNotContaining("glob:**.part");
  }

  @Test
  void whatIsWrittenCanBeReadAsOtherFiles() throws IOException {
    Path plain = Files.writeString(folder.resolve("plain"), "");
    Path file = folder.resolve("out");
    AtomicOutput.file(file, temporary -> Files.writeString(temporary, ""));
    assertThat(Files.getPosixFilePermissions(file)).isEqualTo(Files.getPosixFilePermissions(plain));
  }

  @Test
  void nothingIsLeftOfAFailure() {
    assertThatThrownBy(() ->
            AtomicOutput.file(
                folder.resolve("out"),
                temporary -> {
                  Files.writeString(temporary, "half");
                  throw new IOException("disk full");
                }))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("disk full");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void nothingIsLeftOfADefect() {
    assertThatThrownBy(() ->
            AtomicOutput.folder(
                folder.resolve("out"),
                _ -> true,
                temporary -> {
                  Files.writeString(temporary.resolve("part"), "half");
                  throw new IllegalStateException("defect");
                }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aFolderIsReplacedIfItMayBe() throws IOException {
    Path target = Files.createDirectory(folder.resolve("bundle"));
    Files.writeString(target.resolve("stale"), "");
    AtomicOutput.folder(
        target, _ -> true, temporary -> Files.createFile(temporary.resolve("fresh")));
    assertThat(target)
        .isDirectoryContaining("glob:**fresh")
        .isDirectoryNotContaining("glob:**stale");
  }

  @Test
  void aForeignFolderIsKept() throws IOException {
    Path target = Files.createDirectory(folder.resolve("mine"));
    Path file = Files.writeString(target.resolve("thesis.tex"), "");
    assertThatThrownBy(() -> AtomicOutput.folder(target, _ -> false, _ -> {}))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("is not a bundle");
    assertThat(file).exists();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "thesis.tex"})
  void aFolderIsNeverReplacedByAFile(String content) throws IOException {
    Path target = Files.createDirectory(folder.resolve("mine"));
    if (!content.isEmpty()) {
      Files.writeString(target.resolve(content), "");
    }
    assertThatThrownBy(
            () -> AtomicOutput.file(target, temporary -> Files.writeString(temporary, "")))
        .hasMessageContaining("mine cannot be written: a folder is there");
    assertThat(target.resolve(content)).exists();
    assertThat(folder).isDirectoryNotContaining("glob:**.part");
  }

  @Test
  void theReasonIsTold() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThatThrownBy(() -> AtomicOutput.file(file.resolve("out"), _ -> {}))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("file is in the way");
  }

  /** What Java leaves behind if it is told to end while something is written. */
  @Test
  void nothingIsLeftOfAnInterruption() throws Exception {
    Process java =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                Slow.class.getName(),
                folder.resolve("out").toString())
            .redirectErrorStream(true)
            .start();
    assertThat(java.inputReader().readLine()).isEqualTo("writing");
    java.destroy();
    java.waitFor();
    assertThat(folder).isEmptyDirectory();
  }

  /** Begins to write, and does not end. */
  static final class Slow {
    private Slow() {}

    public static void main(String[] arguments) {
      AtomicOutput.folder(
          Path.of(arguments[0]),
          _ -> true,
          temporary -> {
            Files.writeString(temporary.resolve("part"), "half");
            System.out.println("writing");
            LockSupport.park();
          });
    }
  }
}
