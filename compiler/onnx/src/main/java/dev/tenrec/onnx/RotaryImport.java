package dev.tenrec.onnx;

import static dev.tenrec.ir.Terms.add;
import static dev.tenrec.ir.Terms.concat;
import static dev.tenrec.ir.Terms.gather;
import static dev.tenrec.ir.Terms.mul;
import static dev.tenrec.ir.Terms.reshape;
import static dev.tenrec.ir.Terms.reshapeKeeping;
import static dev.tenrec.ir.Terms.shapeOf;
import static dev.tenrec.ir.Terms.sub;
import static dev.tenrec.ir.Terms.unsqueeze;
import static dev.tenrec.ir.Terms.vector;

import dev.tenrec.ir.Attention.RotaryEmbedding;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Shuffle.Reshape;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Dim;
import java.util.Optional;

/**
 * Rotary position embedding: pairs of elements are turned by an angle that depends on the position.
 * A pair lies side by side (interleaved), or half of the rotated size apart.
 */
final class RotaryImport {
  private final NodeContext n;
  private final boolean interleaved;

  /** [N, heads, steps, size], or [N, steps, heads, size] of a flat input. */
  private final Value x;

  private final long size;

  /** Cosines and sines, [N, steps, size / 2] with an axis of size 1 for the heads. */
  private final Value cosine;

  private final Value sine;

  private RotaryImport(NodeContext n, Value x, int headAxis, Value cosine, Value sine) {
    this.n = n;
    this.interleaved = n.flag("interleaved", false);
    this.x = x;
    this.size = n.intAttribute("rotary_embedding_dim", 0);
    this.cosine = unsqueeze(cosine, headAxis);
    this.sine = unsqueeze(sine, headAxis);
  }

  static Op rotate(NodeContext n) {
    long heads = n.intAttribute("num_heads", 0);
    boolean flat = n.input(0).rank() == 3;
    if (flat && heads < 1) {
      throw n.invalid("a flat input needs num_heads");
    }
    Value cosine = n.input(1);
    Value sine = n.input(2);
    Optional<Value> positions = n.optionalInput(3);
    return rotate(
        n,
        heads,
        positions.map(p -> gather(cosine, p, 0)).orElse(cosine),
        positions.map(p -> gather(sine, p, 0)).orElse(sine));
  }

  /** ONNX Runtime's operator: positions of all steps, or that of the first one. */
  static Op rotateByPositions(NodeContext n) {
    Value x = n.input(0);
    if (n.floatAttribute("scale", 1) != 1 || n.flag("is_packed_batching", false)) {
      throw n.unsupported("scaled or packed rotary embedding is not supported")
          .advise("give the model to Tenrec as it was before ONNX Runtime optimized it");
    }
    Value positions = n.input(1);
    Size steps = n.sizeOf(x, x.rank() == 3 ? 1 : 2);
    Value all =
        positions.rank() == 1
            ? unsqueeze(add(IndexingImport.range(n, steps), positions), 0)
            : positions;
    long heads = n.intAttribute("num_heads", 0);
    long half = n.input(2).dim(1).value().orElse(0);
    long width = x.dim(x.rank() - 1).value().orElse(0);
    if (heads == 0 && x.rank() == 3 && half > 0) {
      heads = width / (2 * half);
    }
    if (x.rank() == 3 && heads < 1) {
      throw n.invalid("the number of heads in %s is not known".formatted(x.type()));
    }
    return rotate(n, heads, gather(n.input(2), all, 0), gather(n.input(3), all, 0));
  }

  private static Op rotate(NodeContext n, long heads, Value cosine, Value sine) {
    Value x = n.input(0);
    boolean flat = x.rank() == 3;
    Value apart = flat ? reshapeKeeping(x, 0, 0, heads, -1) : n.input(0, 4);
    Value rotated = new RotaryImport(n, apart, flat ? 2 : 1, cosine, sine).run();
    return new Reshape(rotated, shapeOf(x), false);
  }

  private Value run() {
    long turned = size == 0 ? wholeSize() : size;
    if (cosine.dim(3).times(2).is(turned) && sine.dim(3).times(2).is(turned)) {
      return new RotaryEmbedding(x, cosine, sine, interleaved).value();
    }
    Value first = interleaved ? slice(0, turned, 2) : slice(0, turned / 2, 1);
    Value second = interleaved ? slice(1, turned, 2) : slice(turned / 2, turned, 1);
    Value turnedFirst = sub(mul(cosine, first), mul(sine, second));
    Value turnedSecond = add(mul(sine, first), mul(cosine, second));
    Value result =
        interleaved ? interleave(turnedFirst, turnedSecond) : concat(3, turnedFirst, turnedSecond);
    return x.dim(3).equals(Dim.of(turned))
        ? result
        : concat(3, result, slice(turned, Long.MAX_VALUE, 1));
  }

  private long wholeSize() {
    return x.dim(3)
        .value()
        .orElseThrow(() -> n.unsupported("the size of the heads of %s is open".formatted(x)));
  }

  private Value slice(long from, long to, long step) {
    return Terms.slice(x, 3, vector(from), vector(to), step);
  }

  private Value interleave(Value a, Value b) {
    Value pairs = concat(4, unsqueeze(a, 4), unsqueeze(b, 4));
    Value shape = n.sizes(n.sizeOf(a, 0), n.sizeOf(a, 1), n.sizeOf(a, 2), n.sizeOf(a, 3).times(2));
    return reshape(pairs, shape);
  }
}
