package dev.tenrec.tensorrt;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.Location;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.dim.Symbol;
import dev.tenrec.runtime.bindings.DataTypes;
import dev.tenrec.runtime.bindings.Dimensions;
import dev.tenrec.runtime.bindings.NativeLog;
import dev.tenrec.runtime.bindings.NativeObjects;
import dev.tenrec.runtime.bindings.SizesOutput;
import dev.tenrec.runtime.bindings.TensorRt;
import dev.tenrec.runtime.bindings.TensorRtVersion;
import dev.tenrec.tensorrt.layer.AttentionLayer;
import dev.tenrec.tensorrt.layer.Layer;
import dev.tenrec.tensorrt.layer.NetworkTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.tensorrt.global.nvinfer.NetworkDefinitionCreationFlag;
import org.bytedeco.tensorrt.nvinfer.IBuilder;
import org.bytedeco.tensorrt.nvinfer.ILayer;
import org.bytedeco.tensorrt.nvinfer.INetworkDefinition;
import org.bytedeco.tensorrt.nvinfer.ITensor;
import org.jspecify.annotations.Nullable;

/**
 * A network inside of TensorRT. Owns the network definition and the weights, and has a builder to
 * itself; weights stay alive until this is closed, which must not be before the plan exists.
 */
public final class NativeNetwork implements TensorRtNetwork, AutoCloseable {
  private final TensorRtVersion version;
  private final IBuilder builder;
  private final INetworkDefinition definition;
  private final NativeWeights weights = new NativeWeights();
  private final NativeLayers layers;
  private final LayerNames names = new LayerNames();
  private final List<NativeTensor> tensors = new ArrayList<>();

  /**
   * An empty network.
   *
   * @throws TenrecException with {@code BACKEND_UNAVAILABLE} where TensorRT cannot build
   */
  @SuppressWarnings(
      "deprecation") // The flag is ignored by newer versions, and needed by older ones.
  public NativeNetwork() {
    version = TensorRt.version();
    builder = BuilderPool.take();
    definition = builder.createNetworkV2(1 << NetworkDefinitionCreationFlag.kSTRONGLY_TYPED.value);
    layers = new NativeLayers(definition, weights);
  }

  IBuilder builder() {
    return builder;
  }

  INetworkDefinition definition() {
    return definition;
  }

  /** All tensors in the order in which they were made. */
  ImmutableList<NativeTensor> tensors() {
    return ImmutableList.copyOf(tensors);
  }

  @Override
  public TensorRtVersion version() {
    return version;
  }

  @Override
  public NetworkTensor input(String name, TensorType type) {
    LayerRules.checkInput(name, type);
    NativeLog.clear();
    ImmutableLongArray dims =
        ImmutableLongArray.copyOf(
            type.shape().dims().stream().mapToLong(dim -> dim.value().orElse(-1)));
    ITensor input =
        definition.addInput(name, DataTypes.of(type.elementType()), Dimensions.of(dims));
    if (!NativeObjects.exists(input)) {
      throw refused("input '%s' : %s".formatted(name, type));
    }
    for (int axis = 0; axis < type.rank(); axis++) {
      // Sizes of the same name are the same: it lets TensorRT fuse what has several inputs.
      if (type.dim(axis) instanceof Symbol symbol && !symbol.isAnonymous()) {
        input.setDimensionName(axis, symbol.name());
      }
    }
    return tensor(input, "input '%s'".formatted(name));
  }

  @Override
  public ImmutableList<NetworkTensor> addAll(Layer layer, Location location) {
    try {
      LayerRules.check(layer, version);
      NativeLog.clear();
      if (layer instanceof AttentionLayer.Attention attention) {
        return ImmutableList.of(attention(attention, location));
      }
      ILayer added = layers.add(layer);
      return named(added, layer.toString(), location);
    } catch (TenrecException e) {
      throw e.at(location);
    }
  }

  /** Attention is more than one layer to TensorRT, and names itself. */
  private NativeTensor attention(AttentionLayer.Attention layer, Location location) {
    ITensor result =
        NewerCalls.attention(definition, layer, names.next(location), location.describe());
    if (result == null) {
      throw refused(layer.toString());
    }
    return tensor(result, layer.toString());
  }

  private ImmutableList<NetworkTensor> named(
      @Nullable ILayer added, String what, Location location) {
    if (added == null || !NativeObjects.exists(added)) {
      throw refused(what);
    }
    added.setName(names.next(location));
    added.setMetadata(location.describe());
    ImmutableList.Builder<NetworkTensor> results = ImmutableList.builder();
    for (int i = 0; i < added.getNbOutputs(); i++) {
      results.add(tensor(added.getOutput(i), what));
    }
    return results.build();
  }

  /** Asks for the sizes at once: that is when TensorRT checks a layer. */
  private NativeTensor tensor(ITensor handle, String what) {
    Optional<ImmutableLongArray> dims = Dimensions.of(handle.getDimensions());
    NativeTensor tensor =
        new NativeTensor(
            handle, DataTypes.of(handle.getType()), dims.orElseThrow(() -> refused(what)));
    tensors.add(tensor);
    return tensor;
  }

  private TenrecException refused(String what) {
    return new TenrecException(
            ErrorCode.BACKEND_FAILURE,
            "TensorRT %s refuses %s: %s".formatted(version, what, NativeLog.cause()))
        .advise("this is a layer that Tenrec should not have made; please report it");
  }

  @Override
  public ImmutableList<NetworkTensor> loop(Loop loop, Location location) {
    try {
      return new NativeLoop(definition.addLoop(), this, location).add(loop);
    } catch (TenrecException e) {
      throw e.at(location);
    }
  }

  @Override
  public ImmutableList<NetworkTensor> conditional(Conditional conditional, Location location) {
    try {
      return new NativeConditional(definition.addIfConditional(), this, location).add(conditional);
    } catch (TenrecException e) {
      throw e.at(location);
    }
  }

  /** As {@link #addAll}, for the parts of loops and branches. */
  NetworkTensor addPart(@Nullable ILayer part, String what, Location location) {
    return named(part, what, location).getFirst();
  }

  @Override
  public void output(NetworkTensor tensor, String name) {
    NativeLog.clear();
    ITensor handle = NativeTensor.handle(tensor);
    definition.markOutput(handle);
    if (!handle.isNetworkOutput()) {
      throw refused("output '%s'".formatted(name));
    }
    handle.setName(name);
  }

  @Override
  public void sizesOutput(NetworkTensor sizes, String output) {
    output(sizes, SizesOutput.of(output));
  }

  @Override
  public void close() {
    NativeObjects.delete(definition);
    BuilderPool.giveBack(builder);
    weights.close();
  }
}
