package dev.tenrec.tensorrt;

import dev.tenrec.runtime.bindings.NativeMemory;
import dev.tenrec.runtime.bindings.NativeObjects;
import java.lang.foreign.MemorySegment;
import org.bytedeco.tensorrt.nvinfer.IHostMemory;

/** A serialized engine, in memory of TensorRT's. */
public final class Plan implements AutoCloseable {
  private final IHostMemory memory;
  private final String tensorrt;
  private final String gpu;

  Plan(IHostMemory memory, String tensorrt, String gpu) {
    this.memory = memory;
    this.tensorrt = tensorrt;
    this.gpu = gpu;
  }

  /** The version of TensorRT that built this, and that can run it. */
  public String tensorrt() {
    return tensorrt;
  }

  /** The name of the GPU that this was built for. */
  public String gpu() {
    return gpu;
  }

  /** The bytes, until this is closed. */
  public MemorySegment bytes() {
    return NativeMemory.segment(memory.data(), memory.size());
  }

  @Override
  public void close() {
    NativeObjects.delete(memory);
  }
}
