package dev.tenrec.onnx;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Indexing.Gather;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Shuffle.Concat;
import dev.tenrec.ir.Shuffle.Reshape;
import dev.tenrec.ir.Shuffle.Slice;
import dev.tenrec.ir.Shuffle.Unsqueeze;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Dim;

/**
 * Rotary position embedding: pairs of elements are turned by an angle that depends on the position.
 * A pair lies side by side (interleaved), or half of the rotated size apart.
 */
final class RotaryImport {
  private final NodeContext n;
  private final boolean interleaved;

  /** [N, heads, steps, size], or [N, steps, heads, size] of a flat input. */
  private final Value x;

  private final int headAxis;

  private RotaryImport(NodeContext n) {
    this.n = n;
    this.interleaved = n.flag("interleaved", false);
    long heads = n.intAttribute("num_heads", 0);
    boolean flat = n.input(0).rank() == 3;
    if (flat && heads < 1) {
      throw n.invalid("a flat input needs num_heads");
    }
    this.headAxis = flat ? 2 : 1;
    this.x = flat ? new Reshape(n.input(0), n.longs(0, 0, heads, -1), true).value() : n.input(0, 4);
  }

  static Op rotate(NodeContext n) {
    RotaryImport rotation = new RotaryImport(n);
    Value rotated = rotation.run();
    return new Reshape(rotated, new Source.ShapeOf(n.input(0)).value(), false);
  }

  private Value run() {
    long size = n.intAttribute("rotary_embedding_dim", 0);
    if (size == 0) {
      size =
          x.dim(3)
              .value()
              .orElseThrow(() -> n.unsupported("the size of the heads of %s is open".formatted(x)));
    }
    Value first = interleaved ? slice(0, size, 2) : slice(0, size / 2, 1);
    Value second = interleaved ? slice(1, size, 2) : slice(size / 2, size, 1);
    Value cosine = angles(1);
    Value sine = angles(2);
    Value turnedFirst = difference(product(cosine, first), product(sine, second));
    Value turnedSecond = sum(product(sine, first), product(cosine, second));
    Value turned =
        interleaved ? interleave(turnedFirst, turnedSecond) : joined(turnedFirst, turnedSecond);
    return x.dim(3).equals(Dim.of(size)) ? turned : joined(turned, slice(size, Long.MAX_VALUE, 1));
  }

  private Value slice(long from, long to, long step) {
    return new Slice(
            x, n.longs(from), n.longs(to), ImmutableList.of(3), ImmutableLongArray.of(step))
        .value();
  }

  /** [N, 1, steps, size / 2], with the axis of the heads where x has it. */
  private Value angles(int input) {
    Value cache = n.input(input);
    Value perStep =
        n.optionalInput(3).map(positions -> new Gather(cache, positions, 0).value()).orElse(cache);
    return new Unsqueeze(perStep, ImmutableList.of(headAxis)).value();
  }

  private static Value joined(Value a, Value b) {
    return new Concat(ImmutableList.of(a, b), 3).value();
  }

  private Value interleave(Value a, Value b) {
    ImmutableList<Integer> last = ImmutableList.of(4);
    Value pairs =
        new Concat(
                ImmutableList.of(new Unsqueeze(a, last).value(), new Unsqueeze(b, last).value()), 4)
            .value();
    Value shape = n.sizes(n.sizeOf(a, 0), n.sizeOf(a, 1), n.sizeOf(a, 2), n.sizeOf(a, 3).times(2));
    return new Reshape(pairs, shape, false).value();
  }

  private static Value product(Value a, Value b) {
    return new Binary(BinaryKind.MUL, a, b).value();
  }

  private static Value sum(Value a, Value b) {
    return new Binary(BinaryKind.ADD, a, b).value();
  }

  private static Value difference(Value a, Value b) {
    return new Binary(BinaryKind.SUB, a, b).value();
  }
}
