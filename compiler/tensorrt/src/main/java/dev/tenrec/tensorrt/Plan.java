package dev.tenrec.tensorrt;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A serialized engine.
 *
 * @param bytes until this is closed
 * @param memory what holds them, and lets go of them
 * @param tensorrt the version of TensorRT that built this, and that can run it
 * @param gpu the name of the GPU that this was built for
 * @param networkLayers how many layers the network had that this was built from
 */
public record Plan(
    MemorySegment bytes, Memory memory, String tensorrt, String gpu, int networkLayers)
    implements AutoCloseable {
  // A buffer holds less than 2 GiB, a plan may hold more.
  private static final long MAX_WRITE = 1L << 30;

  /** Holds bytes. */
  @FunctionalInterface
  public interface Memory {
    /** Lets go of them. */
    void free();
  }

  /** Writes the bytes to a file, in place of what it held. */
  public void write(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      for (long done = 0; done < bytes.byteSize(); ) {
        long count = Math.min(bytes.byteSize() - done, MAX_WRITE);
        done += channel.write(bytes.asSlice(done, count).asByteBuffer());
      }
    }
  }

  @Override
  public void close() {
    memory.free();
  }
}
