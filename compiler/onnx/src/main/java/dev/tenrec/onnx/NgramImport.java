package dev.tenrec.onnx;

import static dev.tenrec.ir.Terms.cast;
import static dev.tenrec.ir.Terms.concat;
import static dev.tenrec.ir.Terms.constant;
import static dev.tenrec.ir.Terms.equal;
import static dev.tenrec.ir.Terms.matMul;
import static dev.tenrec.ir.Terms.mul;
import static dev.tenrec.ir.Terms.number;
import static dev.tenrec.ir.Terms.reduce;
import static dev.tenrec.ir.Terms.scalar;
import static dev.tenrec.ir.Terms.slice;
import static dev.tenrec.ir.Terms.squeeze;
import static dev.tenrec.ir.Terms.unsqueeze;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Reduction.ReduceKind;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.onnx.OperatorTable.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How often runs of numbers from a pool occur in a sequence: each run is compared with all windows
 * of its length, with up to a number of elements skipped between its own.
 */
final class NgramImport {
  private final NodeContext n;

  /** [N, length]. */
  private final Value x;

  private final long[] pool;
  private final long[] starts;
  private final long[] columns;
  private final long smallest;
  private final long largest;
  private final long skips;

  private NgramImport(NodeContext n, Value x) {
    this.n = n;
    this.x = x;
    if (n.attributes().texts("pool_strings").isPresent()) {
      throw n.unsupported("runs of strings are not supported")
          .advise("number the words before the model");
    }
    this.pool = required("pool_int64s");
    this.starts = required("ngram_counts");
    this.columns = required("ngram_indexes");
    this.smallest = n.required(n.attributes().integer("min_gram_length"), "min_gram_length");
    this.largest = n.required(n.attributes().integer("max_gram_length"), "max_gram_length");
    this.skips = n.required(n.attributes().integer("max_skip_count"), "max_skip_count");
    if (smallest < 1 || largest < smallest || largest > starts.length || skips < 0) {
      throw n.invalid(
          "runs of %d to %d numbers with %d skipped".formatted(smallest, largest, skips));
    }
  }

  private long[] required(String name) {
    ImmutableLongArray given = n.required(n.attributes().integers(name), name);
    return given.toArray();
  }

  static void register(OperatorTable on) {
    on.result("TfIdfVectorizer", NgramImport::vectorize);
    on.limit("TfIdfVectorizer", "runs of integers, not of strings");
  }

  private static Result vectorize(NodeContext n) {
    Value x = n.input(0);
    if (x.rank() != 1 && x.rank() != 2) {
      throw n.invalid("input 0 is %s, neither a sequence nor a batch of them".formatted(x.type()));
    }
    boolean single = x.rank() == 1;
    Value shares = new NgramImport(n, single ? unsqueeze(x, 0) : x).shares();
    return Result.of(single ? squeeze(shares, 0) : shares);
  }

  /** [N, columns of the result]. */
  private Value shares() {
    List<Value> counts = new ArrayList<>();
    List<Integer> used = new ArrayList<>();
    int run = 0;
    for (int length = 1; length <= starts.length; length++) {
      long from = starts[length - 1];
      long to = length < starts.length ? starts[length] : pool.length;
      if (from < 0 || to > pool.length || (to - from) % length != 0) {
        throw n.invalid("runs of %d numbers lie from %d to %d".formatted(length, from, to));
      }
      int runs = Math.toIntExact((to - from) / length);
      if (run + runs > columns.length) {
        throw n.invalid("%d columns are not one for each run".formatted(columns.length));
      }
      if (length >= smallest && length <= largest && runs > 0) {
        counts.add(counts(length, Math.toIntExact(from), runs));
        for (int i = 0; i < runs; i++) {
          used.add(run + i);
        }
      }
      run += runs;
    }
    return counts.isEmpty() ? none() : matMul(weighted(concat(1, counts), used), columnsOf(used));
  }

  private Value none() {
    Value shape = n.sizes(n.sizeOf(x, 0), Size.of(width()));
    return Terms.expand(scalar(ElementType.FLOAT32, 0), shape);
  }

  private long width() {
    long width = 0;
    for (long column : columns) {
      width = Math.max(width, column + 1);
    }
    return width;
  }

  /** A matrix that brings what runs count to their columns. */
  private Value columnsOf(List<Integer> runs) {
    long width = width();
    return constant(
        Tensor.ofLongs(
            ElementType.FLOAT32,
            ImmutableLongArray.of(runs.size(), width),
            i -> columns[runs.get((int) (i / width))] == i % width ? 1 : 0));
  }

  /** [N, runs]: occurrences of all runs of one length. */
  private Value counts(int length, int from, int runs) {
    List<Value> found = new ArrayList<>();
    for (long step = 1; step <= (length == 1 ? 1 : skips + 1); step++) {
      long extent = (length - 1) * step + 1;
      if (x.dim(1).value().orElse(Long.MAX_VALUE) >= extent) {
        found.add(occurrences(length, from, runs, step));
      }
    }
    Value shape = n.sizes(n.sizeOf(x, 0), Size.of(runs));
    return found.stream()
        .reduce(Terms::add)
        .orElseGet(() -> Terms.expand(scalar(ElementType.FLOAT32, 0), shape));
  }

  private Value occurrences(int length, int from, int runs, long step) {
    Optional<Value> all = Optional.empty();
    for (int i = 0; i < length; i++) {
      long behind = (length - 1 - i) * step;
      Value elements = slice(x, 1, i * step, behind == 0 ? Long.MAX_VALUE : -behind);
      Value matches = equal(unsqueeze(elements, 2), numbers(length, from, runs, i));
      all = Optional.of(all.map(before -> Terms.and(before, matches)).orElse(matches));
    }
    Value hits = cast(all.orElseThrow(), ElementType.FLOAT32);
    return reduce(ReduceKind.SUM, hits, false, 1);
  }

  /** Element i of each run. */
  private Value numbers(int length, int from, int runs, int i) {
    return constant(
        Tensor.ofLongs(
            x.elementType(), ImmutableLongArray.of(runs), k -> pool[from + k * length + i]));
  }

  /** What occurrences of some runs count; weights are in the order of the pool. */
  private Value weighted(Value counts, List<Integer> runs) {
    String mode = n.required(n.attributes().text("mode"), "mode");
    Optional<List<Float>> given = n.attributes().numbers("weights");
    if (given.isPresent() && given.get().size() != columns.length) {
      throw n.invalid("%d weights for %d runs".formatted(given.get().size(), columns.length));
    }
    ImmutableLongArray sizes = ImmutableLongArray.of(runs.size());
    Value weights =
        constant(
            Tensor.ofDoubles(
                ElementType.FLOAT32,
                sizes,
                i -> given.map(all -> all.get(runs.get(i))).orElse(1f)));
    Value some = cast(Terms.less(number(counts, 0), counts), ElementType.FLOAT32);
    return switch (mode) {
      case "TF" -> counts;
      case "IDF" -> mul(some, weights);
      case "TFIDF" -> mul(counts, weights);
      default -> throw n.invalid("mode is '%s'".formatted(mode));
    };
  }
}
