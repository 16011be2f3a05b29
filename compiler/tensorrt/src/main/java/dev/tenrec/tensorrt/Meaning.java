package dev.tenrec.tensorrt;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Contraction;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.tensorrt.layer.AttentionLayer;
import dev.tenrec.tensorrt.layer.Coefficients;
import dev.tenrec.tensorrt.layer.ContractionLayer;
import dev.tenrec.tensorrt.layer.ContractionLayer.MatrixOperation;
import dev.tenrec.tensorrt.layer.IndexLayer;
import dev.tenrec.tensorrt.layer.Layer;
import dev.tenrec.tensorrt.layer.MovementLayer;
import dev.tenrec.tensorrt.layer.NetworkTensor;
import dev.tenrec.tensorrt.layer.PointwiseLayer;
import dev.tenrec.tensorrt.layer.QuantizationLayer;
import dev.tenrec.tensorrt.layer.ReductionLayer;
import dev.tenrec.tensorrt.layer.SamplingLayer;
import dev.tenrec.tensorrt.layer.SourceLayer;
import dev.tenrec.tensorrt.layer.Vector;
import dev.tenrec.tensorrt.layer.WindowLayer;
import java.util.function.Function;

/**
 * What each layer computes, as operations of the IR. Written after TensorRT's documentation of the
 * layer, not after what a lowering wants from it: this is what makes wrong lowerings show.
 *
 * @param operands the values that tensors hold
 */
record Meaning(Function<NetworkTensor, Value> operands) {

  /** The layer's results, over the values that its operands hold. */
  ImmutableList<Value> of(Layer layer) {
    return switch (layer) {
      case AttentionLayer attention -> ImmutableList.of(AttentionMeaning.of(attention, this));
      case SourceLayer source -> ImmutableList.of(SourceMeaning.of(source, this));
      case PointwiseLayer pointwise -> ImmutableList.of(PointwiseMeaning.of(pointwise, this));
      case WindowLayer window -> ImmutableList.of(WindowMeaning.of(window, this));
      case ContractionLayer contraction -> ImmutableList.of(contraction(contraction));
      case QuantizationLayer quantization ->
          ImmutableList.of(QuantizationMeaning.of(quantization, this));
      case ReductionLayer reduction -> ReductionMeaning.of(reduction, this);
      case MovementLayer movement -> ImmutableList.of(MovementMeaning.of(movement, this));
      case IndexLayer index -> IndexMeaning.of(index, this);
      case SamplingLayer sampling -> ImmutableList.of(SamplingMeaning.of(sampling, this));
    };
  }

  Value value(NetworkTensor tensor) {
    return operands.apply(tensor);
  }

  /** A vector's entries as an index tensor. */
  Value value(Vector vector) {
    return switch (vector) {
      case Vector.Fixed(var entries) -> Terms.vector(entries.toArray());
      case Vector.Computed(var tensor) -> value(tensor);
    };
  }

  Value value(Coefficients coefficients) {
    return switch (coefficients) {
      case Coefficients.Fixed(var tensor) -> Terms.constant(tensor);
      case Coefficients.Computed(var tensor) -> value(tensor);
    };
  }

  /** An entry of a vector, as a scalar of type int64. */
  static Value entry(Value vector, int i) {
    return Terms.cast(Terms.element(vector, 0, i), ElementType.INT64);
  }

  private Value contraction(ContractionLayer layer) {
    return switch (layer) {
      case ContractionLayer.MatrixMultiply(var a, var operationA, var b, var operationB) -> {
        boolean transposeA = operationA == MatrixOperation.TRANSPOSE;
        boolean transposeB = operationB == MatrixOperation.TRANSPOSE;
        yield new Contraction.MatMul(value(a), value(b), transposeA, transposeB).value();
      }
    };
  }
}
