package dev.tenrec.compiler.bench;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.runtime.PreparedRun;
import dev.tenrec.tensorrt.ShapeProfile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Builds and times engines, one after the other, in one process.
 *
 * @param contenders how engines are made of a file
 * @param launches the ways to launch that are measured: as a CUDA graph, or not
 */
public record Benchmark(Contenders contenders, ImmutableList<Boolean> launches) {

  /**
   * Measures a model, a bundle or a plan.
   *
   * @param path an ONNX file, a folder that {@link dev.tenrec.compiler.Compiler#compile} made, or a
   *     plan
   * @param batch the size of the first dimension of inputs, or none to take it from {@code shapes}
   * @param shapes the sizes of dynamic dimensions
   */
  public ImmutableList<Measurement> measure(Path path, Optional<Long> batch, ShapeProfile shapes) {
    List<Contender> engines = new ArrayList<>();
    try {
      contenders.open(path, batch, shapes, engines);
      ImmutableList.Builder<Measurement> measurements = ImmutableList.builder();
      for (boolean captured : launches) {
        List<List<PreparedRun.Sample>> samples = time(engines, captured);
        for (int i = 0; i < engines.size(); i++) {
          measurements.add(
              Measurement.of(path, batch.orElse(0L), captured, engines.get(i), samples.get(i)));
        }
      }
      return measurements.build();
    } finally {
      engines.forEach(Contender::close);
    }
  }

  private static List<List<PreparedRun.Sample>> time(List<Contender> engines, boolean captured) {
    List<PreparedRun> runs = new ArrayList<>();
    try {
      for (Contender contender : engines) {
        ImmutableMap<String, Tensor> inputs = contender.inputs();
        runs.add(
            captured
                ? PreparedRun.captured(contender.engine(), inputs)
                : PreparedRun.of(contender.engine(), inputs));
      }
      return Timing.measure(runs);
    } finally {
      runs.forEach(PreparedRun::close);
    }
  }
}
