package dev.tenrec.cli;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tenrec.compiler.Model;
import dev.tenrec.compiler.calibration.CalibrationData;
import dev.tenrec.compiler.verify.BackendCase;
import dev.tenrec.compiler.verify.SampleData;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.passes.calibration.SampleBatches;
import dev.tenrec.passes.check.GeneratedInputs;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a model is run on to see whether it still computes the same. */
final class DataOptions {
  @Option(
      names = "--data",
      paramLabel = "CASE",
      description =
          "Inputs: an npz file, or a folder with input_0.pb, or one with test_data_set_0."
              + " Without it, inputs are generated.")
  private @Nullable Path data;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Generates other inputs (default: 0).")
  private long seed;

  /** The inputs, and the outputs that are known from elsewhere. */
  BackendCase.DataSet read(Model model) {
    if (data != null) {
      return SampleData.read(data, model);
    }
    try {
      return new BackendCase.DataSet(
          GeneratedInputs.of(model.graph(), seed).inputs(), ImmutableMap.of());
    } catch (TenrecException e) {
      throw e.advise("give inputs that fit with --data");
    }
  }

  /** The inputs of every run: samples in batches, a case, or generated inputs. */
  ImmutableList<ImmutableMap<String, Tensor>> samples(Model model) {
    return data != null && Files.isRegularFile(data)
        ? ImmutableList.copyOf(
            new SampleBatches(model.graph(), CalibrationData.of(data).read(model.signature())))
        : ImmutableList.of(read(model).inputs());
  }

  /** Whether the data are text. */
  boolean isText() {
    return data != null && Files.isRegularFile(data) && !data.toString().endsWith(".npz");
  }

  /** The file, which is required, with data of a task. */
  Path file() {
    if (data == null || !Files.isRegularFile(data)) {
      throw new TenrecException(ErrorCode.INVALID_ARGUMENT, "a task needs data of its own")
          .advise("give an npz file, or a text, with --data");
    }
    return data;
  }
}
