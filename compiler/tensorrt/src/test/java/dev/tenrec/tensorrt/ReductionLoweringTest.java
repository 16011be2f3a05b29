package dev.tenrec.tensorrt;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Reduction;
import dev.tenrec.ir.Reduction.ReduceKind;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ReductionLoweringTest {
  @Provide
  Arbitrary<List<Long>> shapes() {
    return Shapes.any(1, 4);
  }

  @Property(tries = 60)
  void reduce(
      @ForAll("shapes") List<Long> sizes,
      @ForAll ReduceKind kind,
      @ForAll @IntRange(max = 15) int mask,
      @ForAll boolean keepDims) {
    ImmutableList<Integer> axes =
        IntStream.range(0, sizes.size())
            .filter(axis -> (mask >> axis & 1) == 1)
            .boxed()
            .collect(ImmutableList.toImmutableList());
    Tensor random = Tensors.random(Shapes.floats(sizes), mask);
    boolean positive = kind == ReduceKind.LOG_SUM;
    Tensor x =
        Tensor.ofDoubles(
            ElementType.FLOAT32,
            random.sizes(),
            i -> positive ? Math.abs(random.getDouble(i)) + 0.1 : random.getDouble(i));
    LoweringCheck.check(v -> new Reduction.Reduce(kind, v.getFirst(), axes, keepDims), x);
  }

  @Test
  void logSumExpOfLargeAndInfiniteElements() {
    double infinity = Double.POSITIVE_INFINITY;
    LoweringCheck.check(
        x -> new Reduction.Reduce(ReduceKind.LOG_SUM_EXP, x.getFirst(), ImmutableList.of(1), false),
        Tensors.floats(Tensors.sizes(3, 2), 500, 501, -infinity, -infinity, 3, -infinity));
  }

  @Test
  void reduceOfIntegersAndScalars() {
    LoweringCheck.check(
        x -> new Reduction.Reduce(ReduceKind.SUM, x.getFirst(), ImmutableList.of(0), false),
        TensorType.of(ElementType.INT64, 5, 2));
    LoweringCheck.check(
        x -> new Reduction.Reduce(ReduceKind.L1, x.getFirst(), ImmutableList.of(), false),
        TensorType.of(ElementType.FLOAT32));
  }

  /** Different elements, because TensorRT does not say which of equal ones comes first. */
  private static Tensor different(List<Long> sizes) {
    TensorType type = Shapes.floats(sizes);
    return Tensor.ofDoubles(
        ElementType.FLOAT32, type.shape().sizes().orElseThrow(), i -> (i * 7) % 997 - 20);
  }

  @Property(tries = 30)
  void argReduce(
      @ForAll("shapes") List<Long> sizes,
      @ForAll boolean largest,
      @ForAll boolean last,
      @ForAll boolean keepDims,
      @ForAll @IntRange(max = 3) int axis) {
    LoweringCheck.check(
        x -> new Reduction.ArgReduce(largest, x.getFirst(), axis % sizes.size(), keepDims, last),
        different(sizes));
  }

  @Property(tries = 30)
  void topK(
      @ForAll("shapes") List<Long> sizes,
      @ForAll boolean largest,
      @ForAll @IntRange(max = 3) int position) {
    int axis = position % sizes.size();
    Value k = new Source.Constant(Tensor.ofLongs((sizes.get(axis) + 1) / 2)).value();
    LoweringCheck.check(x -> new Reduction.TopK(x.getFirst(), k, axis, largest), different(sizes));
  }

  @Test
  void topKOfTooMany() {
    Value k = new Source.Constant(Tensor.ofLongs(4000)).value();
    assertThatThrownBy(() ->
            LoweringCheck.check(
                x -> new Reduction.TopK(x.getFirst(), k, 0, true),
                TensorType.of(ElementType.FLOAT32, 5000)))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("maximum is 3840");
  }

  @Property(tries = 30)
  void cumulativeSum(
      @ForAll("shapes") List<Long> sizes,
      @ForAll boolean exclusive,
      @ForAll boolean reverse,
      @ForAll boolean wide,
      @ForAll @IntRange(max = 3) int axis) {
    LoweringCheck.check(
        x -> new Reduction.CumulativeSum(x.getFirst(), axis % sizes.size(), exclusive, reverse),
        Shapes.of(wide ? ElementType.INT64 : ElementType.INT32, sizes));
  }
}
