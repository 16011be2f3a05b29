package dev.tenrec.passes.debug;

import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.Unary;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.GraphBuilder;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.passes.Pass;
import dev.tenrec.passes.PassContext;
import dev.tenrec.passes.rewrite.MatchContext;
import dev.tenrec.passes.rewrite.Rule;
import java.util.Optional;

/** Rules and passes with defects. */
final class WrongPasses {
  /** Three neutral operations, then a sine, then two more. */
  static final Graph GRAPH =
      GraphParser.parse(
          """
          g (float[N,4] x) => (float[N,4] y) {
            one = Constant<value=float {1}>()
            a = Mul(x, one)
            b = Mul(a, one)
            c = Mul(b, one)
            d = Sin(c)
            e = Mul(d, one)
            f = Exp(e)
            y = Mul(f, one)
          }
          """);

  private WrongPasses() {}

  private static boolean isSine(Op op) {
    return op instanceof Unary(UnaryKind kind, _) && kind == UnaryKind.SIN;
  }

  /** Drops every multiplication, which is right here, and takes tangents for sines. */
  record BreakSine() implements Rule {
    @Override
    public String name() {
      return "break-sine";
    }

    @Override
    public Optional<Value> rewrite(Op op, MatchContext context) {
      return op instanceof Binary(_, Value x, _)
          ? Optional.of(x)
          : isSine(op)
              ? Optional.of(new Unary(UnaryKind.TAN, op.operands().getFirst()).value())
              : Optional.empty();
    }
  }

  /** Drops multiplications and fails on sines. */
  record FailOnSine() implements Rule {
    @Override
    public String name() {
      return "fail-on-sine";
    }

    @Override
    public Optional<Value> rewrite(Op op, MatchContext context) {
      if (isSine(op)) {
        throw new IllegalStateException("sines are hard");
      }
      return op instanceof Binary(_, Value x, _) ? Optional.of(x) : Optional.empty();
    }
  }

  /** Gives something else as the output, and counts nothing. */
  record ForgetEverything() implements Pass {
    @Override
    public String name() {
      return "forget-everything";
    }

    @Override
    public Graph run(Graph graph, PassContext context) {
      GraphBuilder builder = new GraphBuilder(graph.name());
      graph.inputs().forEach(builder::addInput);
      builder.output("y", graph.inputs().getFirst());
      return builder.build();
    }
  }

  /** Makes a graph with another input. */
  record BreakInputs() implements Pass {
    @Override
    public String name() {
      return "break-inputs";
    }

    @Override
    public Graph run(Graph graph, PassContext context) {
      GraphBuilder builder = new GraphBuilder(graph.name());
      builder.output("y", builder.input("z", TensorType.of(ElementType.FLOAT32, 2, 4)));
      return builder.build();
    }
  }
}
