package dev.tenrec.ir.interpret;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Attention;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.List;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;

/** Attention, with the queries in parallel. */
final class AttentionInterpreter {
  private AttentionInterpreter() {}

  static Tensor evaluate(Attention op, List<Tensor> in) {
    return switch (op) {
      case Attention.ScaledDotProduct(_, _, _, _, var scoring) -> Heads.attend(scoring, in);
      case Attention.RotaryEmbedding rotary -> rotate(rotary, in.get(0), in.get(1), in.get(2));
    };
  }

  private static Tensor rotate(Attention.RotaryEmbedding op, Tensor x, Tensor cos, Tensor sin) {
    int size = Math.toIntExact(x.size(x.rank() - 1));
    int pairs = Math.toIntExact(op.pairs());
    Checks.check(2 * pairs <= size, "RotaryEmbedding: %s has less than %d pairs", x, pairs);
    ImmutableLongArray halves =
        ImmutableLongArray.builder().addAll(x.sizes().subArray(0, x.rank() - 1)).add(pairs).build();
    Checks.broadcasts("RotaryEmbedding: cosines", cos, halves);
    Checks.broadcasts("RotaryEmbedding: sines", sin, halves);
    IntToLongFunction cosines = Positions.broadcast(cos.sizes(), halves);
    IntToLongFunction sines = Positions.broadcast(sin.sizes(), halves);
    double[] elements = x.toDoubles();
    for (int i = 0; i < Positions.count(halves); i++) {
      int row = i / pairs * size;
      int pair = i % pairs;
      int first = row + (op.interleaved() ? 2 * pair : pair);
      int second = op.interleaved() ? first + 1 : first + pairs;
      double a = elements[first];
      double b = elements[second];
      double c = cos.getDouble(cosines.applyAsLong(i));
      double s = sin.getDouble(sines.applyAsLong(i));
      elements[first] = a * c - b * s;
      elements[second] = b * c + a * s;
    }
    return Tensor.ofDoubles(x.elementType(), x.sizes(), i -> elements[i]);
  }

  /**
   * Scaled dot products of all heads.
   *
   * @param scores the sizes that the scores would have
   * @param shared how many heads of queries read one of keys
   * @param mask nowhere hidden, and nothing added, if there is none
   */
  private record Heads(
      Attention.Scoring scoring, ImmutableLongArray scores, int shared, int width, Mask mask) {

    private record Mask(List<Tensor> given, IntToLongFunction positions) {
      static Mask of(List<Tensor> given, ImmutableLongArray scores) {
        given.forEach(mask -> Checks.broadcasts("ScaledDotProduct: mask", mask, scores));
        return given.isEmpty()
            ? new Mask(given, i -> i)
            : new Mask(given, Positions.broadcast(given.getFirst().sizes(), scores));
      }

      private boolean is(boolean kind) {
        return !given.isEmpty() && kind == (given.getFirst().elementType() == ElementType.BOOL);
      }

      boolean hides(int score) {
        return is(true) && given.getFirst().getLong(positions.applyAsLong(score)) == 0;
      }

      double added(int score) {
        return is(false) ? given.getFirst().getDouble(positions.applyAsLong(score)) : 0;
      }
    }

    /** Elements of the operands. */
    private static final class Elements {
      final double[] query;
      final double[] key;
      final double[] value;

      Elements(List<Tensor> in) {
        query = in.get(0).toDoubles();
        key = in.get(1).toDoubles();
        value = in.get(2).toDoubles();
      }
    }

    static Tensor attend(Attention.Scoring scoring, List<Tensor> in) {
      Tensor q = in.get(0);
      Tensor k = in.get(1);
      Tensor v = in.get(2);
      long shared = k.size(1) == 0 ? 1 : q.size(1) / k.size(1);
      ImmutableLongArray keys = ImmutableLongArray.of(q.size(0), k.size(1), k.size(2), q.size(3));
      Checks.check(q.size(1) == shared * k.size(1), "%s cannot share the heads of %s", q, k);
      Checks.sizes("ScaledDotProduct: keys", k, keys);
      Checks.sizes("ScaledDotProduct: values", v, replaced(keys, v.size(3)));
      ImmutableLongArray scores = replaced(q.sizes(), k.size(2));
      Mask mask = Mask.of(in.subList(3, in.size()), scores);
      int width = Math.toIntExact(v.size(3));
      return new Heads(scoring, scores, Math.toIntExact(shared), width, mask)
          .attend(q, new Elements(in));
    }

    private static ImmutableLongArray replaced(ImmutableLongArray sizes, long last) {
      return ImmutableLongArray.builder().addAll(sizes.subArray(0, 3)).add(last).build();
    }

    private Tensor attend(Tensor queries, Elements in) {
      ImmutableLongArray sizes = replaced(queries.sizes(), width);
      double[] result = new double[Positions.count(sizes)];
      if (result.length > 0) {
        IntStream.range(0, result.length / width)
            .parallel()
            .forEach(row -> attend(row, in, result));
      }
      return Tensor.ofDoubles(queries.elementType(), sizes, i -> result[i]);
    }

    /** One query: the weights of the keys that it may attend to, then the sum of the values. */
    private void attend(int row, Elements in, double[] result) {
      double[] weights = new double[(int) scores.get(3)];
      double largest = Double.NEGATIVE_INFINITY;
      boolean any = false;
      for (int key = 0; key < weights.length; key++) {
        boolean attended = isAttended(row, key);
        weights[key] = attended ? score(row, key, in) : Double.NEGATIVE_INFINITY;
        largest = Math.max(largest, weights[key]);
        any |= attended;
      }
      double sum = 0;
      for (int key = 0; key < weights.length; key++) {
        weights[key] = any && isAttended(row, key) ? Math.exp(weights[key] - largest) : 0;
        sum += weights[key];
      }
      int from = keyHead(row) * weights.length * width;
      for (int key = 0; any && key < weights.length; key++) {
        for (int i = 0; i < width; i++) {
          result[row * width + i] += weights[key] / sum * in.value[from + key * width + i];
        }
      }
    }

    private int steps() {
      return (int) scores.get(2);
    }

    /** Which of all the heads of all the keys a query reads. */
    private int keyHead(int row) {
      return row / steps() / shared;
    }

    private boolean isAttended(int row, int key) {
      int step = row % steps();
      boolean visible =
          switch (scoring.causal()) {
            case NONE -> true;
            case UPPER_LEFT -> key <= step;
            case LOWER_RIGHT -> key <= step + scores.get(3) - steps();
          };
      int position = row * (int) scores.get(3) + key;
      return visible && !mask.hides(position);
    }

    private double score(int row, int key, Elements in) {
      int size = in.query.length / queries();
      int from = (keyHead(row) * (int) scores.get(3) + key) * size;
      double product = 0;
      for (int i = 0; i < size; i++) {
        product += in.query[row * size + i] * in.key[from + i];
      }
      double score = product * scoring.scale();
      double cap = scoring.softCap();
      double capped = cap == 0 ? score : cap * Math.tanh(score / cap);
      return capped + mask.added(row * (int) scores.get(3) + key);
    }

    private int queries() {
      return Positions.count(scores.subArray(0, 3));
    }
  }
}
