package dev.tenrec.runtime.bindings;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.bytedeco.tensorrt.nvinfer.ILogger;

/**
 * Collects what TensorRT says, so that errors can quote it. TensorRT keeps the first logger that it
 * is given for the whole process and calls it from any thread: there is one, and it never goes
 * away.
 */
public final class NativeLog extends ILogger {
  private static final int MAX_LINES = 200;
  private static final String WARNING = "warning: ";

  // Set before TensorRT sees any logger, and never garbage: TensorRT holds its address.
  private static final NativeLog SHARED = new NativeLog();

  private final Deque<String> lines = new ArrayDeque<>();

  private NativeLog() {}

  /** The one logger, for libraries that come with TensorRT. */
  public static NativeLog shared() {
    return SHARED;
  }

  /** Must not throw: the exception would surface in unrelated native code. */
  @Override
  public void log(Severity severity, String message) {
    if (severity.value > Severity.kWARNING.value) {
      return;
    }
    synchronized (lines) {
      if (lines.size() == MAX_LINES) {
        lines.removeFirst();
      }
      boolean warning = severity.value == Severity.kWARNING.value;
      lines.addLast((warning ? WARNING : "") + message.strip());
    }
  }

  /** Forgets what was said so far, so that {@link #cause} tells of what comes. */
  public static void clear() {
    drain();
  }

  /** Takes the errors since the last call as one line; the warnings, if there are no errors. */
  public static String cause() {
    List<String> all = drain();
    List<String> errors = all.stream().filter(line -> !line.startsWith(WARNING)).toList();
    String cause = String.join("; ", errors.isEmpty() ? all : errors).replace('\n', ' ');
    return cause.isEmpty() ? "it does not say why" : cause;
  }

  /** Takes the warnings and errors since the last call, oldest first. */
  public static List<String> drain() {
    synchronized (SHARED.lines) {
      List<String> taken = new ArrayList<>(SHARED.lines);
      SHARED.lines.clear();
      return taken;
    }
  }
}
