package dev.tenrec.compiler.bench;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.compiler.Bundle;
import dev.tenrec.compiler.Compiler;
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
import dev.tenrec.tensorrt.Plan;
import dev.tenrec.tensorrt.ReferenceParser;
import dev.tenrec.tensorrt.ShapeProfile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The engines that are made of a file.
 *
 * @param precision what a model is compiled for
 * @param reference whether NVIDIA's parser makes an engine of the same model
 * @param optimizationLevel how long TensorRT searches for all of them, 0 to 5
 * @param notes takes a line about an engine that NVIDIA's parser or TensorRT could not make of it
 */
public record Contenders(
    PrecisionSettings precision, boolean reference, int optimizationLevel, Consumer<String> notes) {
  private static final String REFERENCE = "nvonnxparser";
  private static final String PLAN = ".plan";
  private static final double NANOSECONDS = 1e9;

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
    // What is loaded once in a process must not count for who comes first.
    EngineBuilder.warmUp();
    engines.add(
        built(
            "tenrec",
            inputs,
            signature,
            () -> EngineBuilder.build(Compiler.optimize(model, precision), options)));
    if (reference) {
      try {
        engines.add(
            built(
                REFERENCE,
                inputs,
                signature,
                () -> ReferenceParser.build(model, imported, options)));
      } catch (TenrecException e) {
        // What the other one cannot do is a result, too.
        notes.accept("%s: %s: %s".formatted(model, REFERENCE, e.getMessage()));
      }
    }
  }

  private static Contender built(
      String name, ImmutableMap<String, Tensor> inputs, Signature signature, Supplier<Plan> build) {
    long begin = System.nanoTime();
    try (Plan plan = build.get()) {
      double seconds = (System.nanoTime() - begin) / NANOSECONDS;
      return new Contender(
          name,
          new Measurement.Build(seconds, plan.networkLayers()),
          Engine.of(plan.bytes(), signature),
          inputs);
    }
  }
}
