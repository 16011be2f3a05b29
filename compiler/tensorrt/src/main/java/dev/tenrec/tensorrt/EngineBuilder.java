package dev.tenrec.tensorrt;

import dev.tenrec.ir.Graph;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.runtime.bindings.Cuda;
import dev.tenrec.runtime.bindings.NativeLog;
import dev.tenrec.runtime.bindings.NativeMemory;
import dev.tenrec.runtime.bindings.NativeObjects;
import dev.tenrec.runtime.bindings.TensorRt;
import dev.tenrec.runtime.bindings.TensorRtVersion;
import org.bytedeco.tensorrt.global.nvinfer.BuilderFlag;
import org.bytedeco.tensorrt.global.nvinfer.MemoryPoolType;
import org.bytedeco.tensorrt.global.nvinfer.ProfilingVerbosity;
import org.bytedeco.tensorrt.nvinfer.IBuilder;
import org.bytedeco.tensorrt.nvinfer.IBuilderConfig;
import org.bytedeco.tensorrt.nvinfer.IHostMemory;
import org.bytedeco.tensorrt.nvinfer.INetworkDefinition;

/** Builds plans. Needs a GPU, and builds for that kind of GPU and this version of TensorRT. */
public final class EngineBuilder {
  /**
   * How often TensorRT times a kernel before it compares it with others. Once, its default, may
   * choose another in the next build: of two engines with the same convolutions one was 13 %
   * slower.
   */
  private static final int TIMING_ITERATIONS = 4;

  private EngineBuilder() {}

  /**
   * Lowers a graph and lets TensorRT build it, which takes seconds to minutes.
   *
   * @throws TenrecException with {@code INVALID_ARGUMENT} if a dynamic dimension has no range,
   *     {@code BACKEND_UNAVAILABLE} if TensorRT cannot build here, {@code UNSUPPORTED} if it cannot
   *     build this graph, {@code BACKEND_FAILURE} if it refuses a layer that it should take
   */
  public static Plan build(Graph graph, BuildOptions options) {
    Profiles.check(graph, options.profiles());
    Cuda.requireDevice();
    try (NativeNetwork network = new NativeNetwork()) {
      Lowering.lower(graph, options.legalization(), network);
      return build(graph, options, network.builder(), network.definition());
    }
  }

  /**
   * Loads what TensorRT loads once in a process, which takes seconds, so that the time of the next
   * build is its own.
   */
  public static void warmUp() {
    Cuda.requireDevice();
    BuilderPool.giveBack(BuilderPool.take());
  }

  /** Builds a network that has the inputs of a graph. */
  static Plan build(
      Graph graph, BuildOptions options, IBuilder builder, INetworkDefinition definition) {
    builder.setMaxThreads(Runtime.getRuntime().availableProcessors());
    IBuilderConfig config = builder.createBuilderConfig();
    try {
      configure(config, options);
      Profiles.add(graph, options.profiles(), builder, definition, config);
      return build(graph, builder, definition, config);
    } finally {
      NativeObjects.delete(config);
    }
  }

  private static void configure(IBuilderConfig config, BuildOptions options) {
    if (options.tf32()) {
      config.setFlag(BuilderFlag.kTF32);
    } else {
      config.clearFlag(BuilderFlag.kTF32);
    }
    if (options.details()) {
      config.setProfilingVerbosity(ProfilingVerbosity.kDETAILED);
    }
    config.setAvgTimingIterations(TIMING_ITERATIONS);
    options.optimizationLevel().ifPresent(config::setBuilderOptimizationLevel);
    options
        .workspaceBytes()
        .ifPresent(bytes -> config.setMemoryPoolLimit(MemoryPoolType.kWORKSPACE, bytes));
  }

  private static Plan build(
      Graph graph, IBuilder builder, INetworkDefinition definition, IBuilderConfig config) {
    NativeLog.clear();
    TensorRtVersion version = TensorRt.version();
    IHostMemory plan = builder.buildSerializedNetwork(definition, config);
    if (!NativeObjects.exists(plan)) {
      throw new TenrecException(
              ErrorCode.UNSUPPORTED,
              "TensorRT %s took every layer of %s, but cannot build an engine: %s"
                  .formatted(version, graph, NativeLog.cause()))
          .advise("try another version of TensorRT, another precision or other ranges of sizes");
    }
    return new Plan(
        NativeMemory.segment(plan.data(), plan.size()),
        () -> NativeObjects.delete(plan),
        version.toString(),
        Cuda.deviceName(),
        definition.getNbLayers());
  }
}
