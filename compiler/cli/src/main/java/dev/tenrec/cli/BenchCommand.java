package dev.tenrec.cli;

import com.google.common.collect.ImmutableList;
import dev.tenrec.compiler.Precision;
import dev.tenrec.compiler.bench.Benchmark;
import dev.tenrec.compiler.bench.Contenders;
import dev.tenrec.compiler.bench.Measurement;
import dev.tenrec.tensorrt.ShapeProfile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tenrec bench}: builds and times engines in turn. */
@Command(
    name = "bench",
    description = {
      "Build engines and time them in turn, in one process, with inputs that stay on the GPU.",
      "Times are the median, and the range that eight of ten runs are in."
    })
final class BenchCommand implements Callable<Integer> {
  /** What an engine may be compared with. */
  enum Reference {
    /** The engine that NVIDIA's own parser makes of the same file. */
    NVONNXPARSER,
    /** The engine that Tenrec makes of it in another precision. */
    FP32,
    /** As {@link #FP32}. */
    FP16,
    /** As {@link #FP32}. */
    BF16;

    Optional<Precision> precision() {
      return switch (this) {
        case NVONNXPARSER -> Optional.empty();
        case FP32 -> Optional.of(Precision.FP32);
        case FP16 -> Optional.of(Precision.FP16);
        case BF16 -> Optional.of(Precision.BF16);
      };
    }
  }

  /** How engines are launched. */
  enum Launch {
    ON,
    OFF,
    BOTH;

    ImmutableList<Boolean> captured() {
      return switch (this) {
        case ON -> ImmutableList.of(true);
        case OFF -> ImmutableList.of(false);
        case BOTH -> ImmutableList.of(true, false);
      };
    }
  }

  @Parameters(
      arity = "1..*",
      paramLabel = "MODEL|DIR|PLAN",
      description = "ONNX files, folders that 'tenrec compile' made, plans (*.plan).")
  @SuppressWarnings("NullAway.Init")
  private List<Path> models;

  @Option(
      names = "--against",
      split = ",",
      paramLabel = "REFERENCE",
      description =
          "Also time NVIDIA's engine of the same ONNX file (nvonnxparser), or ours in another"
              + " precision: fp32, fp16 or bf16.")
  private List<Reference> references = List.of();

  @Option(
      names = "--batch",
      split = ",",
      paramLabel = "N",
      description = "Sizes of the first dimension of inputs, each measured for itself.")
  private List<Long> batches = List.of();

  @Option(
      names = "--shape",
      paramLabel = "DIM=MIN..OPT..MAX",
      description = "The range of a named dimension, or DIM=N; OPT is timed.")
  private List<String> shapes = List.of();

  @Option(
      names = "--cuda-graph",
      paramLabel = "on|off|both",
      defaultValue = "on",
      description = "Whether runs are launched as a CUDA graph (default: on).")
  @SuppressWarnings("NullAway.Init")
  private Launch launch;

  @Mixin private final LevelOption level = new LevelOption();

  @Option(
      names = "--builds",
      paramLabel = "N",
      defaultValue = "1",
      description = "Build each engine N times, in turn; the median counts (default: 1).")
  private int builds;

  @Mixin private final PrecisionOption precision = new PrecisionOption();

  @Mixin private final JsonOption json = new JsonOption();

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Contenders contenders =
        new Contenders(
            imported -> precision.settings(() -> imported),
            references.stream()
                .flatMap(reference -> reference.precision().stream())
                .collect(ImmutableList.toImmutableList()),
            references.contains(Reference.NVONNXPARSER),
            level.wanted(),
            builds,
            out::println);
    Benchmark benchmark = new Benchmark(contenders, launch.captured());
    ShapeProfile profile = ShapeProfile.parse(shapes);
    List<Optional<Long>> sizes =
        batches.isEmpty() ? List.of(Optional.empty()) : batches.stream().map(Optional::of).toList();
    List<Measurement> measurements = new ArrayList<>();
    for (Path model : models) {
      for (Optional<Long> batch : sizes) {
        for (Measurement measurement : benchmark.measure(model, batch, profile)) {
          measurements.add(measurement);
          out.println(line(measurement));
          out.flush();
        }
      }
    }
    json.write(measurements);
    return Main.OK;
  }

  private static String line(Measurement measurement) {
    return String.format(
        Locale.ROOT,
        "%s batch %s, %s: %s: device %s ms, host %s ms; %s%d engine steps, %d runs",
        measurement.model(),
        measurement.batch() == 0 ? "as given" : measurement.batch(),
        measurement.cudaGraph() ? "CUDA graph" : "no CUDA graph",
        measurement.engine(),
        text(measurement.device()),
        text(measurement.host()),
        text(measurement.build()),
        measurement.steps().size(),
        measurement.runs());
  }

  private static String text(Measurement.@Nullable Build build) {
    return build == null
        ? ""
        : String.format(
            Locale.ROOT,
            "built in %.1f s, %d network layers, ",
            build.seconds(),
            build.networkLayers());
  }

  private static String text(Measurement.Spread spread) {
    return String.format(
        Locale.ROOT, "%.4f (%.4f to %.4f)", spread.median(), spread.low(), spread.high());
  }
}
