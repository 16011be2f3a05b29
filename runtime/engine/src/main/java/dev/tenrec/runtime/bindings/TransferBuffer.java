package dev.tenrec.runtime.bindings;

import java.lang.foreign.MemorySegment;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.Pointer;

/**
 * Memory on the device with page-locked memory of the same size on the host, between which copies
 * need no detour. Grows, and is used again.
 */
public final class TransferBuffer implements AutoCloseable {
  // Tensors without elements need an address, too.
  private static final long SMALLEST = 256;

  private Pointer device = new Pointer();
  private Pointer host = new Pointer();
  private long capacity;

  /** Makes room for at least so many bytes. What was in the buffer is lost if it has to grow. */
  public void reserve(long bytes) {
    if (bytes <= capacity) {
      return;
    }
    close();
    long wanted = Math.max(bytes, SMALLEST);
    Cuda.check(cudart.cudaMalloc(device, wanted), "allocate %d bytes".formatted(wanted));
    Cuda.check(cudart.cudaMallocHost(host, wanted), "lock %d bytes".formatted(wanted));
    capacity = wanted;
  }

  /** The address on the device, aligned to 256 bytes. */
  public Pointer device() {
    return device;
  }

  /** The address on the host. */
  public Pointer host() {
    return host;
  }

  /** The first bytes on the host. */
  public MemorySegment hostBytes(long bytes) {
    return NativeMemory.segment(host, bytes);
  }

  public void upload(long bytes, CUstream_st stream) {
    Cuda.check(
        cudart.cudaMemcpyAsync(device, host, bytes, cudart.cudaMemcpyHostToDevice, stream),
        "copy an input to the device");
  }

  public void download(long bytes, CUstream_st stream) {
    Cuda.check(
        cudart.cudaMemcpyAsync(host, device, bytes, cudart.cudaMemcpyDeviceToHost, stream),
        "copy an output from the device");
  }

  @Override
  public void close() {
    capacity = 0;
    if (!device.isNull()) {
      Cuda.check(cudart.cudaFree(device), "free device memory");
      device = new Pointer();
    }
    if (!host.isNull()) {
      Cuda.check(cudart.cudaFreeHost(host), "free page-locked memory");
      host = new Pointer();
    }
  }
}
