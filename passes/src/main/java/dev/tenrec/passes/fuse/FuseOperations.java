package dev.tenrec.passes.fuse;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Graph;
import dev.tenrec.passes.Pass;
import dev.tenrec.passes.PassContext;
import dev.tenrec.passes.rewrite.Fusion;
import dev.tenrec.passes.rewrite.RewriteDriver;

/**
 * Applies fusions until none applies.
 *
 * @param fusions tried in this order at each operation
 */
public record FuseOperations(ImmutableList<Fusion> fusions) implements Pass {
  private static final ImmutableList<Fusion> ALL =
      ImmutableList.of(
          new FuseConvBatchNorm(),
          new FuseConvScale(),
          new FuseConvBias(),
          new FuseLayerNorm(),
          new FuseRmsNorm(),
          new FuseNormScale(),
          new FuseNormBias(),
          new FuseGelu(),
          new FuseTanhGelu(),
          new FuseHardSigmoid(),
          new FuseHardSwish(),
          new FuseSilu());

  /** All fusions that Tenrec knows. */
  public FuseOperations() {
    this(ALL);
  }

  @Override
  public String name() {
    return "fuse-operations";
  }

  @Override
  public Graph run(Graph graph, PassContext context) {
    return new RewriteDriver(ImmutableList.copyOf(fusions)).run(graph, context);
  }
}
