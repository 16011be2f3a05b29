package dev.tenrec.onnx;

import dev.tenrec.ir.Graph;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.onnx.SampleGraphs.Sample;
import java.util.List;

/** Small graphs with branches, and with loops that end at run time. */
final class ControlFlowSamples {
  private ControlFlowSamples() {}

  static List<Sample> all() {
    return List.of(
        new Sample("Scan", scan("")),
        new Sample("reversed Scan", scan("reverse=true, ")),
        new Sample("If", branches()),
        new Sample("Loop of a number of turns", counted()),
        new Sample("Loop with a condition", conditional()),
        new Sample("Loop without a limit", endless()),
        new Sample("Loop with a state that grows", growing()));
  }

  /** A state, a sequence, a captured value, a size, and an output that is an input. */
  private static Graph scan(String option) {
    return GraphParser.parse(
        """
        scan (float[N,4,L] x) => (float[4,L] y, float[N,4,L] z, float[N,4,L] u, int64[N,1] sizes) {
          start = ReduceMax<axes=[0]>(x)
          more = Exp(start)
          y, z, u, sizes = Scan<states=1, sequences=1, %s
            body=body (float[4,L] state, float[4,L] step, float[4,L] captured)
                => (float[4,L] next, float[4,L] scaled, float[4,L] same = step, int64[1] size) {
              next = Add(state, step)
              scaled = Mul(next, captured)
              size = Sizes<dims=[L]>()
            }>(start, x, more)
        }
        """
            .formatted(option));
  }

  /** A captured value, a size, a constant, and an output that is an input. */
  private static Graph branches() {
    return GraphParser.parse(
        """
        branches (float[N,4] x, float[L,4] y) => (float[?,4] z, float[N,4] w, int64[1] c) {
          sum = ReduceSum<axes=[0,1]>(x)
          zero = Constant<value=float {0.0}>()
          p = Greater(sum, zero)
          z, w, c = If<
            then=first (float[N,4] a, float[L,4] b)
                => (float[N,4] r, float[N,4] u = a, int64[1] size) {
              r = Neg(a)
              size = Sizes<dims=[N]>()
            },
            else=second (float[N,4] a, float[L,4] b)
                => (float[L,4] r = b, float[N,4] u, int64[1] size) {
              u = Exp(a)
              size = Constant<value=int64[1] {7}>()
            }>(p, x, y)
        }
        """);
  }

  private static Graph counted() {
    return GraphParser.parse(
        """
        counted (float[N,4] x, float[N,4] c) => (float[N,4] y, float[?,N,4] all) {
          count = Sizes<dims=[N], scalar=true>()
          y, all = Loop<states=1,
            body=body (int64 turn, float[N,4] state, float[N,4] more)
                => (float[N,4] next, float[N,4] step) {
              next = Add(state, more)
              number = Cast<to=float>(turn)
              step = Mul(next, number)
            }>(count, x, c)
        }
        """);
  }

  private static Graph conditional() {
    return GraphParser.parse(
        """
        conditional (float[N] x) => (float[N] y, float[?,N] all) {
          most = Constant<value=int64 {100}>()
          bound = Constant<value=float {100.0}>()
          sum = ReduceSum<axes=[0]>(x)
          first = Less(sum, bound)
          y, all = Loop<condition=true, states=1,
            body=body (int64 turn, float[N] state)
                => (bool goes_on, float[N] next, float[N] step = state) {
              two = Constant<value=float {2.0}>()
              next = Add(state, two)
              sum = ReduceMax<axes=[0]>(next)
              bound = Constant<value=float {20.0}>()
              goes_on = Less(sum, bound)
            }>(most, first, x)
        }
        """);
  }

  private static Graph endless() {
    return GraphParser.parse(
        """
        endless (float[N] x) => (float[N] y) {
          bound = Constant<value=float {100.0}>()
          sum = ReduceSum<axes=[0]>(x)
          first = Less(sum, bound)
          y = Loop<limit=false, condition=true, states=1,
            body=body (int64 turn, float[N] state) => (bool goes_on, float[N] next) {
              two = Constant<value=float {2.0}>()
              next = Add(state, two)
              sum = ReduceMax<axes=[0]>(next)
              bound = Constant<value=float {20.0}>()
              goes_on = Less(sum, bound)
            }>(first, x)
        }
        """);
  }

  private static Graph growing() {
    return GraphParser.parse(
        """
        growing (float[N] x) => (float[?] y) {
          count = Sizes<dims=[N], scalar=true>()
          y = Loop<states=1,
            body=body (int64 turn, float[K] state) => (float[K + 1] next) {
              tail = Constant<value=float[1] {7.0}>()
              next = Concat<axis=0>(state, tail)
            }>(count, x)
        }
        """);
  }
}
