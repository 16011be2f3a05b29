package dev.tenrec.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.onnx.proto.GraphProto;
import dev.tenrec.onnx.proto.ModelProto;
import dev.tenrec.onnx.proto.OperatorSetIdProto;
import dev.tenrec.onnx.proto.TensorProto;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/**
 * Writes graphs as ONNX models of opset 21, or a later one for types that it lacks.
 *
 * <p>Names of inputs and outputs, symbols of dimensions and the places of nodes are kept. An
 * operation without an operator in ONNX becomes several. The same graph gives the same bytes, and
 * exporting what was imported from an exported model gives that model again, once the operations
 * that become several have done so.
 */
public final class OnnxExporter {
  /** Protobuf ends at 2 GiB; the nodes need some room too. */
  private static final long MAX_EMBEDDED = 1_500_000_000;

  private OnnxExporter() {}

  /**
   * The model in one piece.
   *
   * @throws TenrecException if the weights do not fit, or an operation has no counterpart in ONNX
   */
  public static byte[] toBytes(Graph graph) {
    Initializers initializers = new Initializers();
    GraphProto.Builder proto = export(graph, initializers);
    if (bytes(initializers) > MAX_EMBEDDED) {
      throw new TenrecException(
              ErrorCode.TOO_LARGE,
              "weights of %d bytes do not fit into one message".formatted(bytes(initializers)))
          .advise("write the model to a file, with external data");
    }
    initializers
        .all()
        .forEach(
            (name, tensor) -> proto.addInitializer(header(name, tensor).setRawData(raw(tensor))));
    return model(proto).toByteArray();
  }

  /**
   * Writes a model; weights of more than 1.5 GB go into a file of the same name with {@code .data}
   * behind it. Files appear under their names when they are complete.
   */
  public static void write(Graph graph, Path file) {
    Initializers initializers = new Initializers();
    GraphProto.Builder proto = export(graph, initializers);
    if (bytes(initializers) > MAX_EMBEDDED) {
      writeExternal(proto, initializers, file);
      return;
    }
    initializers
        .all()
        .forEach(
            (name, tensor) -> proto.addInitializer(header(name, tensor).setRawData(raw(tensor))));
    write(model(proto), file);
  }

  /** As {@link #write}, with a file for the weights whatever their size. */
  public static void writeWithExternalData(Graph graph, Path file) {
    Initializers initializers = new Initializers();
    writeExternal(export(graph, initializers), initializers, file);
  }

  private static GraphProto.Builder export(Graph graph, Initializers initializers) {
    return new GraphExport(graph, new Names.OfModel(), initializers).main().toBuilder();
  }

  private static long bytes(Initializers initializers) {
    return initializers.all().values().stream().mapToLong(tensor -> tensor.data().byteSize()).sum();
  }

  private static ModelProto model(GraphProto.Builder graph) {
    Versions versions = Versions.of(graph.build());
    return ModelProto.newBuilder()
        .setIrVersion(versions.format())
        .setProducerName("tenrec")
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(versions.opset()))
        .setGraph(graph)
        .build();
  }

  static TensorProto.Builder header(String name, Tensor tensor) {
    return TensorProto.newBuilder()
        .setName(name)
        .setDataType(ElementTypes.number(tensor.elementType()))
        .addAllDims(tensor.sizes().asList());
  }

  private static ByteString raw(Tensor tensor) {
    MemorySegment data = tensor.data();
    boolean viewable = data.isNative() || data.heapBase().orElse(null) instanceof byte[];
    return viewable
        ? UnsafeByteOperations.unsafeWrap(data.asByteBuffer())
        : UnsafeByteOperations.unsafeWrap(data.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE));
  }

  private static void writeExternal(
      GraphProto.Builder graph, Initializers initializers, Path file) {
    Path name = file.getFileName();
    Path data = file.resolveSibling(name + ".data");
    Map<String, Tensor> tensors = initializers.all();
    ExternalDataWriter.write(tensors, data).forEach(graph::addInitializer);
    write(model(graph), file);
  }

  private static void write(ModelProto model, Path file) {
    Path partial = ExternalDataWriter.partial(file);
    try {
      try (var out = Files.newOutputStream(partial)) {
        model.writeTo(out);
      }
      Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw ExternalDataWriter.failed(file, partial, e);
    }
  }
}
