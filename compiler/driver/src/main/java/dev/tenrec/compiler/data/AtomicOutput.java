package dev.tenrec.compiler.data;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import java.util.stream.Stream;

/** Output that appears under its name when it is complete, and never in part. */
public final class AtomicOutput {
  private AtomicOutput() {}

  /** Writes to a path that it is given. */
  @FunctionalInterface
  public interface Writer {
    void write(Path temporary) throws IOException;
  }

  /** Replaces a file. */
  public static void file(Path target, Writer writer) {
    write(target, writer, folder -> Files.createFile(unused(folder)));
  }

  /**
   * Replaces a folder, if it is empty or holds a file of the given name.
   *
   * @param marker a file that tells that the folder may be replaced
   */
  public static void folder(Path target, String marker, Writer writer) {
    requireReplaceable(target, marker);
    write(target, writer, parent -> Files.createDirectory(unused(parent)));
  }

  /** A name for something that may be read by whom the user's settings allow, unlike Java's own. */
  private static Path unused(Path folder) {
    return folder.resolve(".tenrec-%s.part".formatted(UUID.randomUUID()));
  }

  private static void requireReplaceable(Path target, String marker) {
    try (Stream<Path> content = Files.isDirectory(target) ? Files.list(target) : Stream.empty()) {
      boolean ours = content.findAny().isEmpty() || Files.exists(target.resolve(marker));
      if (!ours || Files.isRegularFile(target)) {
        throw new TenrecException(
                ErrorCode.INVALID_ARGUMENT, "%s exists and is not a bundle".formatted(target))
            .advise("choose another folder, or remove it");
      }
    } catch (IOException e) {
      throw failure(target, e);
    }
  }

  private interface TemporaryIn {
    Path create(Path folder) throws IOException;
  }

  private static void write(Path target, Writer writer, TemporaryIn temporaryIn) {
    Path parent = target.toAbsolutePath().getParent();
    Path temporary = null;
    try {
      if (parent == null) {
        throw new IOException("it has no parent folder");
      }
      Files.createDirectories(parent);
      temporary = temporaryIn.create(parent);
      writer.write(temporary);
      if (Files.isDirectory(target)) {
        delete(target);
      }
      Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw failure(target, e);
    } finally {
      if (temporary != null && Files.exists(temporary)) {
        deleteQuietly(temporary);
      }
    }
  }

  private static TenrecException failure(Path target, IOException e) {
    return new TenrecException(
        ErrorCode.IO, "%s cannot be written: %s".formatted(target, e.getMessage()), e);
  }

  private static void delete(Path path) throws IOException {
    MoreFiles.deleteRecursively(path, RecursiveDeleteOption.ALLOW_INSECURE);
  }

  private static void deleteQuietly(Path temporary) {
    try {
      delete(temporary);
    } catch (IOException e) {
      // The failure that left it behind is already on its way to the user.
      System.getLogger(AtomicOutput.class.getName())
          .log(System.Logger.Level.WARNING, "{0} is left behind: {1}", temporary, e.getMessage());
    }
  }
}
