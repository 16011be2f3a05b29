package dev.tenrec.runtime;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import com.google.common.primitives.ImmutableLongArray;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tenrec.ir.Conversion;
import dev.tenrec.ir.Executable;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.runtime.bindings.DataTypes;
import dev.tenrec.runtime.bindings.Dimensions;
import dev.tenrec.runtime.bindings.NativeLog;
import dev.tenrec.runtime.bindings.NativeMemory;
import dev.tenrec.runtime.bindings.NativeObjects;
import dev.tenrec.runtime.bindings.SizesOutput;
import dev.tenrec.runtime.bindings.StepListener;
import dev.tenrec.runtime.bindings.Stream;
import dev.tenrec.runtime.bindings.TensorRt;
import dev.tenrec.runtime.bindings.TransferBuffer;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.tensorrt.global.nvinfer.LayerInformationFormat;
import org.bytedeco.tensorrt.global.nvinfer.TensorLocation;
import org.bytedeco.tensorrt.nvinfer.ICudaEngine;
import org.bytedeco.tensorrt.nvinfer.IEngineInspector;
import org.bytedeco.tensorrt.nvinfer.IExecutionContext;
import org.bytedeco.tensorrt.nvinfer.IRuntime;

/**
 * A plan on a GPU. Keeps its buffers from run to run; runs of several threads take turns.
 *
 * <p>Outputs whose sizes depend on the elements of inputs get as much memory as they can need at
 * most, and are cut to the sizes that another output of the engine tells ({@link SizesOutput}).
 */
public final class Engine implements Executable {
  private final Signature signature;
  private final Deque<Runnable> cleanup = new ArrayDeque<>();
  private final ICudaEngine engine;
  private final IExecutionContext context;
  private final Stream stream;
  private final EngineProfiles profiles;
  private final Set<String> bound = new HashSet<>();
  private final Map<String, TransferBuffer> buffers = new HashMap<>();

  @GuardedBy("this")
  private int profile;

  private Engine(MemorySegment plan, Optional<Signature> known) {
    try {
      IRuntime runtime = TensorRt.createRuntime();
      cleanup.push(() -> NativeObjects.delete(runtime));
      engine = deserialize(runtime, plan);
      cleanup.push(() -> NativeObjects.delete(engine));
      context = engine.createExecutionContext();
      if (!NativeObjects.exists(context)) {
        throw failure("create an execution context");
      }
      cleanup.push(() -> NativeObjects.delete(context));
      stream = new Stream();
      cleanup.push(stream::close);
      signature = known.orElseGet(() -> EngineSignature.of(engine));
      checkSignature();
      profiles = EngineProfiles.of(engine, boundInputs());
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Loads a plan file.
   *
   * @param signature of the graph that the plan was built from
   * @throws TenrecException with {@code IO} if the file cannot be read, {@code BACKEND_UNAVAILABLE}
   *     without a GPU, {@code BACKEND_FAILURE} if the plan is for another GPU or TensorRT
   */
  public static Engine load(Path plan, Signature signature) {
    return load(plan, Optional.of(signature));
  }

  /**
   * Loads a plan file of which nothing else is known. Its signature has the element types that the
   * engine computes in, and open sizes are named after the input and the axis: {@code image.0}.
   *
   * @throws TenrecException as {@link #load(Path, Signature)} does
   */
  public static Engine load(Path plan) {
    return load(plan, Optional.empty());
  }

  private static Engine load(Path plan, Optional<Signature> signature) {
    try (Arena arena = Arena.ofConfined();
        FileChannel channel = FileChannel.open(plan)) {
      MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      return new Engine(bytes, signature);
    } catch (NoSuchFileException e) {
      throw new TenrecException(ErrorCode.IO, "the plan %s does not exist".formatted(plan), e);
    } catch (IOException e) {
      throw new TenrecException(
          ErrorCode.IO, "cannot read the plan %s: %s".formatted(plan, e.getMessage()), e);
    }
  }

  /** Loads a plan from memory, which is not needed afterwards. */
  public static Engine of(MemorySegment plan, Signature signature) {
    if (plan.isNative()) {
      return new Engine(plan, Optional.of(signature));
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment copy = arena.allocate(plan.byteSize()).copyFrom(plan);
      return new Engine(copy, Optional.of(signature));
    }
  }

  private static ICudaEngine deserialize(IRuntime runtime, MemorySegment plan) {
    NativeLog.clear();
    ICudaEngine engine = runtime.deserializeCudaEngine(NativeMemory.pointer(plan), plan.byteSize());
    if (!NativeObjects.exists(engine)) {
      throw failure("load the plan")
          .advise(
              "a plan runs only on the kind of GPU and the version of TensorRT it was built with");
    }
    return engine;
  }

  private void checkSignature() {
    for (int i = 0; i < engine.getNbIOTensors(); i++) {
      bound.add(engine.getIOTensorName(i));
    }
    signature.inputs().forEach(this::checkType);
    signature.outputs().forEach(this::checkType);
  }

  private void checkType(String name, TensorType type) {
    if (bound.contains(name) && !Conversion.exists(type.elementType(), bindingType(name))) {
      throw new TenrecException(
          ErrorCode.INVALID_ARGUMENT, "the plan has another type for '%s'".formatted(name));
    }
  }

  /** The model's type, or the one that TensorRT computes in instead. */
  private ElementType bindingType(String name) {
    return DataTypes.of(engine.getTensorDataType(name));
  }

  /** TensorRT may drop inputs that nothing reads. */
  private ImmutableList<String> boundInputs() {
    return signature.inputs().keySet().stream()
        .filter(bound::contains)
        .collect(ImmutableList.toImmutableList());
  }

  @Override
  public Signature signature() {
    return signature;
  }

  @Override
  public synchronized ImmutableMap<String, Tensor> run(Map<String, Tensor> inputs) {
    return results(inputs, EngineOutput::tensor);
  }

  @Override
  public synchronized void show(
      Map<String, Tensor> inputs, Consumer<? super Map<String, Tensor>> reader) {
    reader.accept(results(inputs, EngineOutput::view));
  }

  @GuardedBy("this")
  private ImmutableMap<String, Tensor> results(
      Map<String, Tensor> inputs, Function<EngineOutput, Tensor> result) {
    List<EngineOutput> outputs = bind(inputs);
    enqueue();
    outputs.stream()
        .filter(output -> !isOnHost(output.name()))
        .forEach(output -> output.buffer().download(output.bytes(), stream.handle()));
    stream.synchronize();
    // Many and large ones take longer to copy than to compute.
    ImmutableMap<String, Tensor> results =
        outputs.parallelStream()
            .filter(output -> signature.outputs().containsKey(output.name()))
            .collect(ImmutableMap.toImmutableMap(EngineOutput::name, result));
    return Conversion.ofOutputs(results, signature);
  }

  /** Brings inputs to the device, and makes room for the outputs. */
  synchronized List<EngineOutput> bind(Map<String, Tensor> inputs) {
    signature.bind(inputs);
    choose(profiles.choose(inputs));
    NativeLog.clear();
    inputs.forEach((name, input) -> {
      if (bound.contains(name)) {
        feed(name, Conversion.ofInput(name, input, bindingType(name)));
      }
    });
    List<EngineOutput> outputs = new ArrayList<>();
    signature
        .outputs()
        .keySet()
        .forEach(name -> {
          Optional<EngineOutput> sizes = Optional.empty();
          if (bound.contains(SizesOutput.of(name))) {
            sizes = Optional.of(prepare(SizesOutput.of(name), ElementType.INT64, Optional.empty()));
            outputs.add(sizes.get());
          }
          outputs.add(prepare(name, bindingType(name), sizes));
        });
    return outputs;
  }

  /** Puts a run with what is bound on the stream. */
  void enqueue() {
    check(context.enqueueV3(stream.handle()), "run the engine");
  }

  Stream stream() {
    return stream;
  }

  /** The steps that TensorRT made of the network, as it names them, in the order of execution. */
  public ImmutableList<String> steps() {
    return steps(LayerInformationFormat.kONELINE);
  }

  /** What TensorRT tells about each step as JSON: all in engines that were built with details. */
  public ImmutableList<String> stepDetails() {
    return steps(LayerInformationFormat.kJSON);
  }

  private ImmutableList<String> steps(LayerInformationFormat format) {
    IEngineInspector inspector = engine.createEngineInspector();
    try {
      ImmutableList.Builder<String> steps = ImmutableList.builder();
      for (int i = 0; i < engine.getNbLayers(); i++) {
        steps.add(inspector.getLayerInformation(i, format).strip());
      }
      return steps.build();
    } finally {
      NativeObjects.delete(inspector);
    }
  }

  /**
   * What each step takes in milliseconds: means over runs with the same inputs, by the names of
   * steps. Steps that do nothing on the device are left out. TensorRT waits for each step here, so
   * that the sum is more than a run takes otherwise.
   */
  public synchronized ImmutableMap<String, Double> stepMilliseconds(
      Map<String, Tensor> inputs, int runs) {
    bind(inputs);
    enqueue();
    stream.synchronize();
    try (StepListener listener = new StepListener()) {
      context.setProfiler(listener.profiler());
      try {
        for (int i = 0; i < runs; i++) {
          enqueue();
          stream.synchronize();
        }
      } finally {
        context.setProfiler(null);
      }
      return ImmutableMap.copyOf(Maps.transformValues(listener.milliseconds(), sum -> sum / runs));
    }
  }

  @GuardedBy("this")
  private void choose(int wanted) {
    if (wanted != profile) {
      check(context.setOptimizationProfileAsync(wanted, stream.handle()), "change the profile");
      stream.synchronize();
      profile = wanted;
    }
  }

  private TransferBuffer buffer(String name) {
    return buffers.computeIfAbsent(
        name,
        _ -> {
          TransferBuffer buffer = new TransferBuffer();
          cleanup.push(buffer::close);
          return buffer;
        });
  }

  private boolean isOnHost(String name) {
    return engine.getTensorLocation(name).intern() == TensorLocation.kHOST;
  }

  private void feed(String name, Tensor tensor) {
    long bytes = tensor.data().byteSize();
    TransferBuffer buffer = buffer(name);
    buffer.reserve(Math.max(1, bytes));
    buffer.hostBytes(bytes).copyFrom(tensor.data());
    if (isOnHost(name)) {
      check(context.setTensorAddress(name, buffer.host()), "bind input " + name);
    } else {
      buffer.upload(bytes, stream.handle());
      check(context.setTensorAddress(name, buffer.device()), "bind input " + name);
    }
    check(context.setInputShape(name, Dimensions.of(tensor.sizes())), "set sizes of " + name);
  }

  private EngineOutput prepare(String name, ElementType type, Optional<EngineOutput> sizes) {
    ImmutableLongArray foretold =
        Dimensions.of(context.getTensorShape(name))
            .orElseThrow(() -> failure("infer the sizes of output " + name));
    boolean open = foretold.stream().anyMatch(size -> size < 0);
    if (open && sizes.isEmpty()) {
      throw new TenrecException(
              ErrorCode.UNSUPPORTED,
              "the sizes %s of output '%s' depend on the elements of inputs"
                  .formatted(foretold, name))
          .advise("compile the model again: the plan lacks an output that tells them");
    }
    EngineOutput output =
        open
            ? EngineOutput.open(
                name, type, context.getMaxOutputSize(name), sizes.get(), buffer(name))
            : EngineOutput.fixed(name, type, foretold, buffer(name));
    output.buffer().reserve(Math.max(1, output.bytes()));
    Pointer address = isOnHost(name) ? output.buffer().host() : output.buffer().device();
    check(context.setTensorAddress(name, address), "bind output " + name);
    return output;
  }

  private static void check(boolean done, String action) {
    if (!done) {
      throw failure(action);
    }
  }

  private static TenrecException failure(String action) {
    return new TenrecException(
        ErrorCode.BACKEND_FAILURE,
        "TensorRT could not %s: %s".formatted(action, NativeLog.cause()));
  }

  /** Frees everything in the reverse order of its making, also where a part of it fails. */
  @Override
  public synchronized void close() {
    Optional<RuntimeException> failure = Optional.empty();
    while (!cleanup.isEmpty()) {
      try {
        cleanup.pop().run();
      } catch (RuntimeException e) {
        failure = failure.or(() -> Optional.of(e));
      }
    }
    failure.ifPresent(e -> {
      throw e;
    });
  }
}
