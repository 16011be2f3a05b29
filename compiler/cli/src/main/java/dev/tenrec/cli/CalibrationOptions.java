package dev.tenrec.cli;

import com.google.common.collect.FluentIterable;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.tenrec.compiler.Backend;
import dev.tenrec.compiler.Precision;
import dev.tenrec.compiler.calibration.CalibrationData;
import dev.tenrec.compiler.calibration.CalibrationFile;
import dev.tenrec.compiler.calibration.CalibrationRequest;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.passes.Pipeline;
import dev.tenrec.passes.calibration.CalibrationTable;
import dev.tenrec.passes.calibration.Calibrator;
import dev.tenrec.passes.calibration.SampleBatches;
import dev.tenrec.passes.quantize.Remedy;
import dev.tenrec.passes.quantize.weights.Samples;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** From what the ranges of a model's values are known. */
final class CalibrationOptions {
  /** Batches of samples that a precision is tried on. */
  private static final int TRIED = 16;

  @Option(
      names = "--calibrate",
      paramLabel = "DATA",
      description =
          "Samples to find ranges with: an npz file with one array for each input; a folder with"
              + " npz, npy or pb files, test_data_set_N or images; a text.")
  private @Nullable Path data;

  @Option(
      names = "--preprocess",
      paramLabel = "JSON",
      description = "For images: the file that describes how the model takes them.")
  private @Nullable Path preprocessing;

  @Mixin final TextOptions text = new TextOptions();

  @Option(
      names = "--synthetic-calibration",
      description = "Find ranges with inputs that are made up. Accuracy will suffer.")
  private boolean synthetic;

  @Option(
      names = "--calibrator",
      paramLabel = "CALIBRATOR",
      defaultValue = "auto",
      description =
          "minmax, moving-average, percentile=P (default: 99.99), entropy, mse, or auto, which"
              + " takes the best of them for each value (default: auto).")
  @SuppressWarnings("NullAway.Init")
  private String calibrator;

  @Option(
      names = "--calibrate-on",
      paramLabel = "BACKEND",
      defaultValue = "cpu",
      description = "What runs the model on samples: cpu, tensorrt, interpreter (default: cpu).")
  @SuppressWarnings("NullAway.Init")
  private Backend backend;

  @Option(
      names = "--remedies",
      split = ",",
      paramLabel = "REMEDY",
      description =
          "What is done against errors of rounding, found with the ranges and kept in their table:"
              + " equalize, smooth, correct-biases (default: nothing).")
  private List<Remedy> remedies = List.of();

  @Option(
      names = "--calibration-table",
      paramLabel = "FILE",
      description =
          "With --calibrate: the file to write the ranges to. Otherwise: the file to read.")
  private @Nullable Path table;

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  /** The ranges; none if nothing is said and the precision needs none. */
  CalibrationTable table(Precision precision, Supplier<Graph> imported) {
    if (data != null && synthetic) {
      throw invalid("--calibrate and --synthetic-calibration exclude each other")
          .advise("leave out --synthetic-calibration");
    }
    if (precision.isOfWeights()) {
      return CalibrationTable.EMPTY;
    }
    if (data != null || synthetic) {
      CalibrationTable found = find(precision.activations().orElse(ElementType.INT8), imported);
      if (table != null) {
        CalibrationFile.write(table, found);
      }
      return found;
    }
    if (table != null) {
      CalibrationTable read = CalibrationFile.read(table);
      read.requireFits(Pipeline.standard().run(imported.get()));
      return read;
    }
    if (precision.activations().isPresent()) {
      throw invalid("precision %s needs data".formatted(precision))
          .advise("add --calibrate DATA with typical inputs, or --synthetic-calibration to try");
    }
    return CalibrationTable.EMPTY;
  }

  /** Complains about what would be ignored. */
  void refuseUnused() {
    if (data == null) {
      UsedOptions.refuse(spec, "without --calibrate", "--preprocess");
    }
    if (data == null && !synthetic) {
      UsedOptions.refuse(
          spec, "without --calibrate", "--calibrator", "--calibrate-on", "--remedies");
    }
  }

  /** The data itself, for what is found from it alone. */
  Optional<Samples> samples(Precision precision, Supplier<Graph> imported) {
    return Optional.ofNullable(data)
        .filter(_ -> precision.isOfWeights())
        .map(path -> data(path).read(Signature.of(imported.get())))
        .map(samples -> request(ElementType.INT8).observed(samples));
  }

  /** Some of the samples, to try a precision on. */
  ImmutableList<ImmutableMap<String, Tensor>> tried(Graph imported) {
    if (synthetic) {
      return request(ElementType.INT8).made(imported, TRIED);
    }
    CalibrationData samples = data(data());
    return FluentIterable.from(new SampleBatches(imported, samples.read(Signature.of(imported))))
        .limit(TRIED)
        .toList();
  }

  /** Where the samples are, which a search needs. */
  Path data() {
    if (data == null) {
      throw invalid("precision auto needs data").advise("add --calibrate DATA with typical inputs");
    }
    return data;
  }

  Backend backend() {
    return backend;
  }

  private CalibrationData data(Path path) {
    return new CalibrationData(
        path,
        Optional.ofNullable(preprocessing),
        Optional.ofNullable(text.tokenizer),
        text.context);
  }

  private CalibrationTable find(ElementType type, Supplier<Graph> imported) {
    return data == null
        ? request(type).synthetic(imported.get())
        : request(type).table(imported.get(), data(data).read(Signature.of(imported.get())));
  }

  private CalibrationRequest request(ElementType type) {
    return new CalibrationRequest(
        Calibrator.parse(calibrator),
        type,
        backend,
        note -> spec.commandLine().getErr().println("tenrec: calibration: " + note),
        ImmutableSet.copyOf(remedies));
  }

  private static TenrecException invalid(String problem) {
    return new TenrecException(ErrorCode.INVALID_ARGUMENT, problem);
  }
}
