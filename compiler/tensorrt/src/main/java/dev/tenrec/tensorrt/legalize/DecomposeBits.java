package dev.tenrec.tensorrt.legalize;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Elementwise.Cast;
import dev.tenrec.ir.Elementwise.Unary;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Reduction.Reduce;
import dev.tenrec.ir.Reduction.ReduceKind;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.passes.Pass;
import dev.tenrec.passes.PassContext;
import dev.tenrec.passes.rewrite.GraphRebuilder;
import java.util.Optional;
import java.util.function.IntToLongFunction;

/**
 * Operations on the bits of int32 and int64 as arithmetic, which TensorRT has:
 *
 * <pre>
 * not x   → -1 - x
 * a &lt;&lt; b  → a * 2^b
 * a &gt;&gt; b  → floor(a / 2^b)
 * a and b → sum over k of 2^k bit(a, k) bit(b, k), likewise or and xor
 * </pre>
 *
 * <p>where bit k of x is floor(x / 2^k) mod 2, along a new last axis, and the sign counts -2^n.
 * Only as many bits are taken as the operands can have, and summed up in groups of 16: TensorRT may
 * compute sums along an axis in float, which is exact up to 2^24.
 */
public record DecomposeBits() implements Pass {
  private static final int GROUP = 16;

  @Override
  public String name() {
    return "decompose-bits";
  }

  @Override
  public Graph run(Graph graph, PassContext context) {
    GraphRebuilder rebuilder = new GraphRebuilder(graph);
    IntegerRanges ranges = new IntegerRanges();
    for (Node node : graph.nodes()) {
      Optional<Value> after = rewritten(rebuilder.remapped(node.op()), ranges);
      if (after.isPresent()) {
        rebuilder.add(after.get().producer().orElseThrow(), node.location());
        rebuilder.replace(node.result(), after.get());
        context.applied(name(), node.result(), after.get());
      } else {
        rebuilder.keep(node).results().stream()
            .filter(result -> result.elementType().isInteger())
            .forEach(ranges::of);
      }
    }
    return rebuilder.build();
  }

  private static Optional<Value> rewritten(Op op, IntegerRanges ranges) {
    return switch (op) {
      case Unary(UnaryKind kind, Value x) when kind == UnaryKind.BIT_NOT && isTargets(x) ->
          Optional.of(Terms.sub(Terms.number(x, -1), x));
      case Binary(BinaryKind kind, Value a, Value b) when kind.isBitwise() && isTargets(a) ->
          Optional.of(
              switch (kind) {
                case SHIFT_LEFT -> Terms.mul(a, powers(b, false));
                case SHIFT_RIGHT ->
                    Terms.binary(
                        BinaryKind.FLOOR_DIV,
                        Terms.binary(BinaryKind.FLOOR_DIV, a, powers(b, true)),
                        rest(b));
                default -> combined(kind, a, b, ranges.of(a).union(ranges.of(b)).patterns());
              });
      default -> Optional.empty();
    };
  }

  private static boolean isTargets(Value x) {
    return TargetTypes.has(x.elementType());
  }

  /**
   * 2^b for each element that is a position in the type.
   *
   * @param divisor whether other positions give the largest power of two, else 0
   */
  private static Value powers(Value b, boolean divisor) {
    int bits = b.elementType().bits();
    int last = divisor ? bits - 2 : bits;
    return entries(b, last, i -> i > last || (i == bits) ? 0 : 1L << i);
  }

  /** What is left to divide by: 2 where the type has no such power, so that the sign is left. */
  private static Value rest(Value b) {
    int last = b.elementType().bits() - 1;
    return entries(b, last, i -> i == last ? 2 : 1);
  }

  /** For each element the entry of a table at its position; the last one for all other numbers. */
  private static Value entries(Value b, int last, IntToLongFunction entry) {
    ElementType type = b.elementType();
    Optional<Tensor> constant = b.constant();
    if (constant.isPresent()) {
      Tensor positions = constant.get();
      return Terms.constant(
          Tensor.ofLongs(
              type,
              positions.sizes(),
              i -> {
                long position = positions.getLong(i);
                return entry.applyAsLong(position < 0 || position > last ? last : (int) position);
              }));
    }
    Value table = Terms.constant(Tensor.ofLongs(type, ImmutableLongArray.of(last + 1), entry));
    Value end = Terms.number(b, last);
    Value position = Terms.select(Terms.less(b, Terms.number(b, 0)), end, Terms.min(b, end));
    return Terms.gather(table, position, 0);
  }

  private static Value combined(BinaryKind kind, Value a, Value b, IntegerRange range) {
    int bits = Math.max(1, Long.SIZE - Long.numberOfLeadingZeros(range.high()));
    Value sum = Terms.number(a, 0);
    for (int first = 0; first < bits; first += GROUP) {
      int count = Math.min(GROUP, bits - first);
      Value both = combined(kind, planes(a, first, count), planes(b, first, count));
      Tensor weights = Tensor.ofLongs(a.elementType(), ImmutableLongArray.of(count), i -> 1L << i);
      Value weighted = Terms.mul(both, Terms.constant(weights));
      ImmutableList<Integer> last = ImmutableList.of(weighted.rank() - 1);
      Value group = new Reduce(ReduceKind.SUM, weighted, last, false).value();
      sum = Terms.add(sum, Terms.mul(group, Terms.number(a, 1L << first)));
    }
    return range.low() < 0
        ? Terms.add(sum, Terms.mul(combined(kind, sign(a), sign(b)), Terms.number(a, -1L << bits)))
        : sum;
  }

  /** An operation on bits that are the integers 0 and 1. */
  private static Value combined(BinaryKind kind, Value a, Value b) {
    return switch (kind) {
      case BIT_AND -> Terms.mul(a, b);
      case BIT_OR -> Terms.max(a, b);
      default -> Terms.unary(UnaryKind.ABS, Terms.sub(a, b));
    };
  }

  /** Some bits of each element along a new last axis, the lowest first. */
  private static Value planes(Value x, int first, int count) {
    Value column = Terms.unsqueeze(x, x.rank());
    Tensor powers =
        Tensor.ofLongs(x.elementType(), ImmutableLongArray.of(count), i -> 1L << (first + i));
    Value shifted = Terms.binary(BinaryKind.FLOOR_DIV, column, Terms.constant(powers));
    return Terms.binary(BinaryKind.MOD, shifted, Terms.number(x, 2));
  }

  private static Value sign(Value x) {
    Value negative = Terms.less(x, Terms.number(x, 0));
    return new Cast(negative, x.elementType()).value();
  }
}
