package dev.tenrec.onnx;

import com.google.errorprone.annotations.FormatMethod;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.FileErrors;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.onnx.proto.StringStringEntryProto;
import dev.tenrec.onnx.proto.TensorProto;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Tensors that lie in files beside the model. A model may come from anywhere, so a location must
 * not leave the model's folder, neither by its path nor by symbolic links.
 */
final class ExternalData {
  private final Path folder;
  private final Map<String, MemorySegment> files = new HashMap<>();

  ExternalData(Path folder) {
    this.folder = folder;
  }

  /** The bytes that a tensor refers to: a view of the mapped file. */
  MemorySegment read(TensorProto tensor, long bytes) {
    Map<String, String> entries = new HashMap<>();
    for (StringStringEntryProto entry : tensor.getExternalDataList()) {
      entries.put(entry.getKey(), entry.getValue());
    }
    String location = entries.getOrDefault("location", "");
    MemorySegment file = files.computeIfAbsent(location, this::open);
    long offset = number(entries, "offset", 0);
    long length = number(entries, "length", bytes);
    if (length != bytes) {
      throw invalid("external data has %d bytes, but the sizes need %d", length, bytes);
    }
    if (offset > file.byteSize() - length) {
      throw invalid(
          "external data is %d bytes from %d of '%s', which has only %d bytes",
          length, offset, location, file.byteSize());
    }
    return file.asSlice(offset, length);
  }

  private MemorySegment open(String location) {
    if (location.isEmpty()) {
      throw invalid("external data has no location");
    }
    Path file = resolve(location);
    if (!Files.isRegularFile(file)) {
      throw invalid("external data '%s' is missing in '%s'", location, folder)
          .advise("put the data file into the folder of the model");
    }
    try {
      if (!file.toRealPath().startsWith(folder.toRealPath())) {
        throw outside(location);
      }
    } catch (IOException e) {
      throw new TenrecException(
          ErrorCode.IO, "cannot resolve '%s': %s".formatted(file, FileErrors.describe(e)), e);
    }
    return MappedFiles.map(file);
  }

  private Path resolve(String location) {
    // A model written on Windows is refused on Linux for the same reasons as there.
    boolean absolute = location.matches("[/\\\\].*|[A-Za-z]:.*");
    try {
      Path path = Path.of(location);
      if (absolute || path.isAbsolute() || path.normalize().startsWith("..")) {
        throw outside(location);
      }
      return folder.resolve(path);
    } catch (InvalidPathException e) {
      throw new TenrecException(
          ErrorCode.INVALID_MODEL,
          "external data has the location '%s', which is not a path".formatted(location),
          e);
    }
  }

  private static TenrecException outside(String location) {
    return invalid("external data '%s' lies outside of the model's folder", location)
        .advise("locations must be relative to the model and stay in its folder");
  }

  private static long number(Map<String, String> entries, String key, long absent) {
    String text = entries.get(key);
    if (text == null) {
      return absent;
    }
    try {
      long number = Long.parseLong(text);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Reported below, together with negative numbers.
    }
    throw invalid("external data has the %s '%s', which is not a size", key, text);
  }

  @FormatMethod
  private static TenrecException invalid(String problem, Object... arguments) {
    return new TenrecException(ErrorCode.INVALID_MODEL, problem.formatted(arguments));
  }
}
