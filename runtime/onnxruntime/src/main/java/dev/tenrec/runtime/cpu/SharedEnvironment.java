package dev.tenrec.runtime.cpu;

import ai.onnxruntime.OrtEnvironment;
import com.google.common.util.concurrent.Uninterruptibles;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** ONNX Runtime as a whole, which a process starts once. */
final class SharedEnvironment {
  // At its start, ONNX Runtime 1.29 matches the command line of the process with a regular
  // expression that takes more stack with each character: a few thousand end the process.
  private static final long STACK_BYTES = 1L << 29;

  private static final FutureTask<OrtEnvironment> START =
      new FutureTask<>(OrtEnvironment::getEnvironment);

  private SharedEnvironment() {}

  /**
   * The environment, started by the first call.
   *
   * @throws TenrecException with {@code BACKEND_UNAVAILABLE} if the native library does not load
   */
  static OrtEnvironment get() {
    if (!START.isDone()) {
      // A task that runs already is not run again.
      new Thread(null, START, "start of ONNX Runtime", STACK_BYTES).start();
    }
    try {
      return Objects.requireNonNull(Uninterruptibles.getUninterruptibly(START));
    } catch (ExecutionException e) {
      throw new TenrecException(
              ErrorCode.BACKEND_UNAVAILABLE, "ONNX Runtime cannot be loaded: " + e.getCause(), e)
          .advise("it needs Linux, macOS or Windows on x64 or ARM64; or use the interpreter");
    }
  }
}
