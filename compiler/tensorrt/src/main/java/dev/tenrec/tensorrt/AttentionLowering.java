package dev.tenrec.tensorrt;

import dev.tenrec.ir.Attention;
import dev.tenrec.ir.Attention.CausalMask;
import dev.tenrec.ir.Attention.RotaryEmbedding;
import dev.tenrec.ir.Attention.ScaledDotProduct;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.tensorrt.layer.AttentionLayer;
import dev.tenrec.tensorrt.layer.AttentionLayer.CausalMaskKind;
import dev.tenrec.tensorrt.layer.NetworkTensor;
import dev.tenrec.tensorrt.layer.PointwiseLayer.ElementWiseOperation;
import dev.tenrec.tensorrt.layer.ReductionLayer.ReduceOperation;
import java.util.List;
import java.util.Optional;

/** Lowers {@link Attention} that has a layer of its own; all other is decomposed before. */
final class AttentionLowering {
  private AttentionLowering() {}

  static NetworkTensor lower(Attention op, Scope in) {
    return switch (op) {
      case ScaledDotProduct attention -> attend(attention, in);
      case RotaryEmbedding rotary ->
          in.add(
              new AttentionLayer.RotaryEmbedding(
                  in.of(rotary.x()),
                  table(rotary.cos(), in),
                  table(rotary.sin(), in),
                  rotary.interleaved(),
                  Math.toIntExact(2 * rotary.pairs())));
    };
  }

  private static NetworkTensor table(Value table, Scope in) {
    return in.squeeze(in.of(table), List.of(1));
  }

  /** The layer has no scale, and says nothing of queries without keys. */
  private static NetworkTensor attend(ScaledDotProduct op, Scope in) {
    NetworkTensor queries = in.of(op.queries());
    double scale = op.scoring().scale();
    NetworkTensor scaled = scale == 1 ? queries : in.product(queries, in.like(queries, scale));
    Optional<NetworkTensor> mask = op.mask().map(given -> in.aligned(given, 4));
    NetworkTensor result =
        in.add(
            new AttentionLayer.Attention(
                scaled, in.of(op.keys()), in.of(op.values()), mask, causal(op.scoring().causal())));
    return mask.map(keys -> in.select(hasKeys(keys, in), result, in.like(result, 0)))
        .orElse(result);
  }

  private static NetworkTensor hasKeys(NetworkTensor mask, Scope in) {
    NetworkTensor numbers = in.cast(mask, ElementType.FLOAT32);
    NetworkTensor most = in.reduce(ReduceOperation.MAX, numbers, List.of(3), true);
    return in.binary(ElementWiseOperation.GREATER, most, in.like(most, 0));
  }

  private static CausalMaskKind causal(CausalMask mask) {
    return switch (mask) {
      case NONE -> CausalMaskKind.NONE;
      case UPPER_LEFT -> CausalMaskKind.UPPER_LEFT;
      case LOWER_RIGHT -> CausalMaskKind.LOWER_RIGHT;
    };
  }
}
