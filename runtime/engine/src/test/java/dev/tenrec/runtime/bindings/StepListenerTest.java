package dev.tenrec.runtime.bindings;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Calls the object as C++ calls one: through the table of functions that it begins with. */
@SuppressWarnings("restricted")
class StepListenerTest {
  private static final AddressLayout POINTER = ValueLayout.ADDRESS;
  private static final MemoryLayout VERSION =
      MemoryLayout.structLayout(POINTER, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);

  private static MemorySegment table(StepListener listener, int slots) {
    return listener.object().get(POINTER, 0).reinterpret(slots * POINTER.byteSize());
  }

  private static MethodHandle slot(StepListener listener, int slot, FunctionDescriptor type) {
    MemorySegment function = table(listener, slot + 1).getAtIndex(POINTER, slot);
    return Linker.nativeLinker().downcallHandle(function, type).bindTo(listener.object());
  }

  private static void report(StepListener listener, int slot, String step, float time)
      throws Throwable {
    try (Arena arena = Arena.ofConfined()) {
      slot(listener, slot, FunctionDescriptor.ofVoid(POINTER, POINTER, ValueLayout.JAVA_FLOAT))
          .invoke(arena.allocateFrom(step), time);
    }
  }

  @Test
  void timesOfAStepAddUp() throws Throwable {
    try (StepListener listener = new StepListener(StepListener.Table.PLAIN)) {
      report(listener, 0, "conv + relu", 0.5f);
      report(listener, 0, "größe", 1);
      report(listener, 0, "conv + relu", 0.25f);
      assertThat(listener.milliseconds())
          .containsExactly(Map.entry("conv + relu", 0.75), Map.entry("größe", 1.0));
    }
  }

  @Test
  void aVersionedObjectSaysWhatItIs() throws Throwable {
    try (StepListener listener = new StepListener(StepListener.Table.VERSIONED);
        Arena arena = Arena.ofConfined()) {
      report(listener, 4, "gemm", 2);
      assertThat(listener.milliseconds()).containsEntry("gemm", 2.0);
      int language =
          (int) slot(listener, 0, FunctionDescriptor.of(ValueLayout.JAVA_INT, POINTER)).invoke();
      assertThat(language).isZero();
      MemorySegment version = info(listener, arena);
      assertThat(version.get(POINTER, 0).reinterpret(16).getString(0)).isEqualTo("IProfiler");
      assertThat(version.get(ValueLayout.JAVA_INT, 8)).isEqualTo(1);
      assertThat(version.get(ValueLayout.JAVA_INT, 12)).isZero();
    }
  }

  /** A structure that is returned needs memory to lie in, which comes before the arguments. */
  private static MemorySegment info(StepListener listener, SegmentAllocator memory)
      throws Throwable {
    MemorySegment function = table(listener, 2).getAtIndex(POINTER, 1);
    FunctionDescriptor type = FunctionDescriptor.of(VERSION, POINTER);
    return (MemorySegment)
        Linker.nativeLinker().downcallHandle(function, type).invokeExact(memory, listener.object());
  }

  @Test
  void destroyingIsHarmless() throws Throwable {
    for (int slot : new int[] {1, 2}) {
      try (StepListener listener = new StepListener(StepListener.Table.PLAIN)) {
        slot(listener, slot, FunctionDescriptor.ofVoid(POINTER)).invoke();
        report(listener, 0, "still there", 1);
        assertThat(listener.milliseconds()).hasSize(1);
      }
    }
  }
}
