package dev.tenrec.tensorrt;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import dev.tenrec.ir.text.GraphParser;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Branches and loops as TensorRT's layers. */
class BranchesAndLoopsLoweringTest {
  private static Tensor bool(boolean value) {
    return Tensor.scalar(ElementType.BOOL, value ? 1 : 0);
  }

  private static Tensor number(long value) {
    return Tensor.ofLongs(value).withSizes(ImmutableLongArray.of());
  }

  @Property(tries = 2)
  void branches(@ForAll boolean condition) {
    Graph graph =
        GraphParser.parse(
            """
            g (bool p, float[N,3] x, float[N,3] y) => (float[N,3] z, float[N,3] w, float c) {
              two = Constant<value=float {2.0}>()
              double = Mul(x, two)
              z, w, c = If<
                then=first (float[N,3] a, float[N,3] b)
                    => (float[N,3] r = s, float[N,3] u = a, float v) {
                  s = Sub(a, b)
                  v = Constant<value=float {1.0}>()
                },
                else=second (float[N,3] a, float[N,3] b)
                    => (float[N,3] r = b, float[N,3] u, float v) {
                  u = Exp(b)
                  v = Constant<value=float {5.0}>()
                }>(p, double, y)
            }
            """);
    LoweringCheck.check(
        graph,
        ImmutableMap.of(
            "p", bool(condition), "x", Tensors.random(1, 2, 3), "y", Tensors.random(2, 2, 3)));
  }

  @Property(tries = 2)
  void branchesOfDifferentSizes(@ForAll boolean condition) {
    Graph graph =
        GraphParser.parse(
            """
            g (bool p, float[N,3] x) => (float[?,3] z) {
              z = If<then=first (float[N,3] a) => (float[N,3] r) { r = Neg(a) },
                else=second (float[N,3] a) => (float[2*N,3] r) { r = Concat<axis=0>(a, a) }>(p, x)
            }
            """);
    LoweringCheck.check(graph, ImmutableMap.of("p", bool(condition), "x", Tensors.random(1, 2, 3)));
  }

  @Property(tries = 3)
  void loopOfARunTimeCount(@ForAll @IntRange(max = 4) int count) {
    Graph graph =
        GraphParser.parse(
            """
            g (int64 count, float[N,3] x, float[3,3] w) => (float[N,3] y) {
              y = Loop<states=1,
                body=body (int64 turn, float[N,3] s, float[3,3] w) => (float[N,3] next) {
                  product = MatMul(s, w)
                  number = Cast<to=float>(turn)
                  sum = Add(product, number)
                  next = Tanh(sum)
                }>(count, x, w)
            }
            """);
    LoweringCheck.check(
        graph,
        ImmutableMap.of(
            "count", number(count), "x", Tensors.random(1, 2, 3), "w", Tensors.random(2, 3, 3)));
  }

  @Example
  void collectsAsManyStepsAsASizeSays() {
    Graph graph =
        GraphParser.parse(
            """
            g (float[N,3] x) => (float[N,3] y, float[N,N,3] all) {
              count = Sizes<dims=[N], scalar=true>()
              y, all = Loop<states=1,
                body=body (int64 turn, float[N,3] s) => (float[N,3] next, float[N,3] step) {
                  next = Tanh(s)
                  step = Add(next, s)
                }>(count, x)
            }
            """);
    LoweringCheck.check(graph, ImmutableMap.of("x", Tensors.random(1, 2, 3)));
  }

  @Property(tries = 4)
  void loopWithACondition(@ForAll boolean first, @ForAll boolean limited) {
    Graph graph =
        GraphParser.parse(
            """
            g (int64 most, bool first, float x) => (float y) {
              y = Loop<limit=%s, condition=true, states=1,
                body=body (int64 turn, float s) => (bool more, float next) {
                  half = Constant<value=float {0.5}>()
                  next = Mul(s, half)
                  more = Greater(next, half)
                }>(%sfirst, x)
            }
            """
                .formatted(limited, limited ? "most, " : ""));
    LoweringCheck.check(
        graph,
        ImmutableMap.of(
            "most",
            number(2),
            "first",
            bool(first),
            "x",
            Tensors.floats(9).withSizes(ImmutableLongArray.of())));
  }

  @Example
  void collectsUntilAConditionIsFalse() {
    Graph graph =
        GraphParser.parse(
            """
            g (bool first, float x) => (float y, float[?] all) {
              most = Constant<value=int64 {9}>()
              y, all = Loop<condition=true, states=1,
                body=body (int64 turn, float s) => (bool more, float next, float step = next) {
                  half = Constant<value=float {0.5}>()
                  next = Mul(s, half)
                  more = Greater(next, half)
                }>(most, first, x)
            }
            """);
    LoweringCheck.check(
        graph,
        ImmutableMap.of(
            "first", bool(true), "x", Tensors.floats(9).withSizes(ImmutableLongArray.of())));
  }

  /** A loop in a branch in a loop, each of which reads what is further out. */
  @Property(tries = 2)
  void nested(@ForAll boolean condition) {
    Graph graph =
        GraphParser.parse(
            """
            g (bool p, int64 count, float[N,3] x, float[N,3] w) => (float[N,3] y) {
              y = Loop<states=1,
                body=outer (int64 turn, float[N,3] s, bool q, int64 times, float[N,3] v)
                    => (float[N,3] next) {
                  next = If<
                    then=first (float[N,3] a, float[N,3] b, int64 t) => (float[N,3] r) {
                      r = Loop<states=1,
                        body=inner (int64 k, float[N,3] c, float[N,3] d) => (float[N,3] e) {
                          e = Sub(c, d)
                        }>(t, a, b)
                    },
                    else=second (float[N,3] a, float[N,3] b, int64 t) => (float[N,3] r) {
                      r = Add(a, b)
                    }>(q, s, v, times)
                }>(count, x, p, count, w)
            }
            """);
    LoweringCheck.check(
        graph,
        ImmutableMap.of(
            "p",
            bool(condition),
            "count",
            number(3),
            "x",
            Tensors.random(1, 2, 3),
            "w",
            Tensors.random(2, 2, 3)));
  }

  @Example
  void refusesAStateThatGrows() {
    Graph graph =
        GraphParser.parse(
            """
            g (int64 count, float[N] x) => (float[?] y) {
              y = Loop<states=1,
                body=body (int64 turn, float[L] s) => (float[2*L] next) {
                  next = Concat<axis=0>(s, s)
                }>(count, x)
            }
            """);
    assertThatThrownBy(() -> Lowering.lower(graph, new RecordedNetwork()))
        .hasMessageContaining("changes its size, which TensorRT does not allow");
  }
}
