package dev.tenrec.compiler.bench;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tenrec.compiler.Bundle;
import dev.tenrec.compiler.Compiler;
import dev.tenrec.compiler.Precision;
import dev.tenrec.compiler.PrecisionSettings;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.onnx.OnnxImporter;
import dev.tenrec.runtime.Engine;
import dev.tenrec.tensorrt.BuildOptions;
import dev.tenrec.tensorrt.EngineBuilder;
import dev.tenrec.tensorrt.ReferenceParser;
import dev.tenrec.tensorrt.ShapeProfile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The engines that are made of a file.
 *
 * @param precision what a model is compiled for, given the model before any pass
 * @param others precisions for which the same model is compiled too, without calibration
 * @param reference whether NVIDIA's parser makes an engine of the same model
 * @param optimizationLevel how long TensorRT searches for all of them, 0 to 5; if empty, as long as
 *     {@link EngineBuilder} thinks for ours, and by its own default for the reference
 * @param builds how often each is built; the median of the times counts
 * @param notes takes a line about an engine that NVIDIA's parser or TensorRT could not make of it
 */
public record Contenders(
    Function<Graph, PrecisionSettings> precision,
    ImmutableList<Precision> others,
    boolean reference,
    OptionalInt optimizationLevel,
    int builds,
    Consumer<String> notes) {
  private static final String REFERENCE = "nvonnxparser";
  private static final String PLAN = ".plan";

  /** With at least one build of each. */
  public Contenders {
    if (builds < 1) {
      throw new TenrecException(ErrorCode.INVALID_ARGUMENT, "%d builds".formatted(builds));
    }
  }

  /** Adds the engines of a file to a list, of which those that could be made are to be closed. */
  void open(Path path, Optional<Long> batch, ShapeProfile shapes, List<Contender> engines) {
    if (Files.isDirectory(path)) {
      Bundle bundle = Bundle.open(path);
      Path plan = bundle.plan().orElseThrow(() -> withoutEngine(path));
      Graph graph = OnnxImporter.read(bundle.model());
      Signature signature = Signature.of(graph);
      ShapeProfile profile = BenchmarkInputs.sizes(signature, shapes, batch);
      engines.add(loaded(Engine.load(plan, signature), BenchmarkInputs.of(graph, profile)));
    } else if (String.valueOf(path.getFileName()).endsWith(PLAN)) {
      Engine engine = Engine.load(path);
      ShapeProfile profile = BenchmarkInputs.sizes(engine.signature(), shapes, batch);
      engines.add(loaded(engine, BenchmarkInputs.of(engine.signature(), profile)));
    } else {
      build(path, batch, shapes, engines);
    }
  }

  private static TenrecException withoutEngine(Path folder) {
    return new TenrecException(
            ErrorCode.INVALID_ARGUMENT, "the bundle %s holds no engine".formatted(folder))
        .advise("compile the model again on a machine with a GPU, without --no-engine");
  }

  private static Contender loaded(Engine engine, ImmutableMap<String, Tensor> inputs) {
    return new Contender("plan", null, engine, inputs);
  }

  private void build(
      Path model, Optional<Long> batch, ShapeProfile shapes, List<Contender> engines) {
    Graph imported = OnnxImporter.read(model);
    Signature signature = Signature.of(imported);
    ShapeProfile profile = BenchmarkInputs.sizes(signature, shapes, batch);
    BuildOptions options = BuildOptions.of(profile).withOptimizationLevel(optimizationLevel);
    ImmutableMap<String, Tensor> inputs = BenchmarkInputs.of(imported, profile);
    PrecisionSettings settings = precision.apply(imported);
    List<Construction> ways = new ArrayList<>();
    ways.add(compilation("tenrec", model, settings, options));
    for (Precision other : others) {
      ways.add(compilation("tenrec " + other, model, PrecisionSettings.of(other), options));
    }
    if (reference) {
      ways.add(new Construction(REFERENCE, () -> ReferenceParser.build(model, imported, options)));
    }
    // What is loaded once in a process must not count for who comes first.
    EngineBuilder.warmUp();
    for (int round = 1; round < builds; round++) {
      ways.removeIf(way -> !possible(way, model, way::rehearse));
    }
    for (Construction way : ways) {
      possible(way, model, () -> engines.add(way.perform(signature, inputs)));
    }
  }

  private static Construction compilation(
      String name, Path model, PrecisionSettings settings, BuildOptions options) {
    return new Construction(
        name, () -> EngineBuilder.build(Compiler.optimize(model, settings), options));
  }

  /** Whether an engine can be made. That NVIDIA's parser cannot is a result, too. */
  private boolean possible(Construction way, Path model, Runnable build) {
    try {
      build.run();
      return true;
    } catch (TenrecException e) {
      if (!way.name().equals(REFERENCE)) {
        throw e;
      }
      notes.accept("%s: %s: %s".formatted(model, REFERENCE, e.getMessage()));
      return false;
    }
  }
}
