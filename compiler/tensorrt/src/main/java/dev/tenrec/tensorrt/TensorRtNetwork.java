package dev.tenrec.tensorrt;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.Location;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.runtime.bindings.TensorRtVersion;
import dev.tenrec.tensorrt.layer.Layer;
import dev.tenrec.tensorrt.layer.NetworkTensor;
import java.util.Optional;

/** A TensorRT network under construction. Not for several threads. */
public interface TensorRtNetwork {
  /** The version whose layers may be used. */
  TensorRtVersion version();

  NetworkTensor input(String name, TensorType type);

  /** Told before the layers of an operation are added: those that follow express it. */
  default void expressing(Node node) {}

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

  /**
   * Adds a loop: the last states, then the collected steps, stacked along a new axis 0. Where a
   * condition ends the loop early, only as many steps as there were turns have a meaning.
   */
  ImmutableList<NetworkTensor> loop(Loop loop, Location location);

  /** Adds two branches, one of which is taken at run time, and returns what that one gives. */
  ImmutableList<NetworkTensor> conditional(Conditional conditional, Location location);

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
   * A loop. It ends when either of the limit and the condition says so.
   *
   * @param turns at most how many, a scalar of type int64; needed where steps are collected
   * @param condition whether there is a first turn, a scalar of type bool
   * @param states their values in the first turn, of the same sizes in each
   * @param sequences read step by step along axis 0
   * @param reverse whether sequences are read and steps are collected from the end
   */
  record Loop(
      Optional<NetworkTensor> turns,
      Optional<NetworkTensor> condition,
      ImmutableList<NetworkTensor> states,
      ImmutableList<NetworkTensor> sequences,
      boolean reverse,
      Body body) {}

  /**
   * Two branches.
   *
   * @param condition a scalar of type bool
   * @param inputs all tensors from outside that the branches use
   */
  record Conditional(
      NetworkTensor condition,
      ImmutableList<NetworkTensor> inputs,
      Body thenBranch,
      Body elseBranch) {}

  /** Adds the layers of one turn of a loop, or of one branch. */
  interface Body {
    /**
     * In a loop, whether to go on (if there is a condition), the next states, then the steps to
     * collect; layers may also use tensors from outside. In a branch, the results.
     *
     * @param inputs in a loop the states, then one step of each sequence; in a branch its inputs
     */
    ImmutableList<NetworkTensor> add(ImmutableList<NetworkTensor> inputs);
  }
}
