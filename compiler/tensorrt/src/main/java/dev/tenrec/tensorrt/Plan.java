package dev.tenrec.tensorrt;

import dev.tenrec.runtime.bindings.NativeMemory;
import dev.tenrec.runtime.bindings.NativeObjects;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.bytedeco.tensorrt.nvinfer.IHostMemory;

/** A serialized engine, in memory of TensorRT's. */
public final class Plan implements AutoCloseable {
  // A buffer holds less than 2 GiB, a plan may hold more.
  private static final long MAX_WRITE = 1L << 30;

  private final IHostMemory memory;
  private final String tensorrt;
  private final String gpu;
  private final int networkLayers;

  Plan(IHostMemory memory, String tensorrt, String gpu, int networkLayers) {
    this.memory = memory;
    this.tensorrt = tensorrt;
    this.gpu = gpu;
    this.networkLayers = networkLayers;
  }

  /** The version of TensorRT that built this, and that can run it. */
  public String tensorrt() {
    return tensorrt;
  }

  /** The name of the GPU that this was built for. */
  public String gpu() {
    return gpu;
  }

  /** How many layers the network had that this was built from. */
  public int networkLayers() {
    return networkLayers;
  }

  /** The bytes, until this is closed. */
  public MemorySegment bytes() {
    return NativeMemory.segment(memory.data(), memory.size());
  }

  /** Writes the bytes to a file, in place of what it held. */
  public void write(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      MemorySegment bytes = bytes();
      for (long done = 0; done < bytes.byteSize(); ) {
        long count = Math.min(bytes.byteSize() - done, MAX_WRITE);
        done += channel.write(bytes.asSlice(done, count).asByteBuffer());
      }
    }
  }

  @Override
  public void close() {
    NativeObjects.delete(memory);
  }
}
