package dev.tenrec.tensorrt;

import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.runtime.bindings.TensorRtVersion;
import dev.tenrec.tensorrt.layer.AttentionLayer;
import dev.tenrec.tensorrt.layer.NetworkTensor;
import java.util.List;

/** What TensorRT's documentation says about {@link AttentionLayer}. */
final class AttentionRules {
  private AttentionRules() {}

  static void check(AttentionLayer layer, TensorRtVersion version) {
    LayerRules.require(
        Capabilities.of(version).attentionLayers(), "TensorRT %s has no attention", version);
    switch (layer) {
      case AttentionLayer.Attention(var q, var k, var v, var mask, var causal) -> {
        alike(List.of(q, k, v));
        LayerRules.require(k.dims().equals(v.dims()), "keys and values differ in their sizes");
        LayerRules.require(
            mask.isEmpty() || causal == AttentionLayer.CausalMaskKind.NONE,
            "causal attention takes no mask");
        mask.ifPresent(m ->
            LayerRules.require(
                m.elementType() == ElementType.BOOL && m.rank() == 4,
                "a mask is not boolean of rank 4"));
      }
      case AttentionLayer.RotaryEmbedding(var x, var cos, var sin, _, _) -> {
        alike(List.of(x));
        LayerRules.require(
            cos.rank() == 3 && sin.rank() == 3, "tables of angles are not of rank 3");
        LayerRules.require(
            cos.elementType() == x.elementType() && sin.elementType() == x.elementType(),
            "tables of angles have another element type");
      }
    }
  }

  private static void alike(List<NetworkTensor> operands) {
    for (NetworkTensor operand : operands) {
      LayerRules.require(operand.rank() == 4, "attention has an operand of another rank than 4");
      LayerRules.require(
          operand.elementType() == operands.getFirst().elementType()
              && operand.elementType().isFloating(),
          "operands of attention have other element types");
    }
  }
}
