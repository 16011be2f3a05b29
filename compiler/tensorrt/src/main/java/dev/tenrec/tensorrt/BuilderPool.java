package dev.tenrec.tensorrt;

import dev.tenrec.runtime.bindings.TensorRt;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.bytedeco.tensorrt.nvinfer.IBuilder;

/**
 * Builders that nobody uses at the moment. Making one takes seconds, because it loads TensorRT's
 * kernels; so they are kept for the life of the process.
 */
final class BuilderPool {
  private static final ConcurrentLinkedQueue<IBuilder> IDLE = new ConcurrentLinkedQueue<>();

  private BuilderPool() {}

  /** A builder for the caller alone, as it was made. */
  static IBuilder take() {
    return Optional.ofNullable(IDLE.poll()).orElseGet(TensorRt::createBuilder);
  }

  /** Takes back a builder of which nothing is left: its networks and configurations are deleted. */
  static void giveBack(IBuilder builder) {
    builder.reset();
    IDLE.add(builder);
  }
}
