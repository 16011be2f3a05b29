package dev.tenrec.onnx;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A protobuf message on the heap without the large weights in it. These stay in the mapped file:
 * protobuf itself would copy them. In their place stands a field that no format uses, with an index
 * into {@link #weights}.
 *
 * <p>What breaks protobuf's rules is copied as it is, for protobuf to complain about.
 */
final class Skeleton {
  /** The largest number that a field can have. */
  static final int INDEX_FIELD = (1 << 29) - 1;

  /** A message that is not larger can hold no weights worth leaving where they are. */
  private static final long SMALL = 4096;

  /** Protobuf refuses deeper nesting anyway. */
  private static final int MAX_DEPTH = 100;

  private static final int RAW_DATA = 9;
  private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

  /** The messages on the way to a tensor, with the numbers of their fields. */
  enum Kind {
    TENSOR,
    ATTRIBUTE,
    NODE,
    GRAPH,
    FUNCTION,
    MODEL;

    private Map<Integer, Kind> fields() {
      return switch (this) {
        case TENSOR -> ImmutableMap.of();
        case ATTRIBUTE -> ImmutableMap.of(5, TENSOR, 6, GRAPH, 10, TENSOR, 11, GRAPH);
        case NODE -> ImmutableMap.of(5, ATTRIBUTE);
        case GRAPH -> ImmutableMap.of(1, NODE, 5, TENSOR);
        case FUNCTION -> ImmutableMap.of(7, NODE, 11, ATTRIBUTE);
        case MODEL -> ImmutableMap.of(7, GRAPH, 25, FUNCTION);
      };
    }
  }

  private final MemorySegment file;
  private final List<MemorySegment> weights = new ArrayList<>();
  private final byte[] bytes;

  Skeleton(MemorySegment file, Kind kind) {
    this.file = file;
    this.bytes = rewritten(kind, 0, file.byteSize(), 0);
  }

  byte[] bytes() {
    return bytes;
  }

  List<MemorySegment> weights() {
    return weights;
  }

  private byte[] rewritten(Kind kind, long start, long end, int depth) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    WireReader in = new WireReader(file, start, end);
    long copied = start;
    while (depth < MAX_DEPTH && in.next()) {
      boolean large = in.isBytes() && in.length() > SMALL;
      Optional<Kind> nested = Optional.ofNullable(kind.fields().get(in.field())).filter(_ -> large);
      boolean isWeights = large && kind == Kind.TENSOR && in.field() == RAW_DATA;
      boolean isForged = kind == Kind.TENSOR && in.field() == INDEX_FIELD;
      if (nested.isPresent() || isWeights || isForged) {
        copy(copied, in.fieldStart(), out);
        copied = in.fieldEnd();
      }
      if (isWeights) {
        writeVarint(out, (long) INDEX_FIELD << 3);
        writeVarint(out, weights.size());
        weights.add(file.asSlice(in.contentStart(), in.length()));
      } else if (nested.isPresent()) {
        byte[] content = rewritten(nested.get(), in.contentStart(), in.fieldEnd(), depth + 1);
        copy(in.fieldStart(), in.lengthStart(), out);
        writeVarint(out, content.length);
        out.writeBytes(content);
      }
    }
    copy(copied, end, out);
    return out.toByteArray();
  }

  private void copy(long from, long to, ByteArrayOutputStream out) {
    if (to - from > MAX_ARRAY) {
      throw new TenrecException(
              ErrorCode.TOO_LARGE, "it is %d bytes large without its weights".formatted(to - from))
          .advise("save the model with raw or external data");
    }
    out.writeBytes(file.asSlice(from, to - from).toArray(JAVA_BYTE));
  }

  private static void writeVarint(ByteArrayOutputStream out, long value) {
    long rest = value;
    while (rest > 0x7f) {
      out.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }
}
