package dev.tenrec.onnx;

import dev.tenrec.ir.Graph;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.onnx.SampleGraphs.Sample;
import java.util.List;
import java.util.stream.Stream;

/** Small graphs with attention. */
final class AttentionSamples {
  private AttentionSamples() {}

  static List<Sample> all() {
    return Stream.of(
            "ScaledDotProduct<scale=0.5>(x, x, x)",
            "ScaledDotProduct<soft_cap=2.0, causal=upper_left>(x, x, x)",
            "ScaledDotProduct<causal=lower_right>(x, shared, shared)",
            "ScaledDotProduct(x, x, x, mask)",
            "RotaryEmbedding(x, cos, cos)",
            "RotaryEmbedding<interleaved=true>(x, part, part)")
        .map(operation -> new Sample(operation, graph(operation)))
        .toList();
  }

  private static Graph graph(String operation) {
    return GraphParser.parse(
        """
        g (float[N,4,L,4] x, float[N,2,L,4] shared, bool[L,L] mask, float[L,2] cos) => (float[N,4,L,4] y) {
          part = Constant<value=float[1] {0.5}>()
          y = %s
        }
        """
            .formatted(operation));
  }
}
