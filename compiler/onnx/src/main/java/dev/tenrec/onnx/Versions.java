package dev.tenrec.onnx;

import dev.tenrec.onnx.proto.AttributeProto;
import dev.tenrec.onnx.proto.GraphProto;
import dev.tenrec.onnx.proto.NodeProto;
import dev.tenrec.onnx.proto.TensorProto;
import dev.tenrec.onnx.proto.TensorProto.DataType;
import dev.tenrec.onnx.proto.ValueInfoProto;

/**
 * The versions of ONNX that a model needs: 21 of the operators and 10 of the format, unless it has
 * types or operators that came later. What is written for 21 means the same in all of these.
 *
 * @param opset of ONNX's own operators
 * @param format of the model, ONNX's "IR version"
 */
record Versions(int opset, int format) {
  private static final Versions USUAL = new Versions(21, 10);
  private static final Versions WITH_FLOAT4 = new Versions(23, 11);
  private static final Versions WITH_POWERS_OF_TWO = new Versions(24, 12);
  private static final Versions WITH_INT2 = new Versions(25, 13);
  private static final Versions WITH_BIT_CAST = new Versions(26, 13);

  static Versions of(GraphProto graph) {
    Versions needed = USUAL;
    for (ValueInfoProto input : graph.getInputList()) {
      needed = needed.and(ofType(input.getType().getTensorType().getElemType()));
    }
    for (TensorProto tensor : graph.getInitializerList()) {
      needed = needed.and(ofType(tensor.getDataType()));
    }
    for (NodeProto node : graph.getNodeList()) {
      needed = needed.and(of(node));
    }
    return needed;
  }

  private static Versions of(NodeProto node) {
    Versions needed = node.getOpType().equals("BitCast") ? WITH_BIT_CAST : USUAL;
    for (AttributeProto attribute : node.getAttributeList()) {
      boolean type = attribute.getName().equals("to") || attribute.getName().equals("output_dtype");
      needed = type ? needed.and(ofType((int) attribute.getI())) : needed;
      needed = attribute.hasG() ? needed.and(of(attribute.getG())) : needed;
    }
    return needed;
  }

  private static Versions ofType(int number) {
    DataType type = DataType.forNumber(number);
    return switch (type) {
      case FLOAT4E2M1 -> WITH_FLOAT4;
      case FLOAT8E8M0 -> WITH_POWERS_OF_TWO;
      case INT2, UINT2 -> WITH_INT2;
      case null, default -> USUAL;
    };
  }

  private Versions and(Versions other) {
    return new Versions(Math.max(opset, other.opset), Math.max(format, other.format));
  }
}
