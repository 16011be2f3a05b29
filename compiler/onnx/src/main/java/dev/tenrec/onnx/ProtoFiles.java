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
      throw new TenrecException(ErrorCode.INVALID_MODEL, "'%s' is empty".formatted(file));
    }
    if (content.byteSize() > Integer.MAX_VALUE) {
      throw new TenrecException(
              ErrorCode.TOO_LARGE,
              "'%s' has %d bytes, but protobuf ends at 2 GiB".formatted(file, content.byteSize()))
          .advise("save the model with external data");
    }
    CodedInputStream input =
        UnsafeByteOperations.unsafeWrap(content.asByteBuffer()).newCodedInput();
    input.enableAliasing(true);
    try {
      return parser.parseFrom(input);
    } catch (InvalidProtocolBufferException e) {
      throw new TenrecException(
              ErrorCode.INVALID_MODEL,
              "'%s' is not an ONNX file or is damaged: %s".formatted(file, e.getMessage()),
              e)
          .advise("export or download it again");
    } catch (OutOfMemoryError e) {
      throw new TenrecException(
          ErrorCode.TOO_LARGE, "the heap is too small for '%s'".formatted(file), e);
    }
  }
}
