package dev.tenrec.ir;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.dim.Dim;
import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * How a kernel moves over the spatial dimensions. One entry for each of them.
 *
 * @param kernel sizes of the kernel
 * @param strides steps between positions, at least 1
 * @param dilations distances between the kernel's elements, at least 1
 * @param before elements of padding in front; ignored unless the mode is explicit
 * @param after elements of padding behind; ignored unless the mode is explicit
 * @param mode how the padding is found
 */
public record Window(
    ImmutableLongArray kernel,
    ImmutableLongArray strides,
    ImmutableLongArray dilations,
    ImmutableLongArray before,
    ImmutableLongArray after,
    Padding mode) {

  /** How padding is found. */
  public enum Padding {
    /** As given; positions that do not fit are dropped. */
    EXPLICIT,
    /**
     * As given; a last one that fits only in part counts, but none that starts behind the input.
     */
    EXPLICIT_ROUND_UP,
    /** Such that the output has {@code ceil(size / stride)} positions; the odd element behind. */
    SAME_UPPER,
    /** As {@link #SAME_UPPER}, with the odd element in front. */
    SAME_LOWER
  }

  public Window {
    int rank = kernel.length();
    for (ImmutableLongArray part : new ImmutableLongArray[] {strides, dilations, before, after}) {
      Typing.check(
          part.length() == rank, "%s does not have one entry per kernel size %s", part, kernel);
    }
    Typing.check(
        LongStream.concat(kernel.stream(), LongStream.concat(strides.stream(), dilations.stream()))
            .allMatch(n -> n >= 1),
        "kernel %s, strides %s and dilations %s must be positive",
        kernel,
        strides,
        dilations);
  }

  /** A window with unit strides and dilations and no padding. */
  public static Window of(long... kernel) {
    ImmutableLongArray ones = fill(kernel.length, 1);
    ImmutableLongArray zeros = fill(kernel.length, 0);
    return new Window(
        ImmutableLongArray.copyOf(kernel), ones, ones, zeros, zeros, Padding.EXPLICIT);
  }

  private static ImmutableLongArray fill(int length, long value) {
    long[] array = new long[length];
    Arrays.fill(array, value);
    return ImmutableLongArray.copyOf(array);
  }

  public int rank() {
    return kernel.length();
  }

  /** The extent of the dilated kernel. */
  public long extent(int i) {
    return Math.addExact(Math.multiplyExact(kernel.get(i) - 1, dilations.get(i)), 1);
  }

  /** The number of positions on a dimension of the given size. */
  Dim outputSize(int i, Dim size) {
    long stride = strides.get(i);
    if (mode == Padding.SAME_UPPER || mode == Padding.SAME_LOWER) {
      return size.dividedUpBy(stride);
    }
    Dim room = size.plus(before.get(i)).plus(after.get(i)).plus(-extent(i));
    room.value()
        .ifPresent(n ->
            Typing.check(
                n >= 0 || (mode == Padding.EXPLICIT_ROUND_UP && n > -stride),
                "kernel %s is larger than the padded input",
                kernel));
    if (mode == Padding.EXPLICIT) {
      return room.dividedBy(Dim.of(stride)).plus(1);
    }
    Dim rounded = room.dividedUpBy(stride).plus(1);
    Dim startingInside = size.plus(before.get(i)).plus(stride - 1).dividedBy(Dim.of(stride));
    return Dim.min(rounded, startingInside);
  }

  /** The padding in front for an input of known size. */
  public long before(int i, long size) {
    return switch (mode) {
      case EXPLICIT, EXPLICIT_ROUND_UP -> before.get(i);
      case SAME_UPPER -> samePadding(i, size) / 2;
      case SAME_LOWER -> Math.ceilDiv(samePadding(i, size), 2);
    };
  }

  /** The padding behind for an input of known size. */
  public long after(int i, long size) {
    return switch (mode) {
      case EXPLICIT, EXPLICIT_ROUND_UP -> after.get(i);
      case SAME_UPPER, SAME_LOWER -> samePadding(i, size) - before(i, size);
    };
  }

  private long samePadding(int i, long size) {
    long positions = Math.ceilDiv(size, strides.get(i));
    return Math.max(0, (positions - 1) * strides.get(i) + extent(i) - size);
  }
}
