package dev.tenrec.onnx;

import java.util.List;

/** Operators that have no meaning in a compiled network, with what to do instead. */
final class RefusedImport {
  private RefusedImport() {}

  static void register(OperatorTable on) {
    for (String name :
        List.of("StringConcat", "StringNormalizer", "StringSplit", "RegexFullMatch")) {
      on.unsupported(
          name, "tensors of strings are not supported", "prepare texts before the model runs");
    }
    on.unsupported(
        "ImageDecoder",
        "encoded images are not supported",
        "decode images before the model runs, and give it their pixels");
    for (String name :
        List.of(
            "Bernoulli",
            "Multinomial",
            "RandomNormal",
            "RandomNormalLike",
            "RandomUniform",
            "RandomUniformLike")) {
      on.unsupported(
          name,
          "random numbers are not supported: an engine has no seed, so no run could be repeated",
          "make the random numbers an input of the model");
    }
  }

  /** What ONNX Runtime adds and cannot be expressed without its way of running models. */
  static void registerMicrosoft(OperatorTable on) {
    for (String name : List.of("DecoderMaskedMultiHeadAttention", "GroupQueryAttention")) {
      on.unsupported(
          name,
          "a cache that is shared between steps and written in place is not supported",
          "give the model to Tenrec as it was exported, with past keys and values of their own"
              + " size");
    }
    for (String name : List.of("BeamSearch", "GreedySearch", "Sampling")) {
      on.unsupported(
          name,
          "generation as a part of the model is not supported",
          "compile the model of one step, and generate outside of it");
    }
  }
}
