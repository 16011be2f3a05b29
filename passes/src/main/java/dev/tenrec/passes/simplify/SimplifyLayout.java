package dev.tenrec.passes.simplify;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Graph;
import dev.tenrec.passes.Pass;
import dev.tenrec.passes.PassContext;
import dev.tenrec.passes.fuse.FuseChannelNorm;
import dev.tenrec.passes.fuse.FuseConvActivation;
import dev.tenrec.passes.fuse.FuseConvBias;
import dev.tenrec.passes.fuse.FuseConvScale;
import dev.tenrec.passes.fuse.FuseMatMulScale;
import dev.tenrec.passes.rewrite.RewriteDriver;
import dev.tenrec.passes.rewrite.Rule;

/**
 * Applies all identities, and those that move data around less often, until none applies. Comes
 * behind the fusions, whose patterns want layouts as exporters write them.
 */
public record SimplifyLayout() implements Pass {
  private static final ImmutableList<Rule> RULES =
      ImmutableList.<Rule>builder()
          .addAll(Canonicalize.RULES)
          .add(new FoldConstants())
          .add(new FuseChannelNorm())
          .add(new SinkTransposes())
          .add(new MergeConstants())
          .add(new GatherPositions())
          .add(new SliceParts())
          .add(new FuseSpaceToDepth())
          .add(new MergeSlices())
          .add(new MergeShuffles())
          .add(new MoveShuffles())
          .add(new FuseMatMulScale())
          .add(new FuseConvScale())
          .add(new FuseConvBias())
          .add(new FuseConvActivation())
          .build();

  @Override
  public String name() {
    return "simplify-layout";
  }

  @Override
  public ImmutableList<Rule> rules() {
    return RULES;
  }

  @Override
  public Graph run(Graph graph, PassContext context) {
    return new RewriteDriver(RULES).run(graph, context);
  }
}
