package dev.tenrec.compiler.data;

import com.google.common.base.Splitter;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The description in front of the elements of a {@code .npy} file: a Python dictionary.
 *
 * @param fortranOrder whether the first axis is the fastest
 */
record NpyHeader(ElementType elementType, ImmutableLongArray sizes, boolean fortranOrder) {
  private static final Pattern DICTIONARY =
      Pattern.compile(
          "\\{\\s*'descr':\\s*'([^']{1,16})',\\s*'fortran_order':\\s*(True|False),\\s*"
              + "'shape':\\s*\\(([0-9, ]*)\\),?\\s*}\\s*");

  static NpyHeader parse(String text) {
    Matcher matcher = DICTIONARY.matcher(text);
    if (!matcher.matches()) {
      throw new TenrecException(
          ErrorCode.INVALID_INPUT, "the array's header is not understood: " + text.strip());
    }
    ImmutableLongArray.Builder sizes = ImmutableLongArray.builder();
    for (String size : Splitter.on(',').split(matcher.group(3))) {
      if (!size.isBlank()) {
        sizes.add(size(size.strip()));
      }
    }
    return new NpyHeader(
        elementType(matcher.group(1)), sizes.build(), matcher.group(2).equals("True"));
  }

  private static long size(String digits) {
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      throw new TenrecException(
          ErrorCode.INVALID_INPUT, "the size %s is no number".formatted(digits), e);
    }
  }

  private static ElementType elementType(String description) {
    return switch (description) {
      case "<f4" -> ElementType.FLOAT32;
      case "<f2" -> ElementType.FLOAT16;
      case "<f8" -> ElementType.FLOAT64;
      case "|i1" -> ElementType.INT8;
      case "<i2" -> ElementType.INT16;
      case "<i4" -> ElementType.INT32;
      case "<i8" -> ElementType.INT64;
      case "|u1" -> ElementType.UINT8;
      case "<u2" -> ElementType.UINT16;
      case "<u4" -> ElementType.UINT32;
      case "<u8" -> ElementType.UINT64;
      case "|b1" -> ElementType.BOOL;
      default ->
          throw new TenrecException(
                  ErrorCode.INVALID_INPUT,
                  "arrays of type '%s' cannot be read".formatted(description))
              .advise("save little-endian numbers or booleans");
    };
  }

  /** NumPy's name of an element type. */
  private static String description(ElementType elementType) {
    return switch (elementType) {
      case FLOAT32 -> "<f4";
      case FLOAT16 -> "<f2";
      case FLOAT64 -> "<f8";
      case INT8 -> "|i1";
      case INT16 -> "<i2";
      case INT32 -> "<i4";
      case INT64 -> "<i8";
      case UINT8 -> "|u1";
      case UINT16 -> "<u2";
      case UINT32 -> "<u4";
      case UINT64 -> "<u8";
      case BOOL -> "|b1";
      case BFLOAT16, FLOAT8E4M3FN, FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ ->
          throw new IllegalArgumentException(elementType.text());
      case FLOAT8E8M0, FLOAT4E2M1, INT2, UINT2, INT4, UINT4 ->
          throw new IllegalArgumentException(elementType.text());
    };
  }

  /** The type that an array in a file has: the narrowest that NumPy knows and that holds it. */
  static ElementType storedAs(ElementType elementType) {
    return switch (elementType) {
      case BFLOAT16, FLOAT8E4M3FN, FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ ->
          ElementType.FLOAT32;
      case FLOAT8E8M0, FLOAT4E2M1 -> ElementType.FLOAT32;
      case INT2, INT4 -> ElementType.INT8;
      case UINT2, UINT4 -> ElementType.UINT8;
      case FLOAT32, FLOAT16, FLOAT64, INT8, INT16, INT32, INT64 -> elementType;
      case UINT8, UINT16, UINT32, UINT64, BOOL -> elementType;
    };
  }

  /** The dictionary as NumPy writes it. */
  String text() {
    String shape =
        sizes.stream().mapToObj(Long::toString).collect(Collectors.joining(", "))
            + (sizes.length() == 1 ? "," : "");
    return "{'descr': '%s', 'fortran_order': %s, 'shape': (%s), }"
        .formatted(description(elementType), fortranOrder ? "True" : "False", shape);
  }
}
