package dev.tenrec.runtime.bindings;

import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.tensorrt.global.nvinfer;
import org.bytedeco.tensorrt.nvinfer.IBuilder;
import org.bytedeco.tensorrt.nvinfer.IRuntime;

/** The library as a whole: its version and its two entry points. */
public final class TensorRt {
  private static final Pattern MISSING_FILE = Pattern.compile("Unable to load library: ([^\\s:]+)");

  private static final AtomicReference<String> FAILURE = new AtomicReference<>("");

  private TensorRt() {}

  /**
   * The version of the library that is loaded.
   *
   * @throws TenrecException with {@code BACKEND_UNAVAILABLE} if it cannot be loaded
   */
  public static TensorRtVersion version() {
    return TensorRtVersion.ofNumber(loading(nvinfer::getInferLibVersion));
  }

  /**
   * A builder, to be deleted with {@link NativeObjects#delete}.
   *
   * @throws TenrecException with {@code BACKEND_UNAVAILABLE} if a library, driver or GPU is missing
   */
  public static IBuilder createBuilder() {
    IBuilder builder =
        loading(() -> {
          NativeLog.drain();
          return nvinfer.createInferBuilder(NativeLog.shared());
        });
    if (!NativeObjects.exists(builder)) {
      throw cannotCreate("builder", NativeLog.cause());
    }
    return builder;
  }

  /**
   * A runtime, to be deleted with {@link NativeObjects#delete}.
   *
   * @throws TenrecException with {@code BACKEND_UNAVAILABLE} if a library, driver or GPU is missing
   */
  public static IRuntime createRuntime() {
    Cuda.requireDevice();
    IRuntime runtime = loading(() -> nvinfer.createInferRuntime(NativeLog.shared()));
    if (!NativeObjects.exists(runtime)) {
      throw cannotCreate("runtime", NativeLog.cause());
    }
    return runtime;
  }

  /** Runs what may be the first use of the bindings, which loads the native libraries. */
  static <T> T loading(Supplier<T> firstUse) {
    // JavaCPP would count what TensorRT allocates against the size of Java's heap, and give up.
    System.getProperties().putIfAbsent("org.bytedeco.javacpp.maxPhysicalBytes", "0");
    try {
      return firstUse.get();
    } catch (LinkageError e) {
      // Later failures only say that there was one before.
      FAILURE.compareAndSet("", rootMessage(e));
      throw new TenrecException(
              ErrorCode.BACKEND_UNAVAILABLE, "TensorRT cannot be loaded: " + FAILURE.get(), e)
          .advise(
              "put the native jars of org.bytedeco:tensorrt, cuda and javacpp on the class path"
                  + " and the libraries of TensorRT and CUDA on the library path");
    }
  }

  private static String rootMessage(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage()).lines().findFirst().orElse("no reason is given");
  }

  static TenrecException cannotCreate(String what, String log) {
    TenrecException problem =
        new TenrecException(
            ErrorCode.BACKEND_UNAVAILABLE, "TensorRT cannot create a %s: %s".formatted(what, log));
    Matcher missing = MISSING_FILE.matcher(problem.problem());
    return missing.find()
        ? problem.advise(
            "put %s beside the other libraries of TensorRT".formatted(missing.group(1)))
        : problem.advise("it needs an NVIDIA GPU and a driver that is new enough");
  }
}
