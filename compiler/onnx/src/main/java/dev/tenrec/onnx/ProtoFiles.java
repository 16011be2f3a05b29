package dev.tenrec.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;

/** Reads protobuf messages from files; large weights stay in the mapped file. */
final class ProtoFiles {
  private ProtoFiles() {}

  /**
   * A message without its large weights.
   *
   * @param weights what tensors refer to by {@link Skeleton#INDEX_FIELD}
   */
  record Content<T>(T message, List<MemorySegment> weights) {}

  static <T extends MessageLite> Content<T> read(Path file, Skeleton.Kind kind, Parser<T> parser) {
    MemorySegment content = MappedFiles.map(file);
    if (content.byteSize() == 0) {
      throw new TenrecException(ErrorCode.INVALID_MODEL, "the file is empty");
    }
    try {
      Skeleton skeleton = new Skeleton(content, kind);
      CodedInputStream input = UnsafeByteOperations.unsafeWrap(skeleton.bytes()).newCodedInput();
      input.enableAliasing(true);
      return new Content<>(parser.parseFrom(input), skeleton.weights());
    } catch (InvalidProtocolBufferException e) {
      throw new TenrecException(
              ErrorCode.INVALID_MODEL, "it is not an ONNX file, or damaged: " + e.getMessage(), e)
          .advise("export or download it again");
    } catch (OutOfMemoryError e) {
      throw new TenrecException(ErrorCode.TOO_LARGE, "the heap is too small for it", e)
          .advise("save the model with external data, or give Java more memory");
    }
  }
}
