package dev.tenrec.compiler.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenrec.ir.diagnostic.TenrecException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
                "marker",
                temporary -> {
                  Files.writeString(temporary.resolve("part"), "half");
                  throw new IllegalStateException("defect");
                }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aFolderIsReplacedIfItIsMarked() throws IOException {
    Path target = Files.createDirectory(folder.resolve("bundle"));
    Files.writeString(target.resolve("marker"), "");
    Files.writeString(target.resolve("stale"), "");
    AtomicOutput.folder(
        target, "marker", temporary -> Files.createFile(temporary.resolve("fresh")));
    assertThat(target)
        .isDirectoryContaining("glob:**fresh")
        .isDirectoryNotContaining("glob:**stale");
  }

  @Test
  void aForeignFolderIsKept() throws IOException {
    Path target = Files.createDirectory(folder.resolve("mine"));
    Path file = Files.writeString(target.resolve("thesis.tex"), "");
    assertThatThrownBy(() -> AtomicOutput.folder(target, "marker", _ -> {}))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("is not a bundle");
    assertThat(file).exists();
  }
}
