package dev.tenrec.compiler;

import dev.tenrec.compiler.accuracy.PrecisionReport;
import dev.tenrec.compiler.accuracy.RecordPrecision;
import dev.tenrec.compiler.report.CompileReport;
import dev.tenrec.compiler.report.NetworkListing;
import dev.tenrec.compiler.report.RecordPasses;
import dev.tenrec.compiler.report.ReportPage;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.passes.PassContext;
import dev.tenrec.runtime.bindings.TensorRt;
import dev.tenrec.runtime.bindings.TensorRtVersion;
import dev.tenrec.tensorrt.BuildOptions;
import dev.tenrec.tensorrt.Plan;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The way from one model to a bundle.
 *
 * @param model the file that {@code imported} was read from
 * @param folder where to write the bundle
 */
record Compilation(
    Path model, Path folder, CompileOptions options, Graph imported, Engines engines) {

  /**
   * The model after all passes, and what was decided on precision.
   *
   * @param passes what they did, if a page is wanted
   */
  private record Form(
      PrecisionSettings settings,
      Graph graph,
      RecordPrecision precision,
      Optional<RecordPasses> passes) {}

  Compiler.Result run() {
    Form form = form(options.precision());
    report(form, Optional.empty());
    if (!options.engine()) {
      return withoutEngine(form, "none was asked for");
    }
    try (Plan plan = engines.build(form.graph(), build())) {
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

  /** Writes what the passes did if that is wanted. */
  private void report(Form form, Optional<String> slower) {
    if (form.passes().isEmpty()) {
      return;
    }
    NetworkListing network =
        NetworkListing.of(
            form.graph(),
            build().legalization(),
            options.engine() ? installed() : TensorRtVersion.NEWEST);
    String name = String.valueOf(model.getFileName());
    String settings =
        form.settings().precision() + slower.map(found -> " (%s)".formatted(found)).orElse("");
    ReportPage.write(
        CompileReport.of(name, settings, form.passes().get(), network),
        options.report().orElseThrow());
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
    Optional<RecordPasses> passes = options.report().map(_ -> new RecordPasses(imported));
    Graph graph =
        passes
            .map(record ->
                settings
                    .pipeline()
                    .run(imported, new PassContext(Long.MAX_VALUE, record), precision, record))
            .orElseGet(() -> settings.pipeline().run(imported, precision));
    return new Form(settings, graph, precision, passes);
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
    try (Plan other = engines.build(half.graph(), build())) {
      List<Double> times = engines.milliseconds(List.of(plan, other), imported, options.shapes());
      Optional<String> slower =
          wish.judge(form.settings().precision(), times.getFirst(), times.getLast());
      return slower.isPresent() && wish == OnSlower.FP16
          ? withEngine(half, other, slower)
          : withEngine(form, plan, slower);
    }
  }

  private Compiler.Result withEngine(Form form, Plan plan, Optional<String> slower) {
    if (slower.isPresent()) {
      report(form, slower);
    }
    check(form, report -> report.achieved(engines.profile(plan, imported, options.shapes())));
    Bundle bundle = Bundle.write(folder, form.graph(), manifest(form, slower), plan);
    return new Compiler.Result(bundle, Optional.empty(), slower);
  }

  /** Writes and checks what is demanded to be known of the precision, if anything is. */
  private void check(Form form, UnaryOperator<PrecisionReport> completion) {
    if (!options.demands().isNone()) {
      options.demands().check(completion.apply(form.precision().report(form.graph())));
    }
  }

  private Compiler.Result withoutEngine(Form form, String reason) {
    check(form, UnaryOperator.identity());
    Bundle bundle = Bundle.write(folder, form.graph(), manifest(form, Optional.empty()));
    return new Compiler.Result(bundle, Optional.of(reason), Optional.empty());
  }

  private Manifest manifest(Form form, Optional<String> slower) {
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
        slower.orElse(null),
        null);
  }
}
