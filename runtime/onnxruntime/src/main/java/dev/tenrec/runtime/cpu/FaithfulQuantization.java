package dev.tenrec.runtime.cpu;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import dev.tenrec.ir.ControlFlow;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Quantization.Quantize;
import dev.tenrec.ir.tensor.ElementType;

/** Lets ONNX Runtime compute what quantization says, not what it believes to be the same. */
final class FaithfulQuantization {
  private FaithfulQuantization() {}

  /**
   * Turns off what changes results: kernels on integers, which round otherwise and saturate on some
   * processors; and for types that it does not expect, the optimizations that take Relu and Clip
   * for what quantization does anyway.
   */
  static void configure(SessionOptions options, Graph graph) throws OrtException {
    options.addConfigEntry("session.disable_quant_qdq", "1");
    if (quantizesUnexpectedly(graph)) {
      options.setOptimizationLevel(OptLevel.BASIC_OPT);
    }
  }

  private static boolean quantizesUnexpectedly(Graph graph) {
    return graph.nodes().stream().anyMatch(node -> quantizesUnexpectedly(node.op()));
  }

  private static boolean quantizesUnexpectedly(Op op) {
    return switch (op) {
      case Quantize quantize ->
          quantize.to() != ElementType.INT8 && quantize.to() != ElementType.UINT8;
      case ControlFlow flow ->
          flow.bodies().stream().anyMatch(FaithfulQuantization::quantizesUnexpectedly);
      default -> false;
    };
  }
}
