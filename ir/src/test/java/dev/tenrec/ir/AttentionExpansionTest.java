package dev.tenrec.ir;

import static dev.tenrec.ir.testing.Tensors.assertClose;
import static dev.tenrec.ir.testing.Tensors.sizes;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.Attention.CausalMask;
import dev.tenrec.ir.Attention.RotaryEmbedding;
import dev.tenrec.ir.Attention.ScaledDotProduct;
import dev.tenrec.ir.Attention.Scoring;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.interpret.Interpreter;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import dev.tenrec.ir.verify.GraphVerifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Attention as the interpreter has it, against what it is in other operations. */
class AttentionExpansionTest {
  private static final double LOWEST = -Float.MAX_VALUE;
  private static final double[] HIDDEN = {0, LOWEST, Double.NEGATIVE_INFINITY};

  /** Which masks there are. */
  enum MaskKind {
    NONE,
    OF_KEYS,
    OF_SCORES,
    OF_HEADS,
    SCALAR,
    ADDED,
    ADDED_PER_QUERY
  }

  private static void check(Function<List<Value>, Attention> op, double tolerance, Tensor... in) {
    check(op, false, tolerance, in);
    check(op, true, tolerance, in);
  }

  /** Compares with fixed and with open numbers of steps. */
  private static void check(
      Function<List<Value>, Attention> op, boolean open, double tolerance, Tensor... in) {
    GraphBuilder builder = new GraphBuilder("g");
    List<Value> inputs = new ArrayList<>();
    for (int i = 0; i < in.length; i++) {
      TensorType type = TensorType.of(in[i]);
      inputs.add(builder.input("x" + i, open ? opened(type) : type));
    }
    Attention attention = op.apply(inputs);
    ImmutableMap.Builder<String, Tensor> named = ImmutableMap.builder();
    for (int i = 0; i < in.length; i++) {
      named.put("x" + i, in[i]);
    }
    Graph other = graph(inputs, AttentionExpansion.of(attention));
    GraphVerifier.WELL_FORMED.verify(other);
    Map<String, Tensor> results = named.buildOrThrow();
    assertClose(
        Interpreter.of(other).run(results),
        Interpreter.of(graph(inputs, attention.value())).run(results),
        tolerance,
        tolerance);
  }

  private static Graph graph(List<Value> inputs, Value result) {
    GraphBuilder builder = new GraphBuilder("g");
    inputs.forEach(builder::addInput);
    builder.add(result.producer().orElseThrow());
    builder.output("y", result);
    return builder.build();
  }

  private static TensorType opened(TensorType type) {
    boolean steps = type.rank() == 4 && !type.dim(2).is(1);
    return steps ? type.with(type.shape().with(2, Dim.symbol("s" + type.dim(2)))) : type;
  }

  private static Tensor mask(MaskKind kind, long[] scores, long seed) {
    Random random = new Random(seed);
    return switch (kind) {
      case NONE -> Tensor.ofLongs(0);
      case OF_KEYS -> bools(random, scores[0], 1, 1, scores[3]);
      case OF_SCORES -> bools(random, scores[2], scores[3]);
      case OF_HEADS -> bools(random, 1, scores[1], scores[2], 1);
      case SCALAR -> bools(random);
      case ADDED -> added(random, scores[0], 1, scores[2], scores[3]);
      case ADDED_PER_QUERY -> {
        // The same for all keys, so that some queries have none that is not hidden.
        double hidden = HIDDEN[random.nextInt(3)];
        Random rows = new Random(seed);
        yield Tensor.ofDoubles(
            ElementType.FLOAT32, sizes(scores[2], 1), _ -> rows.nextBoolean() ? hidden : 1);
      }
    };
  }

  private static Tensor bools(Random random, long... sizes) {
    return Tensor.ofLongs(ElementType.BOOL, sizes(sizes), _ -> random.nextInt(3) > 0 ? 1 : 0);
  }

  private static Tensor added(Random random, long... sizes) {
    return Tensor.ofDoubles(
        ElementType.FLOAT32,
        sizes(sizes),
        _ -> random.nextInt(3) > 0 ? random.nextGaussian() : HIDDEN[random.nextInt(3)]);
  }

  @Property(tries = 100)
  void attendsAsTheExpansionDoes(
      @ForAll MaskKind kind,
      @ForAll CausalMask causal,
      @ForAll @IntRange(min = 1, max = 3) int group,
      @ForAll @IntRange(min = 0, max = 4) int queries,
      @ForAll @IntRange(min = 1, max = 4) int keys,
      @ForAll boolean capped,
      @ForAll long seed) {
    long[] scores = {2, 2L * group, queries, keys};
    Scoring scoring = new Scoring(0.7, capped ? 1.5 : 0, causal);
    Tensor mask = mask(kind, scores, seed);
    check(
        v ->
            new ScaledDotProduct(
                v.get(0),
                v.get(1),
                v.get(2),
                kind == MaskKind.NONE ? Optional.empty() : Optional.of(v.get(3)),
                scoring),
        1e-5,
        Tensors.random(seed, 2, 2L * group, queries, 3),
        Tensors.random(seed + 1, 2, 2, keys, 3),
        Tensors.random(seed + 2, 2, 2, keys, 5),
        mask);
  }

  @Test
  void softmaxOfHalfPrecisionIsComputedInFloat32() {
    Tensor q = Tensors.random(TensorType.of(ElementType.FLOAT16, 1, 2, 3, 4), 1);
    Tensor mask = Tensors.floats(0, LOWEST, 1);
    check(
        v ->
            new ScaledDotProduct(
                v.get(0), v.get(1), v.get(2), Optional.of(v.get(3)), Scoring.of(0.5)),
        2e-3,
        q,
        q,
        q,
        mask);
  }

  @Test
  void doubleStaysDouble() {
    Tensor q = Tensors.random(TensorType.of(ElementType.FLOAT64, 1, 2, 3, 4), 1);
    check(
        v ->
            new ScaledDotProduct(
                v.get(0),
                v.get(1),
                v.get(2),
                Optional.of(v.get(3)),
                new Scoring(0.5, 0, CausalMask.UPPER_LEFT)),
        1e-12,
        q,
        q,
        q,
        Tensors.bools(false, true, true));
  }

  @Test
  void takesNothingOutWhereEveryQueryHasAKey() {
    Value q = new GraphBuilder("g").input("q", TensorType.of(ElementType.FLOAT32, 1, 2, 3, 4));
    Scoring causal = new Scoring(1, 0, CausalMask.LOWER_RIGHT);
    Value result = AttentionExpansion.of(new ScaledDotProduct(q, q, q, Optional.empty(), causal));
    assertThat(result.producedBy(Contraction.MatMul.class)).isPresent();
  }

  @Property(tries = 60)
  void rotatesAsTheExpansionDoes(
      @ForAll @IntRange(min = 1, max = 3) int pairs,
      @ForAll @IntRange(max = 2) int rest,
      @ForAll boolean interleaved,
      @ForAll boolean perSequence,
      @ForAll long seed) {
    long sequences = perSequence ? 2 : 1;
    check(
        v -> new RotaryEmbedding(v.get(0), v.get(1), v.get(2), interleaved),
        1e-6,
        Tensors.random(seed, 2, 3, 4, 2L * pairs + rest),
        Tensors.random(seed + 1, sequences, 1, 4, pairs),
        Tensors.random(seed + 2, sequences, 1, 4, pairs));
  }

  @Test
  void tablesMayBeShorter() {
    check(
        v -> new RotaryEmbedding(v.get(0), v.get(1), v.get(2), false),
        1e-6,
        Tensors.random(1, 3, 4),
        Tensors.random(2, 3, 2),
        Tensors.random(3, 2));
  }
}
