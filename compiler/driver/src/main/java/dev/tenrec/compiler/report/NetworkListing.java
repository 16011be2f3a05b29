package dev.tenrec.compiler.report;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.passes.PassContext;
import dev.tenrec.runtime.bindings.TensorRtVersion;
import dev.tenrec.tensorrt.Lowering;
import dev.tenrec.tensorrt.RecordedLayer;
import dev.tenrec.tensorrt.RecordedNetwork;
import dev.tenrec.tensorrt.legalize.Legalization;
import java.util.Optional;

/**
 * The TensorRT network that a graph becomes.
 *
 * @param version the version of TensorRT that it is for
 * @param passes what happened to the graph on the way
 * @param layers in the order in which they are added
 * @param refusal why there is no network, if TensorRT has no layers for the graph
 */
public record NetworkListing(
    String version,
    ImmutableList<PassRun> passes,
    ImmutableList<RecordedLayer> layers,
    Optional<String> refusal) {

  /** Lists the layers for a version of TensorRT, which needs neither TensorRT nor a GPU. */
  public static NetworkListing of(Graph graph, Legalization legalization, TensorRtVersion version) {
    RecordPasses record = new RecordPasses(graph);
    RecordedNetwork network = new RecordedNetwork(version);
    Optional<String> refusal = Optional.empty();
    try {
      PassContext context = new PassContext(Long.MAX_VALUE, record);
      Lowering.lowerLegal(legalization.run(graph, context, record), network);
    } catch (TenrecException e) {
      // The page says so where the layers would be.
      refusal = Optional.of(e.getMessage());
    }
    return new NetworkListing(version.toString(), record.runs(), network.layers(), refusal);
  }
}
