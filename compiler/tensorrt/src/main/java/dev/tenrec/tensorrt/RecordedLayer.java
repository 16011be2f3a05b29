package dev.tenrec.tensorrt;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.diagnostic.Location;
import java.util.Optional;

/**
 * One step in the making of a {@link RecordedNetwork}: an input, a layer, the start, the turn or
 * the end of a loop or of branches, or an output.
 *
 * @param kind the layer's kind as TensorRT names it
 * @param name the layer's name
 * @param line its line in the listing
 * @param operands numbers of the tensors that it reads
 * @param results numbers of the tensors that it makes
 * @param location where it comes from
 * @param node the operation that it expresses, if it expresses one
 */
public record RecordedLayer(
    String kind,
    String name,
    String line,
    ImmutableList<Integer> operands,
    ImmutableList<Integer> results,
    Location location,
    Optional<Node> node) {}
