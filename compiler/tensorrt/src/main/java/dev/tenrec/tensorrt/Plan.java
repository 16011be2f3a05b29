package dev.tenrec.tensorrt;

import dev.tenrec.runtime.bindings.NativeMemory;
import dev.tenrec.runtime.bindings.NativeObjects;
import java.lang.foreign.MemorySegment;
import org.bytedeco.tensorrt.nvinfer.IHostMemory;

/** A serialized engine, in memory of TensorRT's. */
public final class Plan implements AutoCloseable {
  private final IHostMemory memory;

  Plan(IHostMemory memory) {
    this.memory = memory;
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
