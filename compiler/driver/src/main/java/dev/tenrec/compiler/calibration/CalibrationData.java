package dev.tenrec.compiler.calibration;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.compiler.data.Npz;
import dev.tenrec.ir.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;

/** Reads samples. */
public final class CalibrationData {
  private CalibrationData() {}

  /**
   * Samples, read when they are needed.
   *
   * @param data an npz file with one array for each input, samples along the first axis
   */
  public static Iterable<ImmutableMap<String, Tensor>> read(Path data) {
    return () -> List.of(Npz.read(data)).iterator();
  }
}
