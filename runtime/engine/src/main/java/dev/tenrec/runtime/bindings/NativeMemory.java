package dev.tenrec.runtime.bindings;

import java.lang.foreign.MemorySegment;
import org.bytedeco.javacpp.Pointer;

/** Passes memory to and from the bindings, without copying it and without owning it. */
public final class NativeMemory {
  private static final class Address extends Pointer {
    Address(MemorySegment segment) {
      address = segment.address();
    }
  }

  private NativeMemory() {}

  /** The address of native memory. The caller keeps the memory alive while the bindings use it. */
  public static Pointer pointer(MemorySegment segment) {
    if (!segment.isNative()) {
      throw new IllegalArgumentException("memory on the heap has no address");
    }
    return new Address(segment);
  }

  /** Memory that some native object owns and that lives as long as that object. */
  @SuppressWarnings("restricted")
  public static MemorySegment segment(Pointer pointer, long bytes) {
    return MemorySegment.ofAddress(pointer.address()).reinterpret(bytes);
  }
}
