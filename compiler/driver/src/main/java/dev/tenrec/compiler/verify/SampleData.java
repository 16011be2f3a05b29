package dev.tenrec.compiler.verify;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.compiler.Model;
import dev.tenrec.compiler.data.Npz;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.onnx.OnnxImporter;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads inputs for a model, with what is known of the outputs. */
public final class SampleData {
  private static final String FIRST_INPUT = "input_0.pb";
  private static final String FIRST_DATA_SET = "test_data_set_0";

  private SampleData() {}

  /**
   * Reads what there is.
   *
   * @param data an npz file with one array for each input, a folder with {@code input_K.pb} and
   *     perhaps {@code output_K.pb}, or a folder with such a folder as {@code test_data_set_0}
   * @param model what the data is for
   */
  public static BackendCase.DataSet read(Path data, Model model) {
    if (Files.isRegularFile(data)) {
      return new BackendCase.DataSet(Npz.read(data), ImmutableMap.of());
    }
    for (Path folder : new Path[] {data, data.resolve(FIRST_DATA_SET)}) {
      if (Files.exists(folder.resolve(FIRST_INPUT))) {
        return BackendCase.read(folder, names(model));
      }
    }
    throw new TenrecException(
            ErrorCode.INVALID_ARGUMENT, "%s holds no inputs for a model".formatted(data))
        .advise(
            "give an npz file, or a folder with %s or %s".formatted(FIRST_INPUT, FIRST_DATA_SET));
  }

  private static OnnxImporter.Names names(Model model) {
    return new OnnxImporter.Names(
        model.signature().inputs().keySet().asList(),
        model.signature().outputs().keySet().asList());
  }
}
