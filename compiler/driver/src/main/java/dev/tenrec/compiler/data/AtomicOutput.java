package dev.tenrec.compiler.data;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.FileErrors;
import dev.tenrec.ir.diagnostic.TenrecException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Output that appears under its name when it is complete, and never in part. */
public final class AtomicOutput {
  /** What is not complete yet: removed if Java is told to end. */
  private static final Set<Path> PENDING = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(AtomicOutput::deletePending));
  }

  private AtomicOutput() {}

  /** Writes to a path that it is given. */
  @FunctionalInterface
  public interface Writer {
    void write(Path temporary) throws IOException;
  }

  /**
   * Replaces a file.
   *
   * @throws TenrecException if it cannot be written, or a folder is there
   */
  public static void file(Path target, Writer writer) {
    FileErrors.requireReplaceable(target);
    write(target, writer, folder -> Files.createFile(unused(folder)));
  }

  /**
   * Replaces a folder, if it is empty or may be replaced.
   *
   * @param replaceable whether all that a folder holds may be deleted
   */
  public static void folder(Path target, Predicate<Path> replaceable, Writer writer) {
    requireReplaceable(target, replaceable);
    write(target, writer, parent -> Files.createDirectory(unused(parent)));
  }

  /** A name for something that may be read by whom the user's settings allow, unlike Java's own. */
  private static Path unused(Path folder) {
    return folder.resolve(".tenrec-%s.part".formatted(UUID.randomUUID()));
  }

  /**
   * Checks what {@link #folder} checks.
   *
   * @throws TenrecException if something is there that may not be replaced
   */
  public static void requireReplaceable(Path target, Predicate<Path> replaceable) {
    try (Stream<Path> content = Files.isDirectory(target) ? Files.list(target) : Stream.empty()) {
      boolean other = Files.exists(target) && !Files.isDirectory(target);
      if (other || (content.findAny().isPresent() && !replaceable.test(target))) {
        throw new TenrecException(
                ErrorCode.INVALID_ARGUMENT, "%s exists and is not a bundle".formatted(target))
            .advise("choose another folder, or remove it");
      }
    } catch (IOException e) {
      throw FileErrors.writing(target, e);
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
      PENDING.add(temporary);
      writer.write(temporary);
      if (Files.isDirectory(target)) {
        delete(target);
      }
      Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw FileErrors.writing(target, e);
    } finally {
      if (temporary != null) {
        deleteQuietly(temporary);
        PENDING.remove(temporary);
      }
    }
  }

  private static void delete(Path path) throws IOException {
    MoreFiles.deleteRecursively(path, RecursiveDeleteOption.ALLOW_INSECURE);
  }

  private static void deletePending() {
    PENDING.forEach(AtomicOutput::deleteQuietly);
  }

  private static void deleteQuietly(Path temporary) {
    try {
      if (Files.exists(temporary)) {
        delete(temporary);
      }
    } catch (IOException e) {
      // The failure that left it behind is already on its way to the user.
      System.getLogger(AtomicOutput.class.getName())
          .log(System.Logger.Level.WARNING, "{0} is left behind: {1}", temporary, e.getMessage());
    }
  }
}
