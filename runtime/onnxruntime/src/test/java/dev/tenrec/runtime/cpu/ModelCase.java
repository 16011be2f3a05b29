package dev.tenrec.runtime.cpu;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.Executable;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import dev.tenrec.onnx.OnnxImporter;
import dev.tenrec.onnx.OnnxTensors;
import dev.tenrec.onnx.proto.ModelProto;
import dev.tenrec.onnx.proto.TensorProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A case in the layout of ONNX's backend tests: a model with inputs and expected outputs. */
record ModelCase(Path folder) {
  /** How a case ended that did not fail. */
  enum Outcome {
    PASSED,
    UNSUPPORTED
  }

  static List<ModelCase> in(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.endsWith("model.onnx"))
          .map(Path::getParent)
          .sorted()
          .map(ModelCase::new)
          .toList();
    }
  }

  /**
   * Runs the case with all of its data.
   *
   * @throws AssertionError if an output is wrong
   */
  Outcome run(Function<Graph, Executable> backend) throws IOException {
    try (Stream<Path> folders = Files.list(folder)) {
      List<Path> sets =
          folders.filter(f -> f.getFileName().toString().startsWith("test_data_set")).toList();
      for (Path set : sets) {
        run(backend, set);
      }
      return Outcome.PASSED;
    } catch (TenrecException e) {
      if (e.code() == ErrorCode.UNSUPPORTED) {
        return Outcome.UNSUPPORTED;
      }
      throw e;
    }
  }

  private void run(Function<Graph, Executable> backend, Path set) throws IOException {
    List<String> names = inputNames();
    Graph graph = read(set, names);
    ImmutableMap.Builder<String, Tensor> inputs = ImmutableMap.builder();
    graph.inputs().forEach(in -> inputs.put(in.name(), input(set, names.indexOf(in.name()))));
    try (Executable executable = backend.apply(graph)) {
      Map<String, Tensor> outputs = executable.run(inputs.buildOrThrow());
      for (int i = 0; i < graph.outputs().size(); i++) {
        Tensor expected = OnnxTensors.read(set.resolve("output_%d.pb".formatted(i)));
        Tensor actual = outputs.get(graph.outputs().get(i).name());
        if (actual == null) {
          throw new AssertionError("an output is missing");
        }
        boolean wide = expected.elementType().bits() >= 32;
        Tensors.assertClose(actual, expected, wide ? 1e-5 : 1e-2, wide ? 1e-3 : 1e-2);
      }
    }
  }

  /** What must be known before the model runs, but is an input, is taken from the data. */
  private Graph read(Path set, List<String> names) {
    Path model = folder.resolve("model.onnx");
    try {
      return OnnxImporter.read(model);
    } catch (TenrecException e) {
      if (!e.problem().endsWith("is computed at run time")) {
        throw e;
      }
      ImmutableMap.Builder<String, Tensor> constants = ImmutableMap.builder();
      for (int i = 0; i < names.size(); i++) {
        Tensor tensor = input(set, i);
        if (tensor.rank() <= 1 && (tensor.elementType().isInteger() || isNamed(e, names.get(i)))) {
          constants.put(names.get(i), tensor);
        }
      }
      return OnnxImporter.read(model, constants.buildOrThrow());
    }
  }

  private static boolean isNamed(TenrecException e, String input) {
    return e.problem().contains(", " + input + ",");
  }

  private static Tensor input(Path set, int index) {
    return OnnxTensors.read(set.resolve("input_%d.pb".formatted(index)));
  }

  /** The graph's inputs that are not initializers: file K holds the K-th of them. */
  private List<String> inputNames() throws IOException {
    ModelProto model = ModelProto.parseFrom(Files.readAllBytes(folder.resolve("model.onnx")));
    Set<String> initializers =
        model.getGraph().getInitializerList().stream()
            .map(TensorProto::getName)
            .collect(Collectors.toSet());
    List<String> names = new ArrayList<>();
    model.getGraph().getInputList().forEach(input -> names.add(input.getName()));
    names.removeAll(initializers);
    return names;
  }
}
