package dev.tenrec.tensorrt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.Location;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.runtime.bindings.TensorRtVersion;
import dev.tenrec.tensorrt.layer.IndexLayer;
import dev.tenrec.tensorrt.layer.Layer;
import dev.tenrec.tensorrt.layer.MovementLayer;
import dev.tenrec.tensorrt.layer.NetworkTensor;
import dev.tenrec.tensorrt.layer.PointwiseLayer;
import dev.tenrec.tensorrt.layer.PointwiseLayer.ElementWiseOperation;
import dev.tenrec.tensorrt.layer.PointwiseLayer.UnaryOperation;
import dev.tenrec.tensorrt.layer.ReductionLayer;
import dev.tenrec.tensorrt.layer.ReductionLayer.ReduceOperation;
import dev.tenrec.tensorrt.layer.ReductionLayer.TopKOperation;
import dev.tenrec.tensorrt.layer.Vector;
import dev.tenrec.tensorrt.layer.WindowLayer;
import org.junit.jupiter.api.Test;

/** The rules that a recorded network holds layers to. */
class RecordedNetworkTest {
  private static final Location PLACE = new Location.Synthetic("here");

  private final RecordedNetwork network = new RecordedNetwork();
  private final NetworkTensor matrix = input("matrix", ElementType.FLOAT32, 2, 3);
  private final NetworkTensor vector = input("vector", ElementType.FLOAT32, 3);
  private final NetworkTensor scalar = input("scalar", ElementType.FLOAT32);
  private final NetworkTensor half = input("half", ElementType.FLOAT16, 2, 3);
  private final NetworkTensor longs = input("longs", ElementType.INT64, 2, 3);
  private final NetworkTensor bools = input("bools", ElementType.BOOL, 2, 3);

  private NetworkTensor input(String name, ElementType type, long... sizes) {
    return network.input(name, TensorType.of(type, sizes));
  }

  private void refuses(Layer layer, String rule) {
    assertThatThrownBy(() -> network.add(layer, PLACE))
        .isInstanceOfSatisfying(
            TenrecException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED);
              assertThat(e.location()).isEqualTo(PLACE);
            })
        .hasMessageContaining(rule);
  }

  @Test
  void operandsHaveOneTypeAndRank() {
    refuses(
        new PointwiseLayer.ElementWise(matrix, vector, ElementWiseOperation.SUM),
        "float of rank 2 and float of rank 1");
    refuses(
        new PointwiseLayer.ElementWise(matrix, half, ElementWiseOperation.SUM),
        "float of rank 2 and float16 of rank 2");
    refuses(new PointwiseLayer.Select(bools, matrix, half), "the operands of a selection");
    refuses(new MovementLayer.Concatenation(ImmutableList.of(matrix, longs), 0), "a concatenation");
  }

  @Test
  void operationsTakeSomeTypesOnly() {
    refuses(
        new PointwiseLayer.ElementWise(bools, bools, ElementWiseOperation.SUM),
        "SUM does not take bool");
    refuses(
        new PointwiseLayer.ElementWise(longs, longs, ElementWiseOperation.AND),
        "AND does not take int64");
    refuses(new PointwiseLayer.Unary(longs, UnaryOperation.EXP), "EXP does not take int64");
    refuses(
        new ReductionLayer.Reduce(bools, ReduceOperation.MAX, ImmutableList.of(0), true),
        "a reduction does not take bool");
    refuses(new ReductionLayer.SoftMax(longs, 0), "softmax does not take int64");
    refuses(new PointwiseLayer.Cast(matrix, ElementType.FLOAT64), "does not compute in double");
  }

  @Test
  void ranksAndAxesHaveLimits() {
    refuses(new ReductionLayer.SoftMax(vector, 0), "softmax of rank 1");
    refuses(
        new ReductionLayer.TopK(vector, TopKOperation.MAX, Vector.of(1), 0, ElementType.INT64),
        "top-k of rank 1");
    refuses(
        new ReductionLayer.TopK(matrix, TopKOperation.MAX, Vector.of(4000), 1, ElementType.INT64),
        "k is 4000");
    refuses(
        new ReductionLayer.Reduce(matrix, ReduceOperation.SUM, ImmutableList.of(), true),
        "over no axis");
    refuses(new MovementLayer.Concatenation(ImmutableList.of(scalar), 0), "of scalars");
    refuses(new IndexLayer.Gather(matrix, half, 0), "indices of type");
    ImmutableLongArray one = ImmutableLongArray.of(1);
    refuses(
        new WindowLayer.Pooling(
            matrix,
            WindowLayer.PoolingType.MAX,
            one,
            one,
            new WindowLayer.Padding(WindowLayer.PaddingMode.EXPLICIT_ROUND_DOWN, one, one),
            true),
        "1 dimensions, not 2 or 3");
    assertThatThrownBy(() -> input("wide", ElementType.FLOAT32, 1, 1, 1, 1, 1, 1, 1, 1, 1))
        .hasMessageContaining("rank 9");
    assertThatThrownBy(() -> input("exact", ElementType.FLOAT64, 1))
        .hasMessageContaining("input 'exact' is double[1]");
  }

  @Test
  void oldVersionsLackLayers() {
    RecordedNetwork old = new RecordedNetwork(TensorRtVersion.OLDEST);
    NetworkTensor x = old.input("x", TensorType.of(ElementType.FLOAT32, 2, 3));
    assertThatThrownBy(() -> old.add(new ReductionLayer.CumulativeSum(x, 0, false, false), PLACE))
        .hasMessageContaining("10.6.0 has no running sum");
    assertThatThrownBy(() ->
            old.add(
                new ReductionLayer.TopK(x, TopKOperation.MAX, Vector.of(1), 0, ElementType.INT64),
                PLACE))
        .hasMessageContaining("int32 positions only");
  }
}
