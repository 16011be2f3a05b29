package dev.tenrec.cli;

import dev.tenrec.compiler.Model;
import dev.tenrec.compiler.data.AtomicOutput;
import dev.tenrec.compiler.report.CompileReport;
import dev.tenrec.compiler.report.NetworkListing;
import dev.tenrec.compiler.report.RecordPasses;
import dev.tenrec.compiler.report.ReportPage;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.FileErrors;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.text.GraphPrinter;
import dev.tenrec.onnx.OnnxExporter;
import dev.tenrec.passes.DumpGraphs;
import dev.tenrec.passes.PassContext;
import dev.tenrec.passes.Pipeline;
import dev.tenrec.passes.PipelineListener;
import dev.tenrec.passes.RewriteListener;
import dev.tenrec.passes.TimePasses;
import dev.tenrec.passes.VerifyEach;
import dev.tenrec.passes.check.CheckEach;
import dev.tenrec.passes.check.CheckReport;
import dev.tenrec.passes.debug.Reproducer;
import dev.tenrec.runtime.bindings.TensorRtVersion;
import dev.tenrec.tensorrt.legalize.Legalization;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tenrec opt}: runs passes over a model, and watches them. */
@Command(name = "opt", description = "Run passes over a model, and watch them.")
final class OptCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "MODEL",
      description = "An ONNX file, a graph as text (.txt), or a bundle.")
  private @Nullable Path model;

  @Mixin private final PipelineOptions passes = new PipelineOptions();

  @Option(
      names = "--print-before",
      paramLabel = "PASS",
      description = "Print the graph that a pass is given.")
  private List<String> printBefore = List.of();

  @Option(
      names = "--print-after",
      paramLabel = "PASS|all",
      description = "Print the graph that a pass makes; 'all': whenever it changes.")
  private List<String> printAfter = List.of();

  @Option(
      names = "--dump",
      paramLabel = "DIR",
      description = "Write the graph after each pass that changes it.")
  private @Nullable Path dump;

  @Option(names = "--verify-each", description = "Verify what each pass makes.")
  private boolean verifyEach;

  @Mixin private final CheckOptions check = new CheckOptions();

  @Option(names = "--time", description = "Print how long each pass takes.")
  private boolean time;

  @Option(names = "--stats", description = "Print how often each rule was applied.")
  private boolean stats;

  @Option(names = "-o", paramLabel = "OUT.onnx", description = "Write the result.")
  private @Nullable Path output;

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description = "Write a page that shows what each pass did: DIR/index.html.")
  private @Nullable Path reportFolder;

  @Option(
      names = "--max-rewrites",
      paramLabel = "N",
      defaultValue = "9223372036854775807",
      description = "Stop after so many rewrites; 'tenrec bisect' finds the first wrong one.")
  private long maxRewrites;

  @Option(
      names = "--reproduce",
      paramLabel = "FILE",
      description = "Run passes as a file of 'tenrec bisect' says, and tell whether they fail.")
  private @Nullable Path reproducer;

  @Option(names = "--passes", description = "List all passes and the standard pipeline.")
  private boolean list;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try {
      return run(out);
    } finally {
      out.flush();
    }
  }

  private int run(PrintWriter out) {
    if (list) {
      passes.known().byName().keySet().forEach(out::println);
      out.println("standard: " + Pipeline.standard());
      return Main.OK;
    }
    if (reproducer != null) {
      return reproduce(reproducer, out);
    }
    if (model == null) {
      throw new TenrecException(ErrorCode.INVALID_ARGUMENT, "a model is missing")
          .advise("give an ONNX file; 'tenrec opt --help' tells the rest");
    }
    return optimize(model, out);
  }

  private int reproduce(Path file, PrintWriter out) {
    Reproducer read = Reproducer.parse(text(file));
    Optional<String> problem = read.replay(passes.known());
    out.println("pipeline: " + read.pipeline());
    out.println("with %s: %s".formatted(read.versions(), read.problem()));
    out.println("now: " + problem.orElse("nothing goes wrong"));
    return problem.isPresent() ? Main.WRONG_RESULT : Main.OK;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new TenrecException(ErrorCode.INVALID_ARGUMENT, file + " is not text", e)
          .advise("give the file that 'tenrec bisect' wrote");
    } catch (IOException e) {
      throw FileErrors.reading(file, e);
    }
  }

  private int optimize(Path path, PrintWriter out) {
    UsedOptions.requireAtLeast("--max-rewrites", 0, maxRewrites);
    if (!check.isWanted()) {
      UsedOptions.refuse(spec, "without --check-each", "--check-rewrites", "--data", "--seed");
    }
    Pipeline pipeline = passes.pipeline();
    PrintGraphs print = new PrintGraphs(out, printBefore, printAfter);
    print.check(pipeline);
    Model read = Model.read(path);
    Optional<CheckEach> checks = check.start(read);
    RecordPasses record = new RecordPasses(read.graph());
    PassContext context = new PassContext(maxRewrites, rewriteListener(checks, record));
    TimePasses times = new TimePasses();
    List<PipelineListener> listeners = listeners(read.graph());
    if (reportFolder != null) {
      listeners.add(record);
    }
    listeners.addAll(List.of(times, print));
    checks.ifPresent(listeners::add);
    Graph graph = pipeline.run(read.graph(), context, listeners.toArray(PipelineListener[]::new));
    if (output != null) {
      OnnxExporter.write(graph, output);
    }
    if (reportFolder != null) {
      explore(reportFolder, pipeline, record, checks);
    }
    report(out, context, times);
    checks.ifPresent(checked -> out.println(checked.report()));
    out.println("pipeline: " + pipeline);
    out.println(
        "%s: %d operations, %d imported; %d rewrites"
            .formatted(
                path, graph.nodes().size(), read.graph().nodes().size(), context.rewrites()));
    return checks.map(CheckEach::report).map(CheckReport::passed).orElse(true)
        ? Main.OK
        : Main.WRONG_RESULT;
  }

  private RewriteListener rewriteListener(Optional<CheckEach> checks, RecordPasses record) {
    List<RewriteListener> listeners = new ArrayList<>();
    checks.filter(_ -> check.rewrites).ifPresent(listeners::add);
    if (reportFolder != null) {
      listeners.add(record);
    }
    return RewriteListener.of(listeners);
  }

  private void explore(
      Path folder, Pipeline pipeline, RecordPasses record, Optional<CheckEach> checks) {
    NetworkListing network =
        NetworkListing.of(record.last(), Legalization.EXACT, TensorRtVersion.NEWEST);
    String name = model == null ? "" : String.valueOf(model.getFileName());
    CompileReport plain = CompileReport.of(name, pipeline.toString(), record, network);
    ReportPage.write(checks.map(found -> plain.with(found.report())).orElse(plain), folder);
  }

  private List<PipelineListener> listeners(Graph imported) {
    List<PipelineListener> listeners = new ArrayList<>();
    if (verifyEach) {
      listeners.add(new VerifyEach());
    }
    if (dump != null) {
      listeners.add(dump(dump, imported));
    }
    return listeners;
  }

  private static DumpGraphs dump(Path folder, Graph imported) {
    List<String> written = new ArrayList<>(List.of("imported"));
    write(folder.resolve("00-imported.txt"), GraphPrinter.describe(imported));
    return new DumpGraphs(
        _ -> true,
        (pass, text) -> {
          write(folder.resolve("%02d-%s.txt".formatted(written.size(), pass)), text);
          written.add(pass);
        });
  }

  private static void write(Path file, String text) {
    AtomicOutput.file(file, temporary -> Files.writeString(temporary, text));
  }

  private void report(PrintWriter out, PassContext context, TimePasses times) {
    if (time) {
      out.println(times);
    }
    if (stats) {
      out.println("%-48s %8s".formatted("rule", "applied"));
      context
          .applications()
          .forEach((rule, count) -> out.println("%-48s %8d".formatted(rule, count)));
      out.println();
    }
  }
}
