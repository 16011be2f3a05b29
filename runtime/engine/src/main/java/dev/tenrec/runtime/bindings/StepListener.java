package dev.tenrec.runtime.bindings;

import com.google.common.collect.ImmutableMap;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.tensorrt.nvinfer.IProfiler;

/**
 * Adds up what TensorRT says each step of an engine took. It says so to an {@code IProfiler}, which
 * the bindings do not let Java implement: this makes the C++ object, a pointer to a table of
 * functions, of which TensorRT calls one.
 */
@SuppressWarnings("restricted")
public final class StepListener implements AutoCloseable {
  private static final MemoryLayout VERSION =
      MemoryLayout.structLayout(ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
  private static final FunctionDescriptor REPORT =
      FunctionDescriptor.ofVoid(ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_FLOAT);
  private static final FunctionDescriptor DESTROY = FunctionDescriptor.ofVoid(ValueLayout.ADDRESS);
  private static final FunctionDescriptor LANGUAGE =
      FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS);
  private static final FunctionDescriptor INFO =
      FunctionDescriptor.of(VERSION, ValueLayout.ADDRESS);
  private static final int CPP = 0;

  /** What the table holds, in the Itanium C++ ABI: two destructors for each virtual one. */
  enum Table {
    /** Up to TensorRT 10. */
    PLAIN,
    /** From TensorRT 11 on, where the interface says its version. */
    VERSIONED;

    private static Table installed() {
      return IProfiler.class.getSuperclass() == Pointer.class ? PLAIN : VERSIONED;
    }
  }

  private final Arena arena = Arena.ofShared();
  private final Map<String, Double> milliseconds = new LinkedHashMap<>();
  private final MemorySegment object;
  private final MemorySegment version;

  /** Makes one for the version of TensorRT on the class path. */
  public StepListener() {
    this(Table.installed());
  }

  StepListener(Table table) {
    version = arena.allocate(VERSION);
    version.set(ValueLayout.ADDRESS, 0, arena.allocateFrom("IProfiler"));
    version.set(ValueLayout.JAVA_INT, ValueLayout.ADDRESS.byteSize(), 1);
    MemorySegment report = function("report", REPORT);
    MemorySegment destroy = function("destroy", DESTROY);
    MemorySegment functions =
        switch (table) {
          case PLAIN -> addresses(report, destroy, destroy);
          case VERSIONED ->
              addresses(
                  function("language", LANGUAGE), function("info", INFO), destroy, destroy, report);
        };
    object = addresses(functions);
  }

  private MemorySegment addresses(MemorySegment... addresses) {
    MemorySegment array = arena.allocate(ValueLayout.ADDRESS, addresses.length);
    for (int i = 0; i < addresses.length; i++) {
      array.setAtIndex(ValueLayout.ADDRESS, i, addresses[i]);
    }
    return array;
  }

  private MemorySegment function(String method, FunctionDescriptor descriptor) {
    MethodType type = descriptor.toMethodType();
    try {
      MethodHandle handle = MethodHandles.lookup().bind(this, method, type);
      return Linker.nativeLinker().upcallStub(handle, descriptor, arena);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  // Called from native code, by the names above. What they throw would end the process.

  @SuppressWarnings("unused")
  private void report(MemorySegment self, MemorySegment name, float time) {
    String step = name.reinterpret(Long.MAX_VALUE).getString(0);
    synchronized (milliseconds) {
      milliseconds.merge(step, (double) time, Double::sum);
    }
  }

  @SuppressWarnings("unused")
  private void destroy(MemorySegment self) {
    // Nobody but us owns it.
  }

  @SuppressWarnings("unused")
  private int language(MemorySegment self) {
    return CPP;
  }

  @SuppressWarnings("unused")
  private MemorySegment info(MemorySegment self) {
    return version;
  }

  /** The address of the C++ object. */
  MemorySegment object() {
    return object;
  }

  /** As TensorRT takes it. It must forget it before this is closed. */
  public IProfiler profiler() {
    return new IProfiler(NativeMemory.pointer(object));
  }

  /** The sums so far, in milliseconds, by the names of steps in the order of their first end. */
  public ImmutableMap<String, Double> milliseconds() {
    synchronized (milliseconds) {
      return ImmutableMap.copyOf(milliseconds);
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
