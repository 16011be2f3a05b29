package dev.tenrec.onnx;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/** Steps over the fields of a protobuf message without reading their content. */
final class WireReader {
  private static final int VARINT = 0;
  private static final int FIXED_64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED_32 = 5;
  private static final int MAX_VARINT_BITS = 63;

  private final MemorySegment file;
  private final long end;
  private long position;
  private long fieldStart;
  private long lengthStart;
  private long contentStart;
  private int field;
  private int wireType;

  /** Set where the message breaks the rules, and where a number ends outside of it. */
  private boolean broken;

  WireReader(MemorySegment file, long start, long end) {
    this.file = file;
    this.position = start;
    this.end = end;
  }

  /** Moves to the next field; false at the end, and where the message is damaged. */
  boolean next() {
    if (position >= end) {
      return false;
    }
    fieldStart = position;
    long tag = varint();
    field = (int) (tag >>> 3);
    wireType = (int) (tag & 7);
    lengthStart = position;
    long length =
        switch (wireType) {
          case VARINT -> {
            varint();
            yield 0;
          }
          case FIXED_64 -> Long.BYTES;
          case FIXED_32 -> Integer.BYTES;
          case BYTES -> varint();
          default -> -1;
        };
    contentStart = position;
    if (broken || length < 0 || length > end - position) {
      return false;
    }
    position += length;
    return true;
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < MAX_VARINT_BITS && position < end; shift += 7) {
      byte next = file.get(JAVA_BYTE, position++);
      value |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    broken = true;
    return 0;
  }

  int field() {
    return field;
  }

  boolean isBytes() {
    return wireType == BYTES;
  }

  long fieldStart() {
    return fieldStart;
  }

  /** Where the length of the content begins. */
  long lengthStart() {
    return lengthStart;
  }

  long contentStart() {
    return contentStart;
  }

  long length() {
    return position - contentStart;
  }

  long fieldEnd() {
    return position;
  }
}
