package dev.tenrec.onnx;

import static dev.tenrec.ir.Terms.add;
import static dev.tenrec.ir.Terms.concat;
import static dev.tenrec.ir.Terms.constant;
import static dev.tenrec.ir.Terms.expand;
import static dev.tenrec.ir.Terms.gather;
import static dev.tenrec.ir.Terms.mul;
import static dev.tenrec.ir.Terms.number;
import static dev.tenrec.ir.Terms.reshape;
import static dev.tenrec.ir.Terms.vector;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Indexing.ScatterElements;
import dev.tenrec.ir.Indexing.ScatterKind;
import dev.tenrec.ir.Pooling.Pool;
import dev.tenrec.ir.Pooling.PoolKind;
import dev.tenrec.ir.Reduction.ArgReduce;
import dev.tenrec.ir.Shuffle.Pad;
import dev.tenrec.ir.Shuffle.PadMode;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.Window;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.onnx.OperatorTable.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Where the largest elements of windows are, and putting them back there. */
final class PoolingIndicesImport {
  private final NodeContext n;
  private final Value x;
  private final Window window;
  private final long[] image;
  private final long[] output;
  private final boolean columnMajor;

  private PoolingIndicesImport(NodeContext n, Pool pool) {
    this.n = n;
    this.x = pool.x();
    this.window = pool.window();
    this.image = fixedSizes(x);
    this.output = fixedSizes(pool.value());
    this.columnMajor = n.flag("storage_order", false);
  }

  private long[] fixedSizes(Value value) {
    return IntStream.range(2, value.rank())
        .mapToLong(axis -> value.dim(axis).value().orElseThrow(this::open))
        .toArray();
  }

  private TenrecException open() {
    return n.unsupported(
            "indices of the largest elements of %s, without fixed sizes, are not"
                    .formatted(x.type())
                + " supported")
        .advise("export the model with fixed sizes, or without return_indices");
  }

  static List<Result> maxPool(NodeContext n) {
    Pool pool = new Pool(PoolKind.MAX, n.input(0), Windows.pooling(n, n.input(0).rank() - 2));
    if (!n.hasOutput(1)) {
      n.attributes().ignore("storage_order");
      return List.of(Result.of(pool));
    }
    return List.of(Result.of(pool), Result.of(new PoolingIndicesImport(n, pool).indices()));
  }

  /** All elements of each window side by side; the first of the largest is the one. */
  private Value indices() {
    long windows = product(output);
    long taps = window.kernel().stream().reduce(1, Math::multiplyExact);
    Tensor positions = positions(windows, taps);
    Value image = reshape(x, n.sizes(n.sizeOf(x, 0), n.sizeOf(x, 1), Size.of(product(this.image))));
    Value side = gather(image, constant(positions), 2);
    Value largest = new ArgReduce(true, side, 3, false, false).value();
    Value starts = mul(IndexingImport.range(n, Size.of(windows)), taps);
    Tensor shown = columnMajor ? inColumns(positions) : positions;
    Value flat = constant(shown.withSizes(ImmutableLongArray.of(windows * taps)));
    Value within = gather(flat, add(largest, starts), 0);
    Value planes = IndexingImport.range(n, n.sizeOf(x, 0).times(n.sizeOf(x, 1)));
    Value before =
        reshape(
            mul(planes, product(this.image)), n.sizes(n.sizeOf(x, 0), n.sizeOf(x, 1), Size.ONE));
    List<Size> shape = new ArrayList<>(List.of(n.sizeOf(x, 0), n.sizeOf(x, 1)));
    IntStream.range(0, output.length).forEach(i -> shape.add(Size.of(output[i])));
    return reshape(add(within, before), n.sizes(shape));
  }

  private static long product(long[] sizes) {
    long product = 1;
    for (long size : sizes) {
      product = Math.multiplyExact(product, size);
    }
    return product;
  }

  /**
   * [windows, taps]: positions in an image by rows. Padding is replaced by the first element of the
   * window that is none, which changes neither the largest element nor the first of them.
   */
  private Tensor positions(long windows, long taps) {
    long[] positions = new long[Math.toIntExact(Math.multiplyExact(windows, taps))];
    for (int w = 0; w < windows; w++) {
      int start = Math.toIntExact(w * taps);
      long first = 0;
      for (int tap = (int) taps - 1; tap >= 0; tap--) {
        positions[start + tap] = position(w, tap);
        first = positions[start + tap] < 0 ? first : positions[start + tap];
      }
      for (int tap = 0; tap < taps; tap++) {
        positions[start + tap] = positions[start + tap] < 0 ? first : positions[start + tap];
      }
    }
    return Tensor.ofLongs(
        ElementType.INT64, ImmutableLongArray.of(windows, taps), i -> positions[i]);
  }

  private long position(long windowIndex, long tapIndex) {
    long position = 0;
    long stride = 1;
    for (int i = image.length - 1; i >= 0; i--) {
      long place =
          windowIndex % output[i] * window.strides().get(i)
              + tapIndex % window.kernel().get(i) * window.dilations().get(i)
              - window.before(i, image[i]);
      if (place < 0 || place >= image[i]) {
        return -1;
      }
      position += place * stride;
      stride *= image[i];
      windowIndex /= output[i];
      tapIndex /= window.kernel().get(i);
    }
    return position;
  }

  /** Positions by columns: the first spatial dimension is the fastest. */
  private Tensor inColumns(Tensor positions) {
    return Tensor.ofLongs(
        ElementType.INT64, positions.sizes(), i -> inColumns(positions.getLong(i)));
  }

  private long inColumns(long byRows) {
    long result = 0;
    for (int i = image.length - 1; i >= 0; i--) {
      result = result * image[i] + byRows % image[i];
      byRows /= image[i];
    }
    return result;
  }

  /** Elements at their places among zeros; a given output shape adds zeros behind. */
  static Result maxUnpool(NodeContext n) {
    Value x = n.input(0);
    Window window = Windows.pooling(n, x.rank() - 2);
    List<Size> sizes = new ArrayList<>(List.of(n.sizeOf(x, 0), n.sizeOf(x, 1)));
    for (int i = 0; i < window.rank(); i++) {
      long padding = window.before().get(i) + window.after().get(i);
      sizes.add(
          n.sizeOf(x, i + 2)
              .plus(-1)
              .times(window.strides().get(i))
              .plus(window.kernel().get(i) - padding));
    }
    Value zeros = expand(number(x, 0), n.sizes(Size.product(sizes)));
    Value scattered =
        new ScatterElements(ScatterKind.REPLACE, zeros, reshape(n.input(1), -1), reshape(x, -1), 0)
            .value();
    Value image = reshape(scattered, n.sizes(sizes));
    return Result.of(n.optionalInput(2).map(wanted -> enlarged(image, wanted)).orElse(image));
  }

  private static Value enlarged(Value image, Value wanted) {
    Value missing = Terms.sub(wanted, Terms.shapeOf(image));
    Value none = vector(new long[image.rank()]);
    return new Pad(image, concat(0, none, missing), number(image, 0), PadMode.CONSTANT).value();
  }
}
