package dev.tenrec.runtime.bindings;

import dev.tenrec.ir.diagnostic.TenrecException;
import org.bytedeco.cuda.cudart.CUgraphExec_st;
import org.bytedeco.cuda.cudart.CUgraph_st;
import org.bytedeco.cuda.global.cudart;

/** A CUDA graph: work that was put on a stream once, and is launched again as one piece. */
public final class CapturedGraph implements AutoCloseable {
  private final CUgraphExec_st executable = new CUgraphExec_st();

  private CapturedGraph(CUgraph_st graph) {
    Cuda.check(cudart.cudaGraphInstantiate(executable, graph), "instantiate a graph");
  }

  /**
   * Records what the work puts on a stream, without running it.
   *
   * @throws TenrecException with {@code BACKEND_FAILURE} if it does what a graph cannot hold, such
   *     as waiting for the device
   */
  public static CapturedGraph capture(Stream stream, Runnable work) {
    CUgraph_st graph = new CUgraph_st();
    Cuda.check(
        cudart.cudaStreamBeginCapture(stream.handle(), cudart.cudaStreamCaptureModeThreadLocal),
        "begin to capture a graph");
    try {
      work.run();
    } catch (TenrecException e) {
      // The stream is of no use before its capture ends; why it failed is in the exception.
      cudart.cudaStreamEndCapture(stream.handle(), graph);
      cudart.cudaGetLastError();
      throw e;
    }
    Cuda.check(cudart.cudaStreamEndCapture(stream.handle(), graph), "capture a graph");
    try {
      return new CapturedGraph(graph);
    } finally {
      Cuda.check(cudart.cudaGraphDestroy(graph), "destroy a graph");
    }
  }

  public void launch(Stream stream) {
    Cuda.check(cudart.cudaGraphLaunch(executable, stream.handle()), "launch a graph");
  }

  @Override
  public void close() {
    Cuda.check(cudart.cudaGraphExecDestroy(executable), "destroy a graph");
  }
}
