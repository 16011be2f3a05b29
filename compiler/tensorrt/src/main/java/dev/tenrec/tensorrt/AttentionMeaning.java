package dev.tenrec.tensorrt;

import dev.tenrec.ir.Attention;
import dev.tenrec.ir.Attention.RotaryEmbedding;
import dev.tenrec.ir.Attention.ScaledDotProduct;
import dev.tenrec.ir.Attention.Scoring;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.tensorrt.layer.AttentionLayer;

/** What {@link AttentionLayer} computes. */
final class AttentionMeaning {
  private AttentionMeaning() {}

  static Value of(AttentionLayer layer, Meaning in) {
    return switch (layer) {
      case AttentionLayer.Attention(var q, var k, var v, var mask, var causal) -> {
        Scoring scoring =
            new Scoring(
                1,
                0,
                switch (causal) {
                  case NONE -> Attention.CausalMask.NONE;
                  case UPPER_LEFT -> Attention.CausalMask.UPPER_LEFT;
                  case LOWER_RIGHT -> Attention.CausalMask.LOWER_RIGHT;
                });
        yield new ScaledDotProduct(
                in.value(q), in.value(k), in.value(v), mask.map(in::value), scoring)
            .value();
      }
      case AttentionLayer.RotaryEmbedding(var x, var cos, var sin, boolean interleaved, _) ->
          new RotaryEmbedding(
                  in.value(x), perHead(in.value(cos)), perHead(in.value(sin)), interleaved)
              .value();
    };
  }

  private static Value perHead(Value table) {
    return Terms.unsqueeze(table, 1);
  }
}
