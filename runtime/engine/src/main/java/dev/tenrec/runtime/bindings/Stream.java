package dev.tenrec.runtime.bindings;

import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.global.cudart;

/** A CUDA stream that does not wait for the default one. */
public final class Stream implements AutoCloseable {
  private final CUstream_st handle = new CUstream_st();

  public Stream() {
    Cuda.check(
        cudart.cudaStreamCreateWithFlags(handle, cudart.cudaStreamNonBlocking), "create a stream");
  }

  public CUstream_st handle() {
    return handle;
  }

  /** Waits until everything on the stream is done. Errors of what ran before come out here. */
  public void synchronize() {
    Cuda.check(cudart.cudaStreamSynchronize(handle), "finish the work on a stream");
  }

  @Override
  public void close() {
    Cuda.check(cudart.cudaStreamDestroy(handle), "destroy a stream");
  }
}
