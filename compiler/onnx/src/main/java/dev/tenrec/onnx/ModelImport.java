package dev.tenrec.onnx;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.onnx.proto.ModelProto;
import dev.tenrec.onnx.proto.OperatorSetIdProto;
import dev.tenrec.onnx.proto.TensorProto;
import dev.tenrec.onnx.proto.ValueInfoProto;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The import of one file: what all of its graphs share. */
final class ModelImport {
  private static final long OLDEST_OPSET = 1;
  private static final long NEWEST_OPSET = 27;

  private final Path file;
  private final Findings findings;
  private final ImmutableMap<String, Tensor> constants;
  private final ModelProto model;
  private final TensorReader tensors;
  private final Map<String, Long> opsets = new HashMap<>();
  private final FunctionTable functions = new FunctionTable();
  private final KnownValues known = new KnownValues();

  ModelImport(Path file, Findings findings, Map<String, Tensor> constants) {
    this.file = file;
    this.constants = ImmutableMap.copyOf(constants);
    this.findings = findings;
    ProtoFiles.Content<ModelProto> content =
        ProtoFiles.read(file, Skeleton.Kind.MODEL, ModelProto.parser());
    this.model = content.message();
    Path folder = file.toAbsolutePath().getParent();
    ExternalData external = new ExternalData(folder == null ? file : folder);
    this.tensors = new TensorReader(external, content.weights());
  }

  Graph run() {
    if (!model.hasGraph()) {
      throw new TenrecException(ErrorCode.INVALID_MODEL, "it is not an ONNX model: it has no graph")
          .advise("export or download it again");
    }
    opsets.putAll(opsets(model.getOpsetImportList()));
    functions.add(model.getFunctionsList());
    GraphImport graph = GraphImport.main(this, model.getGraph());
    return graph.run();
  }

  OnnxImporter.Names names() {
    Set<String> initialized =
        model.getGraph().getInitializerList().stream()
            .map(TensorProto::getName)
            .collect(Collectors.toSet());
    return new OnnxImporter.Names(
        model.getGraph().getInputList().stream()
            .map(ValueInfoProto::getName)
            .filter(name -> !initialized.contains(name))
            .collect(ImmutableList.toImmutableList()),
        model.getGraph().getOutputList().stream()
            .map(ValueInfoProto::getName)
            .collect(ImmutableList.toImmutableList()));
  }

  /** Versions by domain, of which that of the standard operators is checked. */
  static Map<String, Long> opsets(List<OperatorSetIdProto> imports) {
    Map<String, Long> versions = new HashMap<>();
    imports.forEach(
        opset -> versions.put(OperatorTable.domain(opset.getDomain()), opset.getVersion()));
    long version = versions.getOrDefault("", NEWEST_OPSET);
    if (version < OLDEST_OPSET || version > NEWEST_OPSET) {
      throw new TenrecException(
              ErrorCode.UNSUPPORTED,
              "opset %d is not supported, only %d to %d"
                  .formatted(version, OLDEST_OPSET, NEWEST_OPSET))
          .advise("export the model with opset 18 or convert it with onnx.version_converter");
    }
    return versions;
  }

  /** The versions of operators by domain. */
  Map<String, Long> opsets() {
    return opsets;
  }

  FunctionTable functions() {
    return functions;
  }

  KnownValues known() {
    return known;
  }

  /** Inputs that are to be constants. */
  ImmutableMap<String, Tensor> constants() {
    return constants;
  }

  String fileName() {
    Path name = file.getFileName();
    return name == null ? file.toString() : name.toString();
  }

  Findings findings() {
    return findings;
  }

  TensorReader tensors() {
    return tensors;
  }
}
