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

/** Reads protobuf messages from mapped files; their bytes fields are views of the mapped memory. */
final class ProtoFiles {
  private ProtoFiles() {}

  static <T extends MessageLite> T read(Path file, Parser<T> parser) {
    MemorySegment content = MappedFiles.map(file);
    if (content.byteSize() == 0) {
      throw new TenrecException(ErrorCode.INVALID_MODEL, "the file is empty");
    }
    if (content.byteSize() > Integer.MAX_VALUE) {
      throw new TenrecException(
              ErrorCode.TOO_LARGE,
              "the file has %d bytes, but protobuf ends at 2 GiB".formatted(content.byteSize()))
          .advise("save the model with external data");
    }
    CodedInputStream input =
        UnsafeByteOperations.unsafeWrap(content.asByteBuffer()).newCodedInput();
    input.enableAliasing(true);
    try {
      return parser.parseFrom(input);
    } catch (InvalidProtocolBufferException e) {
      throw new TenrecException(
              ErrorCode.INVALID_MODEL, "it is not an ONNX file, or damaged: " + e.getMessage(), e)
          .advise("export or download it again");
    } catch (OutOfMemoryError e) {
      throw new TenrecException(ErrorCode.TOO_LARGE, "the heap is too small for it", e);
    }
  }
}
