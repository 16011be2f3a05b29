package dev.tenrec.tensorrt;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.Location;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.runtime.bindings.TensorRtVersion;
import dev.tenrec.tensorrt.layer.Layer;
import dev.tenrec.tensorrt.layer.NetworkTensor;

/** A TensorRT network under construction. Not for several threads. */
public interface TensorRtNetwork {
  /** The version whose layers may be used. */
  TensorRtVersion version();

  NetworkTensor input(String name, TensorType type);

  /**
   * Adds a layer and returns all of its results.
   *
   * @param location where the layer comes from: it is named after it, and errors name it
   * @throws TenrecException with {@code UNSUPPORTED} or {@code BACKEND_FAILURE} if it is refused
   */
  ImmutableList<NetworkTensor> addAll(Layer layer, Location location);

  /** Adds a layer and returns its only result. */
  default NetworkTensor add(Layer layer, Location location) {
    ImmutableList<NetworkTensor> results = addAll(layer, location);
    if (results.size() != 1) {
      throw new TenrecException(
          ErrorCode.INTERNAL, "%s has %d results".formatted(layer, results.size()));
    }
    return results.getFirst();
  }

  /** Adds a loop: the last states, then the collected steps, stacked along a new axis 0. */
  ImmutableList<NetworkTensor> loop(Loop loop, Location location);

  void output(NetworkTensor tensor, String name);

  /**
   * Adds an output that nobody asked for: the sizes of one whose sizes depend on elements of the
   * inputs.
   *
   * @param sizes int64, one entry for each dimension of the output
   * @param output the name of the output
   */
  void sizesOutput(NetworkTensor sizes, String output);

  /**
   * A loop with one turn per step of its sequences.
   *
   * @param turns how many, a scalar of type int64
   * @param states their values in the first turn
   * @param sequences read step by step along axis 0
   * @param reverse whether sequences are read and steps are collected from the end
   */
  record Loop(
      NetworkTensor turns,
      ImmutableList<NetworkTensor> states,
      ImmutableList<NetworkTensor> sequences,
      boolean reverse,
      Body body) {}

  /** Adds the layers of one turn. */
  interface Body {
    /**
     * The next states, then the steps to collect. Layers may also use tensors from outside.
     *
     * @param turn the states, then one step of each sequence
     */
    ImmutableList<NetworkTensor> turn(ImmutableList<NetworkTensor> turn);
  }
}
