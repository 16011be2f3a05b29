package dev.tenrec.runtime.bindings;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * Deletes what TensorRT hands out for us to own. The bindings cannot: C++ writes {@code delete
 * object}, which calls the deleting destructor, and that is only in the object's virtual table.
 */
@SuppressWarnings("restricted")
public final class NativeObjects {
  // Itanium C++ ABI: slot 0 destroys, slot 1 destroys and frees. True of every class we delete.
  private static final long DELETING_DESTRUCTOR = ValueLayout.ADDRESS.byteSize();

  // Addresses this low are error codes, not objects: createInferRuntime returns one on a CUDA
  // failure.
  private static final long LOWEST_ADDRESS = 4096;

  private static final MethodHandle CALL =
      Linker.nativeLinker().downcallHandle(FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));

  private NativeObjects() {}

  public static boolean exists(@Nullable Pointer object) {
    return object != null && object.address() >= LOWEST_ADDRESS;
  }

  /**
   * Deletes a builder, network, configuration, plan, runtime, engine or context. What belongs to
   * another object (layers, tensors, profiles) is deleted with that one.
   */
  public static void delete(@Nullable Pointer object) {
    if (object == null || !exists(object)) {
      return;
    }
    MemorySegment self = MemorySegment.ofAddress(object.address());
    MemorySegment table = readAddress(self, 0);
    MemorySegment destructor = readAddress(table, DELETING_DESTRUCTOR);
    try {
      CALL.invokeExact(destructor, self);
    } catch (Throwable e) {
      throw new AssertionError("a native destructor cannot throw", e);
    }
    object.setNull();
  }

  private static MemorySegment readAddress(MemorySegment at, long offset) {
    return at.reinterpret(offset + ValueLayout.ADDRESS.byteSize(), Arena.global(), null)
        .get(ValueLayout.ADDRESS, offset);
  }
}
