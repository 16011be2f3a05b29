package dev.tenrec.compiler.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import dev.tenrec.ir.Attention;
import dev.tenrec.ir.ControlFlow;
import dev.tenrec.ir.Convolution.Conv;
import dev.tenrec.ir.Elementwise.Activation;
import dev.tenrec.ir.Elementwise.Unary;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Normalization;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.testing.SharedData;
import dev.tenrec.onnx.OnnxImporter;
import dev.tenrec.passes.Pipeline;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * How many operations of each kind are recognized in each model. A softmax or an error function
 * that is left would be attention or GELU that is not.
 */
class RecognitionTest {
  private static final String EXPECTED =
      """
      hf_albert__dy GELU_TANH=2, LayerNorm=5, ScaledDotProduct=2
      hf_albert__ts GELU_TANH=2, LayerNorm=5, ScaledDotProduct=2
      hf_bert__dy GELU_ERF=2, LayerNorm=5, ScaledDotProduct=2
      hf_bert__ts GELU_ERF=2, LayerNorm=5, ScaledDotProduct=2
      hf_bloom__dy GELU_TANH=2, LayerNorm=6, ScaledDotProduct=2
      hf_bloom__ts GELU_TANH=2, LayerNorm=6, ScaledDotProduct=2
      hf_clip__ts LayerNorm=11, SWISH=4, ScaledDotProduct=4
      hf_clip_vision__dy LayerNorm=5, SWISH=2, ScaledDotProduct=2
      hf_clip_vision__ts LayerNorm=5, SWISH=2, ScaledDotProduct=2
      hf_convnextv2__dy ChannelNorm=4, GELU_ERF=5, LayerNorm=6
      hf_convnextv2__ts ChannelNorm=4, GELU_ERF=5, LayerNorm=6
      hf_deit__dy GELU_ERF=2, LayerNorm=5, ScaledDotProduct=2
      hf_deit__ts GELU_ERF=2, LayerNorm=5, ScaledDotProduct=2
      hf_dinov2__dy GELU_ERF=2, LayerNorm=5, ScaledDotProduct=2
      hf_dinov2__ts GELU_ERF=2, LayerNorm=5, ScaledDotProduct=2
      hf_distilbert__ts GELU_ERF=2, LayerNorm=5, ScaledDotProduct=2
      hf_gemma2__dy GELU_TANH=2, RmsNorm=9, RotaryEmbedding=4, ScaledDotProduct=2, TANH=1
      hf_gemma2__ts GELU_TANH=2, RmsNorm=9, RotaryEmbedding=4, ScaledDotProduct=2, TANH=1
      hf_gemma__dy GELU_TANH=2, RmsNorm=5, RotaryEmbedding=4, ScaledDotProduct=2
      hf_gemma__ts GELU_TANH=2, RmsNorm=5, RotaryEmbedding=4, ScaledDotProduct=2
      hf_gpt2__ts GELU_TANH=2, LayerNorm=5, ScaledDotProduct=2
      hf_gptneox__dy GELU_ERF=2, LayerNorm=3, RotaryEmbedding=4, ScaledDotProduct=2
      hf_gptneox__ts GELU_ERF=2, LayerNorm=3, RotaryEmbedding=4, ScaledDotProduct=2
      hf_llama3_rope__dy RmsNorm=5, RotaryEmbedding=4, SWISH=2, ScaledDotProduct=2
      hf_llama3_rope__ts RmsNorm=5, RotaryEmbedding=4, SWISH=2, ScaledDotProduct=2
      hf_llama__ts RmsNorm=5, RotaryEmbedding=4, SWISH=2, ScaledDotProduct=2
      hf_mistral__ts RmsNorm=5, RotaryEmbedding=4, SWISH=2, ScaledDotProduct=2
      hf_mpt__dy GELU_ERF=2, LayerNorm=5, ScaledDotProduct=2
      hf_nomic_like_gqa_encoder__ts RmsNorm=9, RotaryEmbedding=4, SWISH=2, ScaledDotProduct=2
      hf_phi__dy GELU_TANH=2, LayerNorm=3, RotaryEmbedding=4, ScaledDotProduct=2
      hf_phi__ts GELU_TANH=2, LayerNorm=3, RotaryEmbedding=4, ScaledDotProduct=2
      hf_qwen2__ts RmsNorm=5, RotaryEmbedding=4, SWISH=2, ScaledDotProduct=2
      hf_roberta__dy GELU_ERF=2, LayerNorm=5, ScaledDotProduct=2
      hf_roberta__ts GELU_ERF=2, LayerNorm=5, ScaledDotProduct=2
      hf_stablelm__dy LayerNorm=5, RotaryEmbedding=4, SWISH=2, ScaledDotProduct=2
      hf_stablelm__ts LayerNorm=5, RotaryEmbedding=4, SWISH=2, ScaledDotProduct=2
      hf_t5__dy RELU=4, RmsNorm=12, ScaledDotProduct=6
      hf_t5__ts RELU=4, RmsNorm=12, ScaledDotProduct=6
      hf_vit__ts GELU_ERF=2, LayerNorm=5, ScaledDotProduct=2
      hf_wav2vec2__ts GELU_ERF=6, GroupNorm=1, LayerNorm=6, ScaledDotProduct=2
      hf_xlmr__dy GELU_ERF=2, LayerNorm=5, ScaledDotProduct=2
      hfkv_gpt2__dy GELU_TANH=2, LayerNorm=5, ScaledDotProduct=2
      hfkv_gpt2__ts GELU_TANH=2, LayerNorm=5, ScaledDotProduct=2
      hfkv_llama__ts RmsNorm=5, RotaryEmbedding=4, SWISH=2, ScaledDotProduct=2
      op_conv1d_wavenet__dy SIGMOID=3, TANH=3
      op_conv1d_wavenet__ts SIGMOID=3, TANH=3
      op_conv3d__ts RELU=1
      op_gru__dy SIGMOID=2, TANH=1
      op_gru__ts SIGMOID=2, TANH=1
      op_instance_pixelshuffle__dy GroupNorm=1, LEAKY_RELU=1
      timm_lcnet_035__dy HARD_SIGMOID=2, HARD_SWISH=28, RELU=2
      timm_lcnet_035__ts HARD_SIGMOID=2, HARD_SWISH=28, RELU=2
      timm_test_convnext2__dy ChannelNorm=4, GELU_TANH=4, LayerNorm=5
      timm_test_convnext2__ts ChannelNorm=4, GELU_TANH=4, LayerNorm=5
      timm_test_convnext__dy ChannelNorm=4, GELU_TANH=9, LayerNorm=10
      timm_test_convnext__ts ChannelNorm=4, GELU_TANH=9, LayerNorm=10
      timm_test_efficientnet__ts SIGMOID=2, SWISH=11
      timm_test_efficientnet_ln__dy ChannelNorm=13, SIGMOID=2, SWISH=11
      timm_test_mambaout__dy GELU_ERF=1, LayerNorm=11, SWISH=7
      timm_test_mambaout__ts GELU_ERF=1, LayerNorm=11, SWISH=7
      timm_test_resnet__dy RELU=12
      timm_test_resnet__ts RELU=12
      timm_test_vit__dy GELU_ERF=6, LayerNorm=13, ScaledDotProduct=6
      tv_shufflenet__dy RELU=37
      tv_shufflenet__ts RELU=37
      tv_swin__dy GELU_ERF=4, LayerNorm=11, ScaledDotProduct=4
      tv_swin__ts GELU_ERF=4, LayerNorm=11, ScaledDotProduct=4
      """;

  @Test
  void everyAttentionNormAndActivationIsRecognized() throws Exception {
    Map<String, String> found = new TreeMap<>();
    for (BackendCase model : BackendCase.find(List.of(SharedData.unpacked("zoo")))) {
      Map<String, Integer> counts = new TreeMap<>();
      count(Pipeline.standard().run(OnnxImporter.read(model.model())), counts);
      if (!counts.isEmpty()) {
        found.put(model.name(), counts.toString().replaceAll("[{}]", ""));
      }
    }
    Map<String, String> expected = new TreeMap<>();
    for (String line : Splitter.on('\n').omitEmptyStrings().split(EXPECTED)) {
      expected.put(line.substring(0, line.indexOf(' ')), line.substring(line.indexOf(' ') + 1));
    }
    assertThat(found).containsExactlyInAnyOrderEntriesOf(expected);
  }

  private static void count(Graph graph, Map<String, Integer> counts) {
    for (Node node : graph.nodes()) {
      String kind = kind(node.op());
      if (!kind.isEmpty()) {
        counts.merge(kind, 1, Integer::sum);
      }
      if (node.op() instanceof ControlFlow flow) {
        flow.bodies().forEach(body -> count(body, counts));
      }
    }
  }

  private static String kind(Op op) {
    return switch (op) {
      case Attention attention -> attention.getClass().getSimpleName();
      case Normalization normalization -> normalization.getClass().getSimpleName();
      case Activation activation -> activation.kind().name();
      case Conv conv -> conv.activation().map(function -> function.kind().name()).orElse("");
      case Unary unary -> unary.kind() == UnaryKind.ERF ? "ERF" : "";
      default -> "";
    };
  }
}
