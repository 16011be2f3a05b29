package dev.tenrec.passes.fuse;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.passes.Pass;
import dev.tenrec.passes.PassContext;
import dev.tenrec.passes.PassOptions;
import dev.tenrec.passes.rewrite.Fusion;
import dev.tenrec.passes.rewrite.RewriteDriver;
import dev.tenrec.passes.rewrite.Rule;
import java.util.stream.Collectors;

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
          new FuseMatMulScale(),
          new FuseLayerNorm(),
          new FuseRmsNorm(),
          new FuseNormScale(),
          new FuseNormBias(),
          new FuseChannelNorm(),
          new FuseGroupNorm(),
          new FuseChannelAffine(),
          new FuseGelu(),
          new FuseTanhGelu(),
          new FuseHardSigmoid(),
          new FuseHardSwish(),
          new FuseMish(),
          new FuseSilu(),
          new FuseRotaryHalves(),
          new FuseRotaryNeighbours(),
          new FusePartialRotary(),
          new FuseAttention(),
          new FuseAttentionScale(),
          new FuseCausalMask(),
          new FuseSharedHeads());

  /** All fusions that Tenrec knows. */
  public FuseOperations() {
    this(ALL);
  }

  @Override
  public String name() {
    return "fuse";
  }

  @Override
  public ImmutableMap<String, String> options() {
    return fusions.equals(ALL)
        ? ImmutableMap.of()
        : ImmutableMap.of(
            "only",
            fusions.stream().map(FuseOperations::shortName).collect(Collectors.joining("|")));
  }

  /** With {@code only=gelu|silu}: these fusions alone, in this order. */
  @Override
  public FuseOperations with(PassOptions options) {
    return options
        .text("only")
        .map(only ->
            new FuseOperations(
                Splitter.on('|')
                    .trimResults()
                    .omitEmptyStrings()
                    .splitToStream(only)
                    .map(FuseOperations::fusion)
                    .collect(ImmutableList.toImmutableList())))
        .orElse(this);
  }

  private static Fusion fusion(String name) {
    return ALL.stream()
        .filter(fusion -> fusion.name().equals(name) || shortName(fusion).equals(name))
        .findFirst()
        .orElseThrow(() ->
            new TenrecException(
                    ErrorCode.INVALID_ARGUMENT, "there is no fusion '%s'".formatted(name))
                .advise(
                    ALL.stream()
                        .map(FuseOperations::shortName)
                        .sorted()
                        .collect(Collectors.joining(", ", "the fusions are ", ""))));
  }

  private static String shortName(Fusion fusion) {
    return fusion.name().replaceFirst("^fuse-", "");
  }

  @Override
  public ImmutableList<Rule> rules() {
    return ImmutableList.copyOf(fusions);
  }

  @Override
  public Graph run(Graph graph, PassContext context) {
    return new RewriteDriver(rules()).run(graph, context);
  }
}
