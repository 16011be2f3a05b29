package dev.tenrec.compiler.accuracy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tenrec.compiler.Model;
import dev.tenrec.compiler.verify.BackendCase;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.onnx.OnnxImporter;
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
}
