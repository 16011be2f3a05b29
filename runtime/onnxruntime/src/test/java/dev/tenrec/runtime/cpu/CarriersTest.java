package dev.tenrec.runtime.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Elementwise.Cast;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.GraphBuilder;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Shuffle.Concat;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import java.util.Objects;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CarriersTest {
  private static Graph graph(TensorType type, Function<Value, Op> op) {
    GraphBuilder builder = new GraphBuilder("g");
    builder.output("y", builder.add(op.apply(builder.input("x", type))));
    return builder.build();
  }

  private static Tensor run(Graph graph, Tensor x) {
    try (OnnxRuntimeModel model = OnnxRuntimeModel.of(graph)) {
      assertThat(model.signature().inputs()).containsEntry("x", TensorType.of(x));
      return Objects.requireNonNull(model.run(ImmutableMap.of("x", x)).get("y"));
    }
  }

  /** All patterns of a byte, of which each type takes those that it has. */
  @ParameterizedTest
  @EnumSource(names = {"FLOAT8E4M3FN", "FLOAT8E4M3FNUZ", "FLOAT8E5M2FNUZ", "INT4", "UINT4"})
  void castsGiveBackEveryNumber(ElementType type) {
    Tensor x = Tensor.ofBits(type, Tensors.sizes(256), i -> i);
    Tensor wide = run(graph(TensorType.of(x), value -> new Cast(value, ElementType.FLOAT32)), x);
    Tensor expected = Tensor.ofDoubles(ElementType.FLOAT32, x.sizes(), x::getDouble);
    Tensors.assertClose(wide, expected, 0, 0);
    Graph back = graph(TensorType.of(wide), value -> new Cast(value, type));
    Tensors.assertClose(run(back, wide), x, 0, 0);
  }

  @ParameterizedTest
  @EnumSource(names = {"UINT32", "UINT64"})
  void unsignedNumbersKeepTheirBits(ElementType type) {
    Tensor x = Tensor.ofLongs(type, Tensors.sizes(4), i -> new long[] {0, 1, -1, 1L << 63}[i]);
    Tensor y = run(graph(TensorType.of(x), a -> new Binary(BinaryKind.BIT_OR, a, a)), x);
    assertThat(y).isEqualTo(x);
  }

  @Test
  void shortNumbersKeepTheirValues() {
    Tensor x = Tensor.ofLongs(ElementType.UINT16, Tensors.sizes(3), i -> 32767L + i);
    Tensor y = run(graph(TensorType.of(x), a -> new Concat(ImmutableList.of(a, a), 0)), x);
    assertThat(y.toLongs()).containsExactly(32767, 32768, 32769, 32767, 32768, 32769);
  }

  @Test
  void infinityInEightBitsIsNotPassed() {
    Tensor x = Tensor.ofBits(ElementType.FLOAT8E5M2, Tensors.sizes(2), i -> i == 0 ? 0x7c : 0);
    Graph graph = graph(TensorType.of(x), a -> new Cast(a, ElementType.FLOAT32));
    assertThatThrownBy(() -> run(graph, x))
        .isInstanceOfSatisfying(
            TenrecException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED))
        .hasMessageContaining("'x' holds infinity");
  }
}
