package dev.tenrec.compiler;

import dev.tenrec.compiler.accuracy.EngineLayers;
import dev.tenrec.compiler.accuracy.RecordPrecision;
import dev.tenrec.compiler.report.CompileReport;
import dev.tenrec.compiler.report.NetworkListing;
import dev.tenrec.compiler.report.RecordPasses;
import dev.tenrec.compiler.report.ReportPage;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.onnx.OnnxImporter;
import dev.tenrec.passes.PassContext;
import dev.tenrec.passes.Pipeline;
import dev.tenrec.runtime.Engine;
import dev.tenrec.runtime.bindings.TensorRt;
import dev.tenrec.runtime.bindings.TensorRtVersion;
import dev.tenrec.tensorrt.BuildOptions;
import dev.tenrec.tensorrt.EngineBuilder;
import dev.tenrec.tensorrt.Plan;
import dev.tenrec.tensorrt.legalize.Legalization;
import java.nio.file.Path;
import java.util.Locale;
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
   */
  public record Result(Bundle bundle, Optional<String> withoutEngine) {}

  /**
   * Writes a bundle. Where TensorRT or a GPU is missing it holds no engine.
   *
   * @param folder where to; replaced if it is a bundle
   * @throws TenrecException and leaves nothing behind if anything fails
   */
  public static Result compile(Path model, Path folder, CompileOptions options) {
    Graph imported = OnnxImporter.read(model);
    RecordPrecision precision = new RecordPrecision();
    Graph graph = optimize(model, options, imported, precision);
    Manifest manifest = manifest(model, options, imported, graph);
    if (!options.engine()) {
      options.demands().check(precision.report());
      return new Result(Bundle.write(folder, graph, manifest), Optional.of("none was asked for"));
    }
    BuildOptions build =
        BuildOptions.of(options.shapes())
            .withNarrowing(options.allowNarrowing())
            .withDetails(!options.demands().isNone());
    try (Plan plan = EngineBuilder.build(graph, build)) {
      if (build.details()) {
        options.demands().check(precision.report().achieved(layers(plan, graph)));
      }
      return new Result(Bundle.write(folder, graph, manifest, plan), Optional.empty());
    } catch (TenrecException e) {
      if (e.code() != ErrorCode.BACKEND_UNAVAILABLE) {
        throw e;
      }
      options.demands().check(precision.report());
      return new Result(Bundle.write(folder, graph, manifest), Optional.of(e.getMessage()));
    }
  }

  private static EngineLayers layers(Plan plan, Graph graph) {
    try (Engine engine = Engine.of(plan.bytes(), Signature.of(graph))) {
      return EngineLayers.parse(engine.stepDetails());
    }
  }

  /** Runs the passes, watched if a report is wanted. */
  private static Graph optimize(
      Path model, CompileOptions options, Graph imported, RecordPrecision precision) {
    Pipeline pipeline = options.precision().pipeline();
    if (options.report().isEmpty()) {
      return pipeline.run(imported, precision);
    }
    RecordPasses record = new RecordPasses(imported);
    Graph graph =
        pipeline.run(imported, new PassContext(Long.MAX_VALUE, record), precision, record);
    NetworkListing network =
        NetworkListing.of(
            graph,
            new Legalization(options.allowNarrowing()),
            options.engine() ? installed() : TensorRtVersion.NEWEST);
    String name = String.valueOf(model.getFileName());
    String settings = options.precision().precision().name().toLowerCase(Locale.ROOT);
    ReportPage.write(CompileReport.of(name, settings, record, network), options.report().get());
    return graph;
  }

  /** The version that an engine would be built with, or else the newest. */
  private static TensorRtVersion installed() {
    try {
      return TensorRt.version();
    } catch (TenrecException e) {
      if (e.code() != ErrorCode.BACKEND_UNAVAILABLE) {
        throw e;
      }
      return TensorRtVersion.NEWEST;
    }
  }

  private static Manifest manifest(
      Path model, CompileOptions options, Graph imported, Graph graph) {
    Signature signature = Signature.of(graph);
    return new Manifest(
        Manifest.FORMAT,
        String.valueOf(model.getFileName()),
        Bundle.sha256(model),
        options.precision().precision(),
        options.allowNarrowing(),
        Manifest.inputs(signature),
        Manifest.outputs(signature),
        Manifest.ranges(options.shapes()),
        new Manifest.Nodes(imported.nodes().size(), graph.nodes().size()),
        null);
  }
}
