package dev.tenrec.ir;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableDoubleArray;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.dim.Symbol;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Reading a grid of elements at positions between them. */
public sealed interface Resampling extends Op {

  /** How an element between others is made. */
  enum Interpolation {
    NEAREST,
    LINEAR,
    CUBIC
  }

  /** How a position in the result becomes one in the operand, by the names of ONNX. */
  enum Coordinates {
    HALF_PIXEL,
    HALF_PIXEL_SYMMETRIC,
    PYTORCH_HALF_PIXEL,
    ALIGN_CORNERS,
    ASYMMETRIC
  }

  /** Which neighbour the nearest one is. */
  enum Rounding {
    HALF_DOWN,
    HALF_UP,
    FLOOR,
    CEIL
  }

  /**
   * The parameters of {@link Resize} that only some modes read.
   *
   * @param rounding for {@link Interpolation#NEAREST}
   * @param cubicCoefficient for {@link Interpolation#CUBIC}
   * @param excludeOutside for {@link Interpolation#CUBIC}: leave out what lies beyond the border
   */
  record ResizeMode(
      Interpolation interpolation,
      Coordinates coordinates,
      Rounding rounding,
      double cubicCoefficient,
      boolean excludeOutside) {}

  /**
   * Another size for each dimension.
   *
   * @param sizes the new sizes, int64 [rank]
   * @param scales factors that the positions are computed with, one per dimension; without them the
   *     quotient of the sizes
   */
  record Resize(Value x, Value sizes, Optional<ImmutableDoubleArray> scales, ResizeMode mode)
      implements Resampling {
    @Override
    public ImmutableList<Value> operands() {
      return ImmutableList.of(x, sizes);
    }

    @Override
    public Resize withOperands(ImmutableList<Value> operands) {
      return new Resize(operands.get(0), operands.get(1), scales, mode);
    }

    @Override
    public ImmutableList<TensorType> inferTypes() {
      Typing.index(sizes);
      List<Dim> dims =
          sizes
              .content()
              .<List<Dim>>map(content -> content)
              .orElseGet(
                  () -> IntStream.range(0, x.rank()).<Dim>mapToObj(_ -> Symbol.fresh()).toList());
      Typing.check(dims.size() == x.rank(), "%d sizes for %s", dims.size(), x.type());
      scales.ifPresent(s ->
          Typing.check(
              s.length() == x.rank() && s.stream().allMatch(scale -> scale > 0),
              "scales %s for %s",
              s,
              x.type()));
      return ImmutableList.of(x.type().with(new Shape(ImmutableList.copyOf(dims))));
    }
  }

  /** What lies beyond the border. */
  enum Border {
    ZEROS,
    BORDER,
    REFLECTION
  }

  /**
   * Elements of x at the positions of a grid, in -1 to 1 over each spatial dimension.
   *
   * @param x [N, C, spatial...]
   * @param grid [N, spatial of the result..., number of spatial dimensions], fastest dimension
   *     first
   * @param alignCorners whether -1 and 1 are the centres of the outer elements, not their edges
   */
  record GridSample(
      Value x, Value grid, Interpolation interpolation, Border border, boolean alignCorners)
      implements Resampling {
    @Override
    public ImmutableList<Value> operands() {
      return ImmutableList.of(x, grid);
    }

    @Override
    public GridSample withOperands(ImmutableList<Value> operands) {
      return new GridSample(operands.get(0), operands.get(1), interpolation, border, alignCorners);
    }

    @Override
    public ImmutableList<TensorType> inferTypes() {
      Typing.rankAtLeast(x, 3);
      Typing.rank(grid, x.rank());
      Typing.numeric(x);
      Typing.floating(grid);
      Typing.check(
          Typing.agree(grid.dim(0), x.dim(0))
              && Typing.agree(grid.dim(grid.rank() - 1), Dim.of(x.rank() - 2L)),
          "grid %s does not fit %s",
          grid.type(),
          x.type());
      ImmutableList.Builder<Dim> dims = ImmutableList.<Dim>builder().add(x.dim(0), x.dim(1));
      dims.addAll(grid.shape().dims().subList(1, grid.rank() - 1));
      return ImmutableList.of(x.type().with(new Shape(dims.build())));
    }
  }
}
