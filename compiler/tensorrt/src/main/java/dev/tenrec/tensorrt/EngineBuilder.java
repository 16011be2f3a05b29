package dev.tenrec.tensorrt;

import dev.tenrec.ir.Graph;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.runtime.bindings.Cuda;
import dev.tenrec.runtime.bindings.NativeLog;
import dev.tenrec.runtime.bindings.NativeObjects;
import dev.tenrec.tensorrt.legalize.Legalization;
import org.bytedeco.tensorrt.global.nvinfer.BuilderFlag;
import org.bytedeco.tensorrt.global.nvinfer.MemoryPoolType;
import org.bytedeco.tensorrt.nvinfer.IBuilderConfig;
import org.bytedeco.tensorrt.nvinfer.IHostMemory;

/** Builds plans. Needs a GPU, and builds for that kind of GPU and this version of TensorRT. */
public final class EngineBuilder {
  private EngineBuilder() {}

  /**
   * Lowers a graph and lets TensorRT build it, which takes seconds to minutes.
   *
   * @throws TenrecException with {@code INVALID_ARGUMENT} if a dynamic dimension has no range,
   *     {@code BACKEND_UNAVAILABLE} if TensorRT cannot build here, {@code UNSUPPORTED} or {@code
   *     BACKEND_FAILURE} if it cannot build this graph
   */
  public static Plan build(Graph graph, BuildOptions options) {
    Profiles.check(graph, options.profiles());
    Cuda.requireDevice();
    try (NativeNetwork network = new NativeNetwork()) {
      Lowering.lower(graph, new Legalization(options.allowNarrowing()), network);
      IBuilderConfig config = network.builder().createBuilderConfig();
      try {
        configure(config, options);
        Profiles.add(graph, options.profiles(), network, config);
        return build(graph, network, config);
      } finally {
        NativeObjects.delete(config);
      }
    }
  }

  private static void configure(IBuilderConfig config, BuildOptions options) {
    if (options.tf32()) {
      config.setFlag(BuilderFlag.kTF32);
    } else {
      config.clearFlag(BuilderFlag.kTF32);
    }
    config.setBuilderOptimizationLevel(options.optimizationLevel());
    options
        .workspaceBytes()
        .ifPresent(bytes -> config.setMemoryPoolLimit(MemoryPoolType.kWORKSPACE, bytes));
  }

  private static Plan build(Graph graph, NativeNetwork network, IBuilderConfig config) {
    NativeLog.clear();
    IHostMemory plan = network.builder().buildSerializedNetwork(network.definition(), config);
    if (!NativeObjects.exists(plan)) {
      throw new TenrecException(
          ErrorCode.BACKEND_FAILURE,
          "TensorRT %s cannot build %s: %s".formatted(network.version(), graph, NativeLog.cause()));
    }
    return new Plan(plan, network.version().toString(), Cuda.deviceName());
  }
}
