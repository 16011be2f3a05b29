package dev.tenrec.tensorrt;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.runtime.bindings.Dimensions;
import dev.tenrec.tensorrt.layer.MovementLayer;
import dev.tenrec.tensorrt.layer.NetworkTensor;
import dev.tenrec.tensorrt.layer.Vector;
import java.util.List;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.tensorrt.global.nvinfer.SampleMode;
import org.bytedeco.tensorrt.nvinfer.IConcatenationLayer;
import org.bytedeco.tensorrt.nvinfer.ILayer;
import org.bytedeco.tensorrt.nvinfer.INetworkDefinition;
import org.bytedeco.tensorrt.nvinfer.IShuffleLayer;
import org.bytedeco.tensorrt.nvinfer.ISliceLayer;
import org.bytedeco.tensorrt.nvinfer.ITensor;
import org.bytedeco.tensorrt.nvinfer.Permutation;
import org.jspecify.annotations.Nullable;

/** Hands {@link MovementLayer}s to TensorRT. */
record NativeMovement(INetworkDefinition network) {

  @Nullable ILayer add(MovementLayer layer) {
    return switch (layer) {
      case MovementLayer.Shuffle shuffle -> shuffle(shuffle);
      case MovementLayer.Slice slice -> slice(slice);
      case MovementLayer.Concatenation(var inputs, int axis) -> {
        IConcatenationLayer concatenation = network.addConcatenation(array(inputs), inputs.size());
        if (concatenation != null) {
          concatenation.setAxis(axis);
        }
        yield concatenation;
      }
    };
  }

  private static PointerPointer<ITensor> array(List<NetworkTensor> tensors) {
    PointerPointer<ITensor> array = new PointerPointer<>(tensors.size());
    for (int i = 0; i < tensors.size(); i++) {
      array.put(i, NativeTensor.handle(tensors.get(i)));
    }
    return array;
  }

  private ILayer shuffle(MovementLayer.Shuffle layer) {
    IShuffleLayer shuffle = network.addShuffle(NativeTensor.handle(layer.x()));
    shuffle.setFirstTranspose(permutation(layer.first()));
    shuffle.setZeroIsPlaceholder(layer.zeroIsPlaceholder());
    if (layer.reshape().isPresent()) {
      switch (layer.reshape().get()) {
        case Vector.Fixed(var sizes) -> shuffle.setReshapeDimensions(Dimensions.of(sizes));
        case Vector.Computed(var tensor) -> shuffle.setInput(1, NativeTensor.handle(tensor));
      }
    }
    shuffle.setSecondTranspose(permutation(layer.second()));
    return shuffle;
  }

  private static Permutation permutation(List<Integer> axes) {
    Permutation permutation = new Permutation();
    for (int i = 0; i < Dimensions.MAX_RANK; i++) {
      permutation.order(i, i < axes.size() ? axes.get(i) : i);
    }
    return permutation;
  }

  private ILayer slice(MovementLayer.Slice layer) {
    int rank = layer.x().rank();
    ISliceLayer slice =
        network.addSlice(
            NativeTensor.handle(layer.x()),
            Dimensions.of(fixed(layer.start(), rank)),
            Dimensions.of(fixed(layer.size(), rank)),
            Dimensions.of(fixed(layer.stride(), rank)));
    slice.setMode(mode(layer.mode()));
    connect(slice, 1, layer.start());
    connect(slice, 2, layer.size());
    connect(slice, 3, layer.stride());
    layer.fill().ifPresent(fill -> slice.setInput(4, NativeTensor.handle(fill)));
    return slice;
  }

  /** A vector's entries; zeros where a tensor gives them, which then replaces them. */
  static ImmutableLongArray fixed(Vector vector, long rank) {
    return switch (vector) {
      case Vector.Fixed(var entries) -> entries;
      case Vector.Computed _ -> ImmutableLongArray.copyOf(new long[(int) rank]);
    };
  }

  private static void connect(ILayer layer, int index, Vector vector) {
    if (vector instanceof Vector.Computed(var tensor)) {
      layer.setInput(index, NativeTensor.handle(tensor));
    }
  }

  static SampleMode mode(MovementLayer.SampleMode mode) {
    return switch (mode) {
      case STRICT_BOUNDS -> SampleMode.kSTRICT_BOUNDS;
      case WRAP -> SampleMode.kWRAP;
      case CLAMP -> SampleMode.kCLAMP;
      case FILL -> SampleMode.kFILL;
      case REFLECT -> SampleMode.kREFLECT;
    };
  }
}
