package dev.tenrec.compiler;

import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.onnx.OnnxImporter;
import java.nio.file.Path;
import java.util.Optional;

/** Compiles models: import, passes, and a TensorRT engine where there is a GPU. */
public final class Compiler {
  private Compiler() {}

  /** The graph of an ONNX file after all passes for a precision. */
  public static Graph optimize(Path model, PrecisionSettings precision) {
    return precision.pipeline().run(OnnxImporter.read(model));
  }

  /**
   * A bundle, and why it holds no engine if it holds none.
   *
   * @param withoutEngine the reason, in words
   * @param slower what half precision takes, in words, if that is less
   */
  public record Result(Bundle bundle, Optional<String> withoutEngine, Optional<String> slower) {}

  /**
   * Writes a bundle. Where TensorRT or a GPU is missing it holds no engine.
   *
   * @param folder where to; replaced if it is a bundle
   * @throws TenrecException and leaves nothing behind if anything fails
   */
  public static Result compile(Path model, Path folder, CompileOptions options) {
    Bundle.requireReplaceable(folder);
    Graph imported = OnnxImporter.read(model);
    options.shapes().requireFits(Signature.of(imported));
    return new Compilation(model, folder, options, imported, Engines.TENSORRT).run();
  }
}
