package dev.tenrec.cli;

import com.google.common.base.Suppliers;
import com.google.common.collect.ImmutableMap;
import dev.tenrec.compiler.OnSlower;
import dev.tenrec.compiler.Precision;
import dev.tenrec.compiler.PrecisionSettings;
import dev.tenrec.compiler.accuracy.Bounds;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How precisely an ONNX file is computed; a bundle has its own precision. */
final class PrecisionOption {
  @Option(
      names = "--precision",
      paramLabel = "PRECISION",
      defaultValue = "fp32",
      description =
          "fp32, fp16, bf16, int8, fp8, int8-weights, int4-weights or auto, for a model that is not"
              + " compiled yet (default: fp32).")
  @SuppressWarnings("NullAway.Init")
  private Precision wanted;

  @Option(
      names = "--float",
      paramLabel = "PRECISION",
      defaultValue = "fp16",
      description = "What is not quantized: fp32, fp16 or bf16 (default: fp16).")
  @SuppressWarnings("NullAway.Init")
  private Precision floating;

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Option(
      names = "--quantize-attention",
      description =
          "With precision int8, fp8 or auto: attention multiplies 8 bits, too. Gains little, and"
              + " loses accuracy.")
  private boolean attention;

  @Mixin private final WeightsOption weights = new WeightsOption();

  @Mixin private final SearchOptions search = new SearchOptions();

  @Mixin private final CalibrationOptions calibration = new CalibrationOptions();

  @Mixin private final OverrideOptions overrides = new OverrideOptions();

  /**
   * The settings for a model.
   *
   * @param model before any pass; asked for once, and only if it is calibrated
   */
  PrecisionSettings settings(Supplier<Graph> model) {
    search.refuseLabel(wanted);
    return tested(model);
  }

  /** The settings for a model of a command that reads labels itself. */
  PrecisionSettings tested(Supplier<Graph> model) {
    if (wanted != Precision.AUTO) {
      UsedOptions.refuse(spec, "with precision " + wanted, "--tolerance");
    }
    return compared(model);
  }

  /** The settings for a model whose outputs the command itself holds against the tolerance. */
  PrecisionSettings compared(Supplier<Graph> model) {
    refuseUnused();
    Supplier<Graph> imported = Suppliers.memoize(model::get);
    PrecisionSettings settings =
        new PrecisionSettings(
            wanted,
            calibration.table(wanted, imported),
            ImmutableMap.of(),
            overrides.all(),
            floating,
            weights.options(calibration.samples(wanted, imported)),
            attention);
    return wanted == Precision.AUTO ? search.find(imported.get(), settings, calibration) : settings;
  }

  private void refuseUnused() {
    String situation = "with precision " + wanted;
    if (!wanted.isOfWeights()) {
      UsedOptions.refuse(spec, situation, "--weights", "--block");
    }
    search.refuseUnused(wanted);
    if (wanted.floating().isPresent()) {
      UsedOptions.refuse(spec, situation, "--on-slower");
    }
    if (wanted != Precision.AUTO && wanted.activations().isEmpty()) {
      UsedOptions.refuse(spec, situation, "--remedies", "--quantize-attention");
    }
    calibration.refuseUnused();
  }

  /** What outputs must hold; nothing, if nothing was asked for. */
  Bounds tolerance() {
    return search.tolerance();
  }

  /** The name of the array with the classes. */
  Optional<String> label() {
    return Optional.ofNullable(search.label);
  }

  /** What a search does about an engine that is slower than one in half precision. */
  Optional<OnSlower> onSlower() {
    return wanted == Precision.AUTO ? Optional.of(OnSlower.WARN) : Optional.empty();
  }

  TextOptions text() {
    return calibration.text;
  }

  /** The settings for many models, of which none can be calibrated. */
  PrecisionSettings withoutData() {
    if (wanted.activations().isPresent()) {
      throw new TenrecException(
              ErrorCode.INVALID_ARGUMENT, "precision %s needs data of each model".formatted(wanted))
          .advise(
              "compare one model at a time: 'tenrec compare MODEL --data CASE --calibrate DATA'");
    }
    return settings(() -> {
      throw new TenrecException(
              ErrorCode.INVALID_ARGUMENT, "many models cannot be calibrated with the same data")
          .advise("leave out --calibrate and --calibration-table");
    });
  }
}
