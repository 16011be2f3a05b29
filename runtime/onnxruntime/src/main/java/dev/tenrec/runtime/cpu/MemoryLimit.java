package dev.tenrec.runtime.cpu;

import com.sun.management.OperatingSystemMXBean;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import java.lang.management.ManagementFactory;
import java.util.OptionalLong;

/**
 * Refuses graphs with a value that is larger than the machine's memory: ONNX Runtime would take
 * memory until the system ends Java.
 */
final class MemoryLimit {
  private static final long MACHINE =
      ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();

  private MemoryLimit() {}

  static void check(Graph graph) {
    for (Node node : graph.nodes()) {
      for (Value value : node.results()) {
        if (bytes(value.type()) > MACHINE) {
          throw new TenrecException(
                  ErrorCode.TOO_LARGE,
                  "%s does not fit into the %d bytes of memory".formatted(value.type(), MACHINE))
              .at(node.location());
        }
      }
    }
  }

  /** What is known not to be less. */
  private static long bytes(TensorType type) {
    try {
      OptionalLong count = type.shape().elementCount().value();
      return count.isPresent() ? type.elementType().bytes(count.getAsLong()) : 0;
    } catch (ArithmeticException _) {
      return Long.MAX_VALUE;
    }
  }
}
