package dev.tenrec.runtime.bindings;

import org.bytedeco.cuda.cudart.CUevent_st;
import org.bytedeco.cuda.global.cudart;

/** Measures how long the device works on what is put on a stream between two calls. */
public final class Stopwatch implements AutoCloseable {
  private final CUevent_st start = event();
  private final CUevent_st stop = event();

  private static CUevent_st event() {
    CUevent_st event = new CUevent_st();
    Cuda.check(cudart.cudaEventCreate(event), "create an event");
    return event;
  }

  public void start(Stream stream) {
    Cuda.check(cudart.cudaEventRecord(start, stream.handle()), "record an event");
  }

  public void stop(Stream stream) {
    Cuda.check(cudart.cudaEventRecord(stop, stream.handle()), "record an event");
  }

  /** Milliseconds on the device, once the stream is done. */
  public double milliseconds() {
    float[] elapsed = {0};
    Cuda.check(cudart.cudaEventElapsedTime(elapsed, start, stop), "read the time between events");
    return elapsed[0];
  }

  @Override
  public void close() {
    Cuda.check(cudart.cudaEventDestroy(start), "destroy an event");
    Cuda.check(cudart.cudaEventDestroy(stop), "destroy an event");
  }
}
