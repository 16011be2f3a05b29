package dev.tenrec.compiler;

import com.google.common.collect.ImmutableSet;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import dev.tenrec.compiler.data.AtomicOutput;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.FileErrors;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.onnx.OnnxExporter;
import dev.tenrec.tensorrt.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A folder with the optimized model, an engine where one was built, and a manifest.
 *
 * <p>The model is ONNX, so that it also runs where there is no GPU; the engine is TensorRT's plan,
 * byte for byte.
 */
public record Bundle(Path folder, Manifest manifest) {
  static final String MANIFEST = "manifest.json";
  static final String MODEL = "model.onnx";
  static final String PLAN = "model.plan";
  private static final ImmutableSet<String> FILES =
      ImmutableSet.of(MANIFEST, MODEL, MODEL + ".data", PLAN);

  /** Whether a folder is a bundle. */
  public static boolean isAt(Path folder) {
    return Files.exists(folder.resolve(MANIFEST));
  }

  /**
   * Opens a folder.
   *
   * @throws TenrecException if it is not a bundle
   */
  public static Bundle open(Path folder) {
    if (!isAt(folder)) {
      throw new TenrecException(
              ErrorCode.INVALID_ARGUMENT,
              "%s is not a bundle: it has no %s".formatted(folder, MANIFEST))
          .advise("give an ONNX file, or a folder that 'tenrec compile' made");
    }
    return new Bundle(folder, Manifest.read(folder.resolve(MANIFEST)));
  }

  /**
   * Checks that a bundle may be written, before there is one.
   *
   * @throws TenrecException if something else is there
   */
  static void requireReplaceable(Path folder) {
    AtomicOutput.requireReplaceable(folder, Bundle::isNothingElse);
  }

  /** Writes a folder without an engine; it appears only when it is complete. */
  static Bundle write(Path folder, Graph graph, Manifest manifest) {
    AtomicOutput.folder(
        folder, Bundle::isNothingElse, temporary -> writeModel(temporary, graph, manifest));
    return open(folder);
  }

  /** Writes a folder with an engine; it appears only when it is complete. */
  static Bundle write(Path folder, Graph graph, Manifest manifest, Plan plan) {
    AtomicOutput.folder(
        folder,
        Bundle::isNothingElse,
        temporary -> {
          Path file = temporary.resolve(PLAN);
          plan.write(file);
          Manifest.Engine engine =
              new Manifest.Engine(PLAN, sha256(file), plan.tensorrt(), plan.gpu());
          writeModel(temporary, graph, manifest.with(engine));
        });
    return open(folder);
  }

  /** Whether a folder is a bundle and holds no file of anyone else. */
  private static boolean isNothingElse(Path folder) {
    try (Stream<Path> content = Files.list(folder)) {
      return content.map(file -> String.valueOf(file.getFileName())).allMatch(FILES::contains)
          && Manifest.read(folder.resolve(MANIFEST)).format() == Manifest.FORMAT;
    } catch (IOException | TenrecException _) {
      return false;
    }
  }

  private static void writeModel(Path folder, Graph graph, Manifest manifest) throws IOException {
    OnnxExporter.write(graph, folder.resolve(MODEL));
    Files.writeString(folder.resolve(MANIFEST), manifest.json());
  }

  public Path model() {
    return folder.resolve(MODEL);
  }

  /** TensorRT's plan, if the bundle has one. */
  public Optional<Path> plan() {
    return Optional.ofNullable(manifest.engine()).map(engine -> folder.resolve(engine.file()));
  }

  static String sha256(Path file) {
    try {
      return MoreFiles.asByteSource(file).hash(Hashing.sha256()).toString();
    } catch (IOException e) {
      throw FileErrors.reading(file, e);
    }
  }
}
