package dev.tenrec.onnx;

import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.Location;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.onnx.proto.TensorProto;
import java.nio.file.Path;

/** Single tensors in files, as in ONNX's test data ({@code input_0.pb}). */
public final class OnnxTensors {
  private OnnxTensors() {}

  /**
   * The tensor that a file holds; its elements stay in the mapped file.
   *
   * @throws TenrecException if the file cannot be read or is not a tensor
   */
  public static Tensor read(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    try {
      ProtoFiles.Content<TensorProto> content =
          ProtoFiles.read(file, Skeleton.Kind.TENSOR, TensorProto.parser());
      ExternalData external = new ExternalData(folder == null ? file : folder);
      return new TensorReader(external, content.weights()).read(content.message());
    } catch (TenrecException e) {
      // Errors of reading and writing name the file themselves.
      throw e.code() == ErrorCode.IO ? e : e.at(new Location.Synthetic(file.toString()));
    }
  }
}
