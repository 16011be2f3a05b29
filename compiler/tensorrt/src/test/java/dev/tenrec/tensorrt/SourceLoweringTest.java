package dev.tenrec.tensorrt;

import static dev.tenrec.ir.Terms.scalar;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.Elementwise;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.GraphBuilder;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.testing.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceLoweringTest {
  @Test
  void sizesOfEachKind() {
    Dim n = Dim.symbol("n");
    Dim m = Dim.symbol("m");
    GraphBuilder builder = new GraphBuilder("sizes");
    builder.input("x", new TensorType(ElementType.FLOAT32, Shape.of(n, m)));
    ImmutableList<Dim> dims =
        ImmutableList.of(
            Dim.of(3),
            Dim.of(4),
            n,
            n.plus(m).plus(-1),
            n.times(m).times(2),
            n.plus(m).dividedBy(Dim.of(2)),
            n.plus(1).dividedUpBy(3),
            Dim.max(n, m),
            Dim.min(n, m),
            Dim.broadcast(n, m.plus(-1)));
    builder.output("vector", builder.add(new Source.Sizes(dims, false)));
    builder.output("scalar", builder.add(new Source.Sizes(ImmutableList.of(n.plus(m)), true)));
    Graph graph = builder.build();
    LoweringCheck.check(graph, ImmutableMap.of("x", Tensors.random(1, 5, 2)));
    LoweringCheck.check(graph, ImmutableMap.of("x", Tensors.random(1, 1, 4)));
  }

  @Test
  void shapeOf() {
    LoweringCheck.check(
        x -> new Source.ShapeOf(x.getFirst()), TensorType.of(ElementType.BOOL, 2, 1, 3));
    LoweringCheck.check(x -> new Source.ShapeOf(x.getFirst()), TensorType.of(ElementType.FLOAT32));
  }

  @ParameterizedTest
  @CsvSource({"0,5,1", "7,0,-2", "2,3,4", "5,5,1", "3,-3,-1"})
  void range(double start, double limit, double step) {
    for (ElementType type :
        new ElementType[] {ElementType.INT64, ElementType.INT32, ElementType.FLOAT32}) {
      LoweringCheck.checkKnown(
          x -> new Source.Range(scalar(type, start), scalar(type, limit), scalar(type, step)),
          TensorType.of(ElementType.FLOAT32));
    }
  }

  /** A limit of which inference knows nothing: a power of a size. */
  @ParameterizedTest
  @CsvSource({"0,1", "3,2", "1,3"})
  void rangeOfComputedLength(double start, double step) {
    for (ElementType type : new ElementType[] {ElementType.INT64, ElementType.FLOAT32}) {
      LoweringCheck.check(
          x -> {
            Value size = new Source.Sizes(ImmutableList.of(x.getFirst().dim(0)), true).value();
            Value number = new Elementwise.Cast(size, type).value();
            Value limit = new Elementwise.Binary(BinaryKind.POW, number, scalar(type, 2)).value();
            return new Source.Range(scalar(type, start), limit, scalar(type, step));
          },
          TensorType.of(ElementType.FLOAT32, 3));
    }
  }
}
