package dev.tenrec.ir.diagnostic;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** What goes wrong with files, in words; Java's own messages are often a path and nothing else. */
public final class FileErrors {
  private FileErrors() {}

  /** The error for something that cannot be read. */
  public static TenrecException reading(Path file, IOException e) {
    return e instanceof NoSuchFileException
        ? new TenrecException(ErrorCode.IO, "%s does not exist".formatted(file), e)
        : new TenrecException(
            ErrorCode.IO, "%s cannot be read: %s".formatted(file, describe(e)), e);
  }

  /** The error for something that cannot be written. */
  public static TenrecException writing(Path file, IOException e) {
    return new TenrecException(
            ErrorCode.IO, "%s cannot be written: %s".formatted(file, describe(e)), e)
        .advise("choose another place");
  }

  /**
   * Checks that a file may be written: that nothing is there, or a file that can be replaced.
   *
   * @throws TenrecException with {@code IO} if a folder or a device is there
   */
  public static void requireReplaceable(Path file) {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new TenrecException(
              ErrorCode.IO,
              "%s cannot be written: a %s is there"
                  .formatted(file, Files.isDirectory(file) ? "folder" : "device"))
          .advise("give the name of a file");
    }
  }

  /** The reason alone. */
  public static String describe(IOException e) {
    return switch (e) {
      case NoSuchFileException missing -> missing.getFile() + " does not exist";
      case AccessDeniedException denied -> "permission is denied for " + denied.getFile();
      case FileAlreadyExistsException file -> file.getFile() + " is in the way";
      case NotDirectoryException file -> file.getFile() + " is no folder";
      case DirectoryNotEmptyException folder -> folder.getFile() + " is not empty";
      case FileSystemException system when system.getReason() != null ->
          "%s: %s".formatted(system.getFile(), system.getReason());
      case CharacterCodingException _ -> "it is no text in UTF-8";
      case EOFException _ -> "it ends too early";
      default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    };
  }
}
