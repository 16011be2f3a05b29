package dev.tenrec.passes.simplify;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.interpret.Interpreter;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.text.GraphParser;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AffineTest {
  private static final long N = 3;
  private static final long S = 4;

  /** Whatever the form says of a value must be what the value is. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "int64[N] y => y = Range(two, nn, three)",
        "int64[N,1,1] y => r = Range(zero, n, one) y = Unsqueeze<axes=[1,2]>(r)",
        "int64[N,S] y => r = Range(zero, n, one) s = Range(zero, m, one)"
            + " u = Unsqueeze<axes=[1]>(r) p = Mul(u, m) y = Add(p, s)",
        "int64[N,S] y => r = Range(zero, n, one) s = Range(zero, m, one)"
            + " u = Unsqueeze<axes=[1]>(r) y = Sub(s, u)",
        "int64[N,S] y => s = Range(zero, m, one) t = Sizes<dims=[N,S]>() y = Expand(s, t)",
        "int32[S] y => s = Range(zero, m, one) y = Cast<to=int32>(s)",
        "int64[3] y => y = Constant<value=int64[3] {5, 3, 1}>()",
        "int64[1,S,1] y => s = Range(zero, m, one) t = Sizes<dims=[1,S,1]>() y = Reshape(s, t)"
      })
  void isWhatTheInterpreterComputes(String output) {
    Graph graph = graph(output);
    Value value = graph.outputs().getFirst().value();
    Tensor actual =
        Interpreter.of(graph)
            .run(
                ImmutableMap.of(
                    "x",
                    Tensor.ofDoubles(ElementType.FLOAT32, ImmutableLongArray.of(N, S), _ -> 0)))
            .values()
            .iterator()
            .next();
    Affine affine = Affine.of(value).orElseThrow();
    for (int i = 0; i < actual.count(); i++) {
      assertThat(element(affine, actual, i)).isEqualTo(actual.getLong(i));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "int64[3] y => y = Constant<value=int64[3] {5, 3, 2}>()",
        "int64[N] y => r = Range(zero, n, one) y = Mul(r, r)",
        "int64[S*N] y => r = Range(zero, n, one) s = Range(zero, m, one)"
            + " u = Unsqueeze<axes=[1]>(r) p = Add(u, s) t = Sizes<dims=[S*N]>() y = Reshape(p, t)"
      })
  void doesNotClaimWhatIsNotSo(String output) {
    assertThat(Affine.of(graph(output).outputs().getFirst().value())).isEmpty();
  }

  private static Graph graph(String output) {
    List<String> parts = Splitter.on(" => ").splitToList(output);
    return GraphParser.parse(
        """
        g (float[N,S] x) => (%s) {
          zero = Constant<value=int64 {0}>()
          one = Constant<value=int64 {1}>()
          two = Constant<value=int64 {2}>()
          three = Constant<value=int64 {3}>()
          n = Sizes<dims=[N], scalar=true>()
          nn = Sizes<dims=[3*N + 2], scalar=true>()
          m = Sizes<dims=[S], scalar=true>()
          %s
        }
        """
            .formatted(parts.getFirst(), parts.getLast()));
  }

  private static long element(Affine affine, Tensor tensor, int index) {
    long element = size(affine.offset());
    long rest = index;
    for (int axis = tensor.rank() - 1; axis >= 0; axis--) {
      element += size(affine.steps().get(axis)) * (rest % tensor.size(axis));
      rest /= tensor.size(axis);
    }
    return element;
  }

  private static long size(Dim dim) {
    return dim.evaluate(symbol -> symbol.name().equals("N") ? N : S);
  }
}
