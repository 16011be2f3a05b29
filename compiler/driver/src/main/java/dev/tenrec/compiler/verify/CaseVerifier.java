package dev.tenrec.compiler.verify;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import dev.tenrec.compiler.Backend;
import dev.tenrec.compiler.PrecisionSettings;
import dev.tenrec.compiler.verify.BackendCase.DataSet;
import dev.tenrec.compiler.verify.CaseResult.Failed;
import dev.tenrec.compiler.verify.CaseResult.Passed;
import dev.tenrec.compiler.verify.CaseResult.Unsupported;
import dev.tenrec.ir.Executable;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.onnx.OnnxImporter;
import dev.tenrec.onnx.OnnxImporter.Names;
import dev.tenrec.tensorrt.NetworkValidator;
import dev.tenrec.tensorrt.NetworkValidator.Verdict;
import dev.tenrec.tensorrt.ShapeProfile;
import dev.tenrec.tensorrt.legalize.Legalization;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Runs cases through import, passes and a backend, and compares what comes out. Inputs that a
 * backend must know when it compiles, such as axes, are bound as constants from the data.
 */
public record CaseVerifier(Backend backend, PrecisionSettings precision, boolean allowNarrowing) {

  /**
   * Runs every data set of a case.
   *
   * @throws TenrecException only if the backend is not available at all
   */
  public CaseResult verify(BackendCase verified) {
    try {
      return verifyBinding(verified, OnnxImporter.names(verified.model()));
    } catch (TenrecException e) {
      return switch (e.code()) {
        case BACKEND_UNAVAILABLE -> throw e;
        case UNSUPPORTED -> new Unsupported(e.getMessage());
        default -> new Failed(e.getMessage());
      };
    }
  }

  /** Binds what is needed, and nothing else. */
  private CaseResult verifyBinding(BackendCase verified, Names names) {
    Set<String> bound = new TreeSet<>();
    while (true) {
      try {
        return verify(verified, names, ImmutableSet.copyOf(bound));
      } catch (TenrecException e) {
        if (!bound.addAll(Sets.intersection(e.neededInputs(), Set.copyOf(names.inputs())))) {
          throw e;
        }
      }
    }
  }

  private CaseResult verify(BackendCase verified, Names names, ImmutableSet<String> bound) {
    // Each data set has its own constants.
    List<ImmutableList<Path>> runs =
        bound.isEmpty()
            ? List.of(verified.dataSets())
            : verified.dataSets().stream().map(ImmutableList::of).toList();
    for (ImmutableList<Path> folders : runs) {
      Optional<String> difference = difference(verified, names, bound, folders);
      if (difference.isPresent()) {
        return new Failed(difference.get());
      }
    }
    return new Passed(bound);
  }

  private Optional<String> difference(
      BackendCase verified, Names names, ImmutableSet<String> bound, ImmutableList<Path> folders) {
    Map<String, Tensor> constants =
        BackendCase.readInputs(folders.getFirst(), names, bound::contains);
    Graph imported = OnnxImporter.read(verified.model(), constants);
    ImmutableList<DataSet> dataSets =
        folders.stream()
            .map(folder -> BackendCase.read(folder, names).without(bound))
            .collect(ImmutableList.toImmutableList());
    Graph graph = precision.pipeline().run(imported);
    ShapeProfile shapes =
        ShapeProfile.covering(
            Signature.of(imported), dataSets.stream().map(DataSet::inputs).toList());
    if (backend == Backend.VALIDATE) {
      return validate(graph, shapes);
    }
    return run(graph, shapes, dataSets);
  }

  private Optional<String> validate(Graph graph, ShapeProfile shapes) {
    Verdict verdict =
        NetworkValidator.validate(graph, List.of(shapes), new Legalization(allowNarrowing));
    String messages = String.join("; ", verdict.messages());
    if (verdict.isRefusedForSafetyOnly()) {
      throw new TenrecException(
              ErrorCode.UNSUPPORTED, "only TensorRT's safety mode refuses it: " + messages)
          .advise("validation without a GPU has to use that mode; engines are built in another");
    }
    return verdict.accepted() ? Optional.empty() : Optional.of(messages);
  }

  private Optional<String> run(Graph graph, ShapeProfile shapes, ImmutableList<DataSet> dataSets) {
    try (Executable executable = backend.open(graph, shapes, allowNarrowing)) {
      for (int i = 0; i < dataSets.size(); i++) {
        Map<String, Tensor> actual = executable.run(dataSets.get(i).inputs());
        Optional<String> difference = difference(actual, dataSets.get(i).outputs());
        if (difference.isPresent()) {
          return Optional.of("data set %d: %s".formatted(i, difference.get()));
        }
      }
      return Optional.empty();
    }
  }

  private Optional<String> difference(
      Map<String, Tensor> actual, ImmutableMap<String, Tensor> expected) {
    for (Map.Entry<String, Tensor> output : expected.entrySet()) {
      Tensor result = actual.get(output.getKey());
      if (result == null) {
        throw new TenrecException(
            ErrorCode.INTERNAL, "output '%s' was not computed".formatted(output.getKey()));
      }
      Optional<String> difference = tolerance().difference(result, output.getValue());
      if (difference.isPresent()) {
        return Optional.of("output '%s': %s".formatted(output.getKey(), difference.get()));
      }
    }
    return Optional.empty();
  }

  private Tolerance tolerance() {
    return switch (precision.precision()) {
      case FP32 -> backend == Backend.TENSORRT ? Tolerance.TENSORRT_FLOAT32 : Tolerance.EXACT_MATH;
      case FP16 -> Tolerance.FLOAT16;
      case BF16 -> Tolerance.BFLOAT16;
      case INT8, FP8, INT8_WEIGHTS, AUTO -> Tolerance.EIGHT_BITS;
      case INT4_WEIGHTS -> Tolerance.FOUR_BITS;
    };
  }
}
