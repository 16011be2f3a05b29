package dev.tenrec.compiler;

import dev.tenrec.compiler.accuracy.EngineLayers;
import dev.tenrec.compiler.accuracy.PrecisionReport;
import dev.tenrec.compiler.accuracy.RecordPrecision;
import dev.tenrec.compiler.bench.Latency;
import dev.tenrec.compiler.report.CompileReport;
import dev.tenrec.compiler.report.NetworkListing;
import dev.tenrec.compiler.report.RecordPasses;
import dev.tenrec.compiler.report.ReportPage;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.passes.PassContext;
import dev.tenrec.runtime.Engine;
import dev.tenrec.runtime.bindings.TensorRt;
import dev.tenrec.runtime.bindings.TensorRtVersion;
import dev.tenrec.tensorrt.BuildOptions;
import dev.tenrec.tensorrt.EngineBuilder;
import dev.tenrec.tensorrt.Plan;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The way from one model to a bundle.
 *
 * @param model the file that {@code imported} was read from
 * @param folder where to write the bundle
 */
record Compilation(Path model, Path folder, CompileOptions options, Graph imported) {

  /** The model after all passes, and what was decided on precision. */
  private record Form(PrecisionSettings settings, Graph graph, PrecisionReport precision) {}

  Compiler.Result run() {
    Form form = reported();
    if (!options.engine()) {
      return withoutEngine(form, "none was asked for");
    }
    try (Plan plan = EngineBuilder.build(form.graph(), build())) {
      return options.onSlower().isPresent() && form.settings().precision().floating().isEmpty()
          ? unlessSlower(form, plan, options.onSlower().get())
          : withEngine(form, plan, Optional.empty());
    } catch (TenrecException e) {
      if (e.code() != ErrorCode.BACKEND_UNAVAILABLE) {
        throw e;
      }
      return withoutEngine(form, e.getMessage());
    }
  }

  /** Runs the passes, and writes what they did if that is wanted. */
  private Form reported() {
    if (options.report().isEmpty()) {
      return form(options.precision());
    }
    RecordPrecision precision = new RecordPrecision();
    RecordPasses record = new RecordPasses(imported);
    Graph graph =
        options
            .precision()
            .pipeline()
            .run(imported, new PassContext(Long.MAX_VALUE, record), precision, record);
    NetworkListing network =
        NetworkListing.of(
            graph, build().legalization(), options.engine() ? installed() : TensorRtVersion.NEWEST);
    String name = String.valueOf(model.getFileName());
    String wanted = options.precision().precision().toString();
    ReportPage.write(CompileReport.of(name, wanted, record, network), options.report().get());
    return new Form(options.precision(), graph, precision.report());
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

  private Form form(PrecisionSettings settings) {
    RecordPrecision precision = new RecordPrecision();
    Graph graph = settings.pipeline().run(imported, precision);
    return new Form(settings, graph, precision.report());
  }

  private BuildOptions build() {
    return BuildOptions.of(options.shapes())
        .withNarrowing(options.allowNarrowing())
        .withOptimizationLevel(options.optimizationLevel())
        .withDetails(!options.demands().isNone());
  }

  /** Builds the engine in half precision too, and keeps one of both. */
  private Compiler.Result unlessSlower(Form form, Plan plan, OnSlower wish) {
    Form half = form(options.precision().in(Precision.FP16));
    try (Plan other = EngineBuilder.build(half.graph(), build())) {
      List<Double> times = Latency.of(List.of(plan, other), imported, options.shapes());
      Optional<String> slower =
          wish.judge(form.settings().precision(), times.getFirst(), times.getLast());
      return slower.isPresent() && wish == OnSlower.FP16
          ? withEngine(half, other, slower)
          : withEngine(form, plan, slower);
    }
  }

  private Compiler.Result withEngine(Form form, Plan plan, Optional<String> slower) {
    PrecisionDemands demands = options.demands();
    demands.check(demands.isNone() ? form.precision() : achieved(form, plan));
    Bundle bundle = Bundle.write(folder, form.graph(), manifest(form), plan);
    return new Compiler.Result(bundle, Optional.empty(), slower);
  }

  private static PrecisionReport achieved(Form form, Plan plan) {
    try (Engine engine = Engine.of(plan.bytes(), Signature.of(form.graph()))) {
      return form.precision().achieved(EngineLayers.parse(engine.stepDetails()));
    }
  }

  private Compiler.Result withoutEngine(Form form, String reason) {
    options.demands().check(form.precision());
    Bundle bundle = Bundle.write(folder, form.graph(), manifest(form));
    return new Compiler.Result(bundle, Optional.of(reason), Optional.empty());
  }

  private Manifest manifest(Form form) {
    Signature signature = Signature.of(form.graph());
    return new Manifest(
        Manifest.FORMAT,
        String.valueOf(model.getFileName()),
        Bundle.sha256(model),
        form.settings().precision(),
        options.allowNarrowing(),
        Manifest.inputs(signature),
        Manifest.outputs(signature),
        Manifest.ranges(options.shapes()),
        new Manifest.Nodes(imported.nodes().size(), form.graph().nodes().size()),
        null);
  }
}
