package dev.tenrec.onnx;

import static dev.tenrec.ir.Terms.add;
import static dev.tenrec.ir.Terms.along;
import static dev.tenrec.ir.Terms.and;
import static dev.tenrec.ir.Terms.cast;
import static dev.tenrec.ir.Terms.concat;
import static dev.tenrec.ir.Terms.div;
import static dev.tenrec.ir.Terms.element;
import static dev.tenrec.ir.Terms.gather;
import static dev.tenrec.ir.Terms.max;
import static dev.tenrec.ir.Terms.min;
import static dev.tenrec.ir.Terms.mul;
import static dev.tenrec.ir.Terms.number;
import static dev.tenrec.ir.Terms.reduce;
import static dev.tenrec.ir.Terms.reshape;
import static dev.tenrec.ir.Terms.select;
import static dev.tenrec.ir.Terms.sub;
import static dev.tenrec.ir.Terms.transpose;
import static dev.tenrec.ir.Terms.unary;
import static dev.tenrec.ir.Terms.unsqueeze;
import static dev.tenrec.ir.Terms.vector;

import dev.tenrec.ir.Contraction.MatMul;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Reduction.ReduceKind;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.onnx.OperatorTable.Result;
import java.util.ArrayList;
import java.util.List;

/**
 * Pooling of regions: each cell of the result takes the mean or the largest of some samples, which
 * lie on a grid of their own between the elements of the image.
 */
final class RegionImport {
  /** Axes of the samples: [regions, rows, samples, columns, samples, channels]. */
  private static final Integer[] SAMPLES = {2, 4};

  private final NodeContext n;
  private final Value x;
  private final Value regions;
  private final boolean halfPixel;
  private final long samples;
  private final double scale;

  private RegionImport(NodeContext n, boolean halfPixel) {
    this.n = n;
    this.x = n.input(0, 4);
    this.regions = n.input(1, 2);
    this.halfPixel = halfPixel;
    this.samples = n.intAttribute("sampling_ratio", 0);
    this.scale = n.floatAttribute("spatial_scale", 1);
  }

  static Result roiAlign(NodeContext n) {
    return Result.of(new RegionImport(n, false).run());
  }

  static Result roiAlign16(NodeContext n) {
    String mode = n.textAttribute("coordinate_transformation_mode", "half_pixel");
    if (!mode.equals("half_pixel") && !mode.equals("output_half_pixel")) {
      throw n.invalid("coordinate_transformation_mode is '%s'".formatted(mode));
    }
    return Result.of(new RegionImport(n, mode.equals("half_pixel")).run());
  }

  /** What an axis of the image contributes: for a lower and an upper neighbour. */
  private record Neighbours(List<Value> positions, List<Value> shares) {}

  private Value run() {
    if (samples < 1) {
      throw n.unsupported("a sampling ratio that depends on the sizes of regions is not supported")
          .advise("export the model with sampling_ratio >= 1");
    }
    String mode = n.textAttribute("mode", "avg");
    if (!mode.equals("avg") && !mode.equals("max")) {
      throw n.invalid("mode is '%s'".formatted(mode));
    }
    Neighbours rows = neighbours(1, 3, 2, "output_height");
    Neighbours columns = neighbours(0, 2, 3, "output_width");
    Size height = n.sizeOf(x, 2);
    Size width = n.sizeOf(x, 3);
    Value flat =
        reshape(
            transpose(x, 0, 2, 3, 1),
            n.sizes(n.sizeOf(x, 0).times(height).times(width), n.sizeOf(x, 1)));
    Value images = mul(cast(n.input(2, 1), ElementType.INT64), n.sizes(height.times(width)));
    List<Value> corners = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Value inRow = add(along(images, 0, 5), mul(rows.positions.get(i / 2), n.sizes(width)));
      Value corner = gather(flat, add(inRow, columns.positions.get(i % 2)), 0);
      Value share = mul(rows.shares.get(i / 2), columns.shares.get(i % 2));
      corners.add(mul(corner, unsqueeze(share, 5)));
    }
    // The largest is that of the shares of single elements, not of their sums.
    boolean mean = mode.equals("avg");
    Value joined = corners.stream().reduce(mean ? Terms::add : Terms::max).orElseThrow();
    Value cells = reduce(mean ? ReduceKind.MEAN : ReduceKind.MAX, joined, false, SAMPLES);
    return transpose(cells, 0, 3, 1, 2);
  }

  /** As [regions, cells, samples, 1, 1], or with rows before: [regions, 1, 1, cells, samples]. */
  private Neighbours neighbours(int start, int end, int imageAxis, String attribute) {
    Value places = places(start, end, n.intAttribute(attribute, 1));
    Value size = reshape(n.sizes(n.sizeOf(x, imageAxis)));
    Value count = cast(size, x.elementType());
    Value inside =
        and(
            Terms.binary(BinaryKind.GREATER_OR_EQUAL, places, number(places, -1)),
            Terms.binary(BinaryKind.LESS_OR_EQUAL, places, count));
    Value clamped = min(max(places, number(places, 0)), add(count, -1));
    Value lower = unary(UnaryKind.FLOOR, clamped);
    Value fraction = sub(clamped, lower);
    Value lowerPosition = cast(lower, ElementType.INT64);
    Value upperPosition = min(add(lowerPosition, 1), add(size, -1));
    Value zero = number(places, 0);
    List<Value> positions = List.of(lowerPosition, upperPosition);
    List<Value> shares =
        List.of(
            select(inside, sub(number(places, 1), fraction), zero), select(inside, fraction, zero));
    Integer[] others = imageAxis == 2 ? new Integer[] {3, 4} : new Integer[] {1, 2};
    return new Neighbours(
        positions.stream().map(p -> unsqueeze(p, others)).toList(),
        shares.stream().map(s -> unsqueeze(s, others)).toList());
  }

  /** [regions, cells, samples]: where the samples lie in the image. */
  private Value places(int start, int end, long cells) {
    double shift = halfPixel ? -0.5 : 0;
    Value from = add(mul(element(regions, 1, start), scale), shift);
    Value to = add(mul(element(regions, 1, end), scale), shift);
    Value extent = sub(to, from);
    Value atLeast = halfPixel ? extent : max(extent, number(extent, 1));
    Value cell = along(div(atLeast, (double) cells), 0, 3);
    Value index = along(range(cells), 1, 3);
    Value sample = along(div(add(range(samples), 0.5), (double) samples), 2, 3);
    return add(along(from, 0, 3), add(mul(index, cell), mul(sample, cell)));
  }

  private Value range(long count) {
    return cast(IndexingImport.range(n, Size.of(count)), x.elementType());
  }

  /**
   * Positions of a grid that an affine map moves: [N, spatial..., number of spatial dimensions].
   */
  static Result affineGrid(NodeContext n) {
    Value theta = n.input(0, 3);
    Value size = n.input(1);
    int rank = (int) (size.dim(0).value().orElse(0) - 2);
    if (rank != 2 && rank != 3) {
      throw n.invalid("a grid for sizes " + size.type());
    }
    boolean corners = n.flag("align_corners", false);
    Value spatial = cast(Terms.slice(size, 0, 2, rank + 2L), ElementType.INT64);
    Value whole = concat(0, spatial, vector(1));
    List<Value> coordinates = new ArrayList<>();
    for (int i = rank - 1; i >= 0; i--) {
      Value steps = steps(element(spatial, 0, i), corners, theta.elementType());
      coordinates.add(Terms.expand(along(steps, i, rank + 1), whole));
    }
    coordinates.add(Terms.expand(number(theta, 1), whole));
    Value positions = reshape(concat(rank, coordinates), -1, rank + 1L);
    Value moved = new MatMul(positions, theta, false, true).value();
    Value shape = concat(0, n.sizes(n.sizeOf(theta, 0)), spatial, vector(rank));
    return Result.of(reshape(moved, shape));
  }

  /** From -1 to 1, at the centres of as many cells or from corner to corner. */
  private static Value steps(Value count, boolean corners, ElementType type) {
    Value indices = cast(Terms.range(count), type);
    Value total = cast(count, type);
    return corners
        ? add(div(mul(indices, 2), max(add(total, -1), number(total, 1))), -1)
        : add(div(add(mul(indices, 2), 1), total), -1);
  }
}
