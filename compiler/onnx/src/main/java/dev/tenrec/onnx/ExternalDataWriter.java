package dev.tenrec.onnx;

import dev.tenrec.ir.diagnostic.FileErrors;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.onnx.proto.StringStringEntryProto;
import dev.tenrec.onnx.proto.TensorProto;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes weights into a file of their own, each at a multiple of a page so that it can be mapped.
 */
final class ExternalDataWriter {
  private static final long ALIGNMENT = 4096;
  private static final long CHUNK = 1 << 28;

  private ExternalDataWriter() {}

  /** Writes the elements, and returns tensors that refer to them. */
  static List<TensorProto> write(Map<String, Tensor> tensors, Path file) {
    Path partial = partial(file);
    List<TensorProto> references = new ArrayList<>();
    try {
      try (FileChannel channel =
          FileChannel.open(
              partial,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        long offset = 0;
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
          MemorySegment data = entry.getValue().data();
          references.add(reference(entry.getKey(), entry.getValue(), file, offset));
          writeAt(channel, data, offset);
          offset = Math.ceilDiv(offset + data.byteSize(), ALIGNMENT) * ALIGNMENT;
        }
      }
      Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw failed(file, partial, e);
    }
    return references;
  }

  /** Where a file is written before it is complete; nothing is left if Java is told to end. */
  static Path partial(Path file) {
    FileErrors.requireReplaceable(file);
    Path partial = file.resolveSibling(file.getFileName() + ".part");
    partial.toFile().deleteOnExit();
    return partial;
  }

  private static void writeAt(FileChannel channel, MemorySegment data, long offset)
      throws IOException {
    for (long done = 0; done < data.byteSize(); ) {
      long length = Math.min(CHUNK, data.byteSize() - done);
      ByteBuffer chunk = data.asSlice(done, length).asByteBuffer();
      while (chunk.hasRemaining()) {
        done += channel.write(chunk, offset + done);
      }
    }
  }

  private static TensorProto reference(String name, Tensor tensor, Path file, long offset) {
    return OnnxExporter.header(name, tensor)
        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
        .addExternalData(entry("location", String.valueOf(file.getFileName())))
        .addExternalData(entry("offset", Long.toString(offset)))
        .addExternalData(entry("length", Long.toString(tensor.data().byteSize())))
        .build();
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }

  /** The error for a file that could not be written; what there is of it is removed. */
  static TenrecException failed(Path file, @Nullable Path partial, IOException e) {
    TenrecException failure = FileErrors.writing(file, e);
    try {
      if (partial != null) {
        Files.deleteIfExists(partial);
      }
    } catch (IOException alsoFailed) {
      failure.addSuppressed(alsoFailed);
    }
    return failure;
  }
}
