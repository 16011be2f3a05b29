package dev.tenrec.compiler.verify;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tenrec.compiler.Backend;
import dev.tenrec.compiler.Precision;
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
import dev.tenrec.tensorrt.NetworkValidator;
import dev.tenrec.tensorrt.NetworkValidator.Verdict;
import dev.tenrec.tensorrt.ShapeProfile;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs cases through import, passes and a backend, and compares what comes out. */
public record CaseVerifier(Backend backend, Precision precision) {

  /**
   * Runs every data set of a case.
   *
   * @throws TenrecException only if the backend is not available at all
   */
  public CaseResult verify(BackendCase verified) {
    try {
      Graph imported = OnnxImporter.read(verified.model());
      Signature signature = Signature.of(imported);
      ImmutableList<DataSet> dataSets =
          verified.dataSets().stream()
              .map(dataSet -> BackendCase.read(dataSet, signature))
              .collect(ImmutableList.toImmutableList());
      Graph graph = precision.pipeline().run(imported);
      ShapeProfile shapes =
          ShapeProfile.covering(signature, dataSets.stream().map(DataSet::inputs).toList());
      if (backend == Backend.VALIDATE) {
        Verdict verdict = NetworkValidator.validate(graph, List.of(shapes));
        return verdict.accepted()
            ? new Passed()
            : new Failed(String.join("; ", verdict.messages()));
      }
      return run(graph, shapes, dataSets);
    } catch (TenrecException e) {
      return switch (e.code()) {
        case BACKEND_UNAVAILABLE -> throw e;
        case UNSUPPORTED -> new Unsupported(e.getMessage());
        default -> new Failed(e.getMessage());
      };
    }
  }

  private CaseResult run(Graph graph, ShapeProfile shapes, ImmutableList<DataSet> dataSets) {
    try (Executable executable = backend.open(graph, shapes)) {
      for (int i = 0; i < dataSets.size(); i++) {
        Map<String, Tensor> actual = executable.run(dataSets.get(i).inputs());
        Optional<String> difference = difference(actual, dataSets.get(i).outputs());
        if (difference.isPresent()) {
          return new Failed("data set %d: %s".formatted(i, difference.get()));
        }
      }
      return new Passed();
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
    if (precision == Precision.FP16) {
      return Tolerance.FLOAT16;
    }
    return backend == Backend.TENSORRT ? Tolerance.TENSORRT_FLOAT32 : Tolerance.EXACT_MATH;
  }
}
