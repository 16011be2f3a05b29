package dev.tenrec.onnx;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Elementwise.Cast;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Reduction.Reduce;
import dev.tenrec.ir.Reduction.ReduceKind;
import dev.tenrec.ir.Shuffle.Expand;
import dev.tenrec.ir.Shuffle.Slice;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/** Operators that make tensors of constants and sizes. */
final class SourceImport {
  private SourceImport() {}

  static void register(OperatorTable on) {
    on.op("Constant", n -> new Source.Constant(constant(n)));
    on.op("ConstantOfShape", SourceImport::constantOfShape);
    on.op("Shape", SourceImport::shape);
    on.op("Size", SourceImport::size);
    on.op("Range", n -> new Source.Range(n.scalarInput(0), n.scalarInput(1), n.scalarInput(2)));
    on.op("EyeLike", SourceImport::eyeLike);
    on.limit("Constant", "dense numbers");
  }

  /** The one attribute that is there. */
  private static Tensor constant(NodeContext n) {
    Attributes attributes = n.attributes();
    Optional<Tensor> given =
        attributes
            .tensor("value")
            .or(() -> attributes.number("value_float").map(SourceImport::floatScalar))
            .or(() -> attributes.numbers("value_floats").map(SourceImport::floats))
            .or(() ->
                attributes
                    .integer("value_int")
                    .map(i -> Tensor.ofLongs(i).withSizes(ImmutableLongArray.of())))
            .or(() -> attributes.integers("value_ints").map(i -> Tensor.ofLongs(i.toArray())));
    return given.orElseThrow(() ->
        n.unsupported("a constant of strings or with sparse elements is not supported")
            .advise("export the model with dense numbers"));
  }

  private static Tensor floatScalar(double element) {
    return Tensor.scalar(ElementType.FLOAT32, element);
  }

  private static Tensor floats(List<Float> elements) {
    return Tensor.ofDoubles(
        ElementType.FLOAT32, ImmutableLongArray.of(elements.size()), elements::get);
  }

  /** One element, spread: the sizes may be known at run time only. */
  private static Op constantOfShape(NodeContext n) {
    Tensor element =
        n.attributes().tensor("value").orElseGet(() -> Tensor.scalar(ElementType.FLOAT32, 0));
    if (element.count() != 1) {
      throw n.invalid("attribute 'value' must have one element, but is " + element);
    }
    Value scalar = Terms.constant(element.withSizes(ImmutableLongArray.of()));
    return new Expand(scalar, n.input(0));
  }

  /** All sizes, or those from {@code start} to {@code end}. */
  private static Op shape(NodeContext n) {
    Source.ShapeOf shape = new Source.ShapeOf(n.input(0));
    Optional<Long> start = n.attributes().integer("start");
    Optional<Long> end = n.attributes().integer("end");
    if (start.isEmpty() && end.isEmpty()) {
      return shape;
    }
    return new Slice(
        shape.value(),
        Terms.vector(start.orElse(0L)),
        Terms.vector(end.orElse((long) n.input(0).rank())),
        ImmutableList.of(0),
        ImmutableLongArray.of(1));
  }

  private static Op size(NodeContext n) {
    Value shape = Terms.shapeOf(n.input(0));
    return new Reduce(ReduceKind.PROD, shape, ImmutableList.of(0), false);
  }

  /** Ones on the k-th diagonal, in the shape of a matrix. */
  private static Op eyeLike(NodeContext n) {
    Value x = n.input(0);
    if (x.rank() != 2) {
      throw n.invalid("input 0 is %s, not a matrix".formatted(x.type()));
    }
    ElementType type =
        n.attributes().integer("dtype").map(ElementTypes::of).orElse(x.elementType());
    Value diagonals = IndexingImport.diagonals(n, n.sizeOf(x, 0), n.sizeOf(x, 1));
    Value k = Terms.vector(n.intAttribute("k", 0));
    return new Cast(Terms.equal(diagonals, k), type);
  }
}
