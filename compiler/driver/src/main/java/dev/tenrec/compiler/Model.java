package dev.tenrec.compiler;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.Executable;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.FileErrors;
import dev.tenrec.ir.diagnostic.Location;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.onnx.OnnxImporter;
import dev.tenrec.runtime.Engine;
import dev.tenrec.tensorrt.BuildOptions;
import dev.tenrec.tensorrt.ShapeProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Something that can be run: a model as it was imported, or a bundle that was compiled.
 *
 * @param graph what it computes
 * @param bundle the bundle that it comes from
 */
public record Model(Graph graph, Optional<Bundle> bundle) {
  private static final String TEXT = ".txt";

  /**
   * Reads an ONNX file, a folder that {@link Compiler#compile} made, or a graph in the textual form
   * in a file whose name ends in {@code .txt}.
   */
  public static Model read(Path path) {
    if (Files.isDirectory(path)) {
      Bundle bundle = Bundle.open(path);
      return new Model(OnnxImporter.read(bundle.model()), Optional.of(bundle));
    }
    Graph graph = path.toString().endsWith(TEXT) ? parse(path) : OnnxImporter.read(path);
    return new Model(graph, Optional.empty());
  }

  private static Graph parse(Path file) {
    try {
      return GraphParser.parse(Files.readString(file));
    } catch (TenrecException e) {
      throw e.at(new Location.Synthetic(file.toString()));
    } catch (IOException e) {
      throw FileErrors.reading(file, e);
    }
  }

  public Signature signature() {
    return Signature.of(graph);
  }

  /**
   * Makes the model ready to run. A bundle runs as it was compiled; a model goes through the passes
   * first.
   *
   * @param precision for a model; a bundle has its own
   * @param allowNarrowing whether TensorRT may compute in types that do not hold all numbers of the
   *     model's; an engine of a bundle was built as it was compiled
   * @param examples inputs of the shapes that will occur, for which an engine is built
   */
  public Executable open(
      Backend backend,
      PrecisionSettings precision,
      boolean allowNarrowing,
      List<ImmutableMap<String, Tensor>> examples) {
    ShapeProfile shapes = ShapeProfile.covering(signature(), examples);
    if (backend == Backend.TENSORRT) {
      return engine(precision, BuildOptions.of(shapes).withNarrowing(allowNarrowing));
    }
    Graph optimized = bundle.isPresent() ? graph : precision.pipeline().run(graph);
    return backend.open(optimized, shapes, allowNarrowing);
  }

  /**
   * The engine of a bundle, or a new one of a model.
   *
   * @param precision for a model; a bundle has its own
   * @param options for a model; the engine of a bundle was built as it was compiled
   */
  public Engine engine(PrecisionSettings precision, BuildOptions options) {
    if (bundle.isEmpty()) {
      return Backend.engine(precision.pipeline().run(graph), options);
    }
    Path plan =
        bundle
            .get()
            .plan()
            .orElseThrow(() ->
                new TenrecException(ErrorCode.INVALID_ARGUMENT, "the bundle holds no engine")
                    .advise(
                        "compile the model again on a machine with a GPU, without --no-engine"));
    return Engine.load(plan, signature());
  }
}
