package dev.tenrec.compiler.accuracy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tenrec.compiler.Model;
import dev.tenrec.compiler.PrecisionSettings;
import dev.tenrec.compiler.verify.BackendCase;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.onnx.OnnxImporter;
import dev.tenrec.runtime.Engine;
import dev.tenrec.tensorrt.BuildOptions;
import dev.tenrec.tensorrt.ShapeProfile;
import java.util.Optional;

/**
 * A model, and what it runs on.
 *
 * @param reference the model before any pass
 * @param candidate the same, or a bundle that was compiled from it
 * @param samples one tensor for each input, for each run
 * @param task what is right, if that is known
 */
public record Subject(
    String name,
    Model reference,
    Model candidate,
    ImmutableList<ImmutableMap<String, Tensor>> samples,
    Optional<Task> task) {

  /** A case, with the inputs of all its data sets. */
  public static Subject of(BackendCase found) {
    Model model = Model.read(found.model());
    OnnxImporter.Names names = OnnxImporter.names(found.model());
    return new Subject(
        found.name(),
        model,
        model,
        found.dataSets().stream()
            .map(folder -> BackendCase.read(folder, names).inputs())
            .collect(ImmutableList.toImmutableList()),
        Optional.empty());
  }

  /**
   * What an engine of the candidate does with the first sample: of the model itself, without the
   * outputs that a comparison of all values adds, which would hinder TensorRT.
   */
  public EngineProfile profile(PrecisionSettings settings, boolean allowNarrowing) {
    BuildOptions options =
        BuildOptions.of(ShapeProfile.covering(candidate.signature(), samples))
            .withNarrowing(allowNarrowing)
            .withDetails(true);
    try (Engine engine = candidate.engine(settings, options)) {
      return EngineProfile.of(engine, samples.getFirst());
    }
  }
}
