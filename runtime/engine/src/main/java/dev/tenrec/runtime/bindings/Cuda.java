package dev.tenrec.runtime.bindings;

import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import org.bytedeco.cuda.cudart.cudaDeviceProp;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.BytePointer;

/** Calls of CUDA's runtime library whose status is looked at. */
public final class Cuda {
  private Cuda() {}

  /**
   * Throws if a call did not succeed.
   *
   * @param status what the call returned
   * @param action what it was to do, for the message
   */
  public static void check(int status, String action) {
    if (status != cudart.cudaSuccess) {
      throw new TenrecException(
          ErrorCode.BACKEND_FAILURE, "CUDA could not %s: %s".formatted(action, describe(status)));
    }
  }

  /**
   * Makes sure that a GPU can be used.
   *
   * @throws TenrecException with {@code BACKEND_UNAVAILABLE} if none can
   */
  public static void requireDevice() {
    int[] count = {0};
    int status = TensorRt.loading(() -> cudart.cudaGetDeviceCount(count));
    if (status != cudart.cudaSuccess || count[0] == 0) {
      String cause = status == cudart.cudaSuccess ? "there is none" : describe(status);
      throw new TenrecException(ErrorCode.BACKEND_UNAVAILABLE, "no usable NVIDIA GPU: " + cause)
          .advise("TensorRT engines are built and run on a GPU with a working driver");
    }
  }

  /** The name of the GPU in use, for example {@code NVIDIA H200}. */
  public static String deviceName() {
    int[] device = {0};
    check(cudart.cudaGetDevice(device), "tell the device in use");
    try (cudaDeviceProp properties = new cudaDeviceProp()) {
      check(cudart.cudaGetDeviceProperties(properties, device[0]), "describe the device");
      return properties.name().getString();
    }
  }

  private static String describe(int status) {
    BytePointer text = cudart.cudaGetErrorString(status);
    return "%s (error %d)".formatted(text == null ? "unknown" : text.getString(), status);
  }
}
