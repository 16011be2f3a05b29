package dev.tenrec.onnx;

import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.onnx.OperatorTable.Handler;
import dev.tenrec.onnx.OperatorTable.Result;
import dev.tenrec.onnx.proto.AttributeProto;
import dev.tenrec.onnx.proto.FunctionProto;
import dev.tenrec.onnx.proto.GraphProto;
import dev.tenrec.onnx.proto.NodeProto;
import dev.tenrec.onnx.proto.ValueInfoProto;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The functions that a model brings along. A call becomes the nodes of the function's body, in
 * which attributes that refer to parameters take the values of the call.
 */
final class FunctionTable {
  /** Functions that call each other twice, many levels deep, would otherwise never end. */
  private static final int MAX_CALLS = 100_000;

  private final Map<Key, FunctionProto> functions = new HashMap<>();
  private int calls;

  private record Key(String domain, String name, String overload) {}

  void add(List<FunctionProto> protos) {
    for (FunctionProto function : protos) {
      String domain = OperatorTable.domain(function.getDomain());
      Key key = new Key(domain, function.getName(), function.getOverload());
      if (functions.put(key, function) != null) {
        throw new TenrecException(
            ErrorCode.INVALID_MODEL, "two functions are named '%s'".formatted(function.getName()));
      }
    }
  }

  /** What a node means, if it calls a function. */
  Optional<Handler> handler(NodeProto node) {
    if (functions.isEmpty()) {
      return Optional.empty();
    }
    String domain = OperatorTable.domain(node.getDomain());
    Key key = new Key(domain, node.getOpType(), node.getOverload());
    return Optional.ofNullable(functions.get(key))
        .map(function -> {
          Handler handler = call -> inline(call, function);
          return handler.withInputs(function.getInputCount());
        });
  }

  private List<Result> inline(NodeContext call, FunctionProto function) {
    if (++calls > MAX_CALLS) {
      throw new TenrecException(
          ErrorCode.TOO_LARGE, "functions are called more than %d times".formatted(MAX_CALLS));
    }
    Map<String, Datum> parameters = new HashMap<>();
    for (int i = 0; i < function.getInputCount(); i++) {
      String name = function.getInput(i);
      call.optionalDatum(i).ifPresent(datum -> parameters.put(name, datum));
    }
    GraphProto body = body(function, attributes(call, function), parameters);
    Map<String, Long> opsets = ModelImport.opsets(function.getOpsetImportList());
    return GraphImport.inline(call, body, opsets, parameters).stream().map(Result::of).toList();
  }

  /** The attributes that the call gives, and the defaults of others. */
  private static Map<String, AttributeProto> attributes(NodeContext call, FunctionProto function) {
    Map<String, AttributeProto> attributes = new HashMap<>();
    function.getAttributeProtoList().forEach(a -> attributes.put(a.getName(), a));
    call.attributes().all().forEach(a -> attributes.put(a.getName(), a));
    return attributes;
  }

  private static GraphProto body(
      FunctionProto function,
      Map<String, AttributeProto> attributes,
      Map<String, Datum> parameters) {
    GraphProto.Builder body = GraphProto.newBuilder().setName(function.getName());
    for (NodeProto node : function.getNodeList()) {
      NodeProto.Builder bound = bound(node, attributes).toBuilder();
      for (int i = 0; i < bound.getInputCount(); i++) {
        // What the call leaves out is left out inside as well.
        if (function.getInputList().contains(bound.getInput(i))
            && !parameters.containsKey(bound.getInput(i))) {
          bound.setInput(i, "");
        }
      }
      body.addNode(bound);
    }
    function
        .getOutputList()
        .forEach(name -> body.addOutput(ValueInfoProto.newBuilder().setName(name)));
    return body.build();
  }

  private static NodeProto bound(NodeProto node, Map<String, AttributeProto> attributes) {
    if (node.getAttributeList().stream().noneMatch(FunctionTable::mayRefer)) {
      return node;
    }
    NodeProto.Builder bound = node.toBuilder().clearAttribute();
    for (AttributeProto attribute : node.getAttributeList()) {
      if (attribute.getRefAttrName().isEmpty()) {
        bound.addAttribute(attribute.hasG() ? inGraph(attribute, attributes) : attribute);
      } else {
        AttributeProto given = attributes.get(attribute.getRefAttrName());
        if (given != null) {
          bound.addAttribute(given.toBuilder().setName(attribute.getName()));
        }
      }
    }
    return bound.build();
  }

  private static boolean mayRefer(AttributeProto attribute) {
    return attribute.hasG() || !attribute.getRefAttrName().isEmpty();
  }

  private static AttributeProto inGraph(
      AttributeProto attribute, Map<String, AttributeProto> attributes) {
    GraphProto.Builder graph = attribute.getG().toBuilder();
    for (int i = 0; i < graph.getNodeCount(); i++) {
      graph.setNode(i, bound(graph.getNode(i), attributes));
    }
    return attribute.toBuilder().setG(graph).build();
  }
}
