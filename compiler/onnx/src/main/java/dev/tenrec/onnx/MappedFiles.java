package dev.tenrec.onnx;

import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.FileErrors;
import dev.tenrec.ir.diagnostic.TenrecException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Reads files by mapping them: nothing is copied, and memory is freed with the last segment. */
final class MappedFiles {
  private MappedFiles() {}

  /** The content of a file of any size. */
  static MemorySegment map(Path file) {
    if (!Files.isRegularFile(file)) {
      String problem = Files.exists(file) ? "'%s' is not a file" : "file '%s' does not exist";
      throw new TenrecException(ErrorCode.IO, problem.formatted(file));
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      return size == 0
          ? MemorySegment.ofArray(new byte[0])
          : channel.map(FileChannel.MapMode.READ_ONLY, 0, size, Arena.ofAuto());
    } catch (IOException e) {
      throw FileErrors.reading(file, e);
    }
  }
}
