package dev.tenrec.tensorrt;

import com.google.errorprone.annotations.FormatMethod;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.runtime.bindings.TensorRtVersion;
import dev.tenrec.tensorrt.layer.AttentionLayer;
import dev.tenrec.tensorrt.layer.Coefficients;
import dev.tenrec.tensorrt.layer.ContractionLayer;
import dev.tenrec.tensorrt.layer.IndexLayer;
import dev.tenrec.tensorrt.layer.Layer;
import dev.tenrec.tensorrt.layer.MovementLayer;
import dev.tenrec.tensorrt.layer.NetworkTensor;
import dev.tenrec.tensorrt.layer.PointwiseLayer;
import dev.tenrec.tensorrt.layer.PointwiseLayer.UnaryOperation;
import dev.tenrec.tensorrt.layer.QuantizationLayer;
import dev.tenrec.tensorrt.layer.ReductionLayer;
import dev.tenrec.tensorrt.layer.SamplingLayer;
import dev.tenrec.tensorrt.layer.SourceLayer;
import dev.tenrec.tensorrt.layer.Vector;
import dev.tenrec.tensorrt.layer.WindowLayer;
import dev.tenrec.tensorrt.legalize.DecomposeSuppression;
import java.util.List;
import java.util.Set;

/** What TensorRT's documentation says about types and ranks of layers. Sizes are inference's. */
final class LayerRules {
  private static final int MAX_RANK = 8;
  static final long MAX_K = 3840;

  /** Along how many of the last axes a top-k may be. */
  static final int TOP_K_AXES = 4;

  /** How many boxes a selection may look at. */
  static final int MAX_BOXES = DecomposeSuppression.MAX_BOXES;

  private static final String ADVICE =
      "it computes in float, float16, bfloat16, int32, int64 and bool; convert the model to these";

  private static final Set<ElementType> FLOATING =
      Set.of(ElementType.FLOAT32, ElementType.FLOAT16, ElementType.BFLOAT16);
  private static final Set<ElementType> INTEGER = Set.of(ElementType.INT32, ElementType.INT64);

  private static final Set<UnaryOperation> UNARY_OF_INTEGERS =
      Set.of(UnaryOperation.ABS, UnaryOperation.NEG, UnaryOperation.SIGN);

  private LayerRules() {}

  /** Refuses a layer with {@code UNSUPPORTED} and the rule that it breaks. */
  static void check(Layer layer, TensorRtVersion version) {
    switch (layer) {
      case AttentionLayer attention -> AttentionRules.check(attention, version);
      case SourceLayer source -> check(source);
      case PointwiseLayer pointwise -> check(pointwise);
      case WindowLayer window -> check(window);
      case ContractionLayer.MatrixMultiply(var a, _, var b, _) -> matrixProduct(a, b);
      case QuantizationLayer quantization -> QuantizationRules.check(quantization);
      case ReductionLayer reduction -> check(reduction, version);
      case MovementLayer movement -> check(movement);
      case IndexLayer index -> check(index);
      case SamplingLayer sampling -> check(sampling);
    }
  }

  static void checkInput(String name, TensorType type) {
    ElementType element = type.elementType();
    boolean passed = element == ElementType.UINT8 || QuantizationRules.isQuantized(element);
    if (!passed && !isComputable(element)) {
      throw new TenrecException(
              ErrorCode.UNSUPPORTED,
              "input '%s' is %s, which TensorRT does not have".formatted(name, type))
          .advise(ADVICE);
    }
    checkRank(type.rank());
  }

  static void checkRank(int rank) {
    require(rank <= MAX_RANK, "rank %d is above TensorRT's maximum of %d", rank, MAX_RANK);
  }

  /** The type of one step of a sequence. */
  static TensorType step(TensorType sequence) {
    require(sequence.rank() >= 1, "a scalar cannot be iterated over");
    return sequence.with(new Shape(sequence.shape().dims().subList(1, sequence.rank())));
  }

  private static void check(SourceLayer layer) {
    switch (layer) {
      case SourceLayer.Constant(var tensor) -> {
        if (!QuantizationRules.isQuantized(tensor.elementType())) {
          computable(tensor.elementType());
        }
        checkRank(tensor.rank());
      }
      case SourceLayer.Shape _ -> {}
      case SourceLayer.FillLinspace(var dims, var start, var step, var type) -> {
        require(
            INTEGER.contains(type) || type == ElementType.FLOAT32,
            "a linear fill cannot give %s",
            type.text());
        require(start.rank() == 0, "the start of a fill is not a scalar");
        require(
            step.rank() == 1 && step.dims().get(0) == length(dims),
            "a fill has not one step per dimension");
        require(
            start.elementType() == type && step.elementType() == type,
            "the start and the step of a fill are not %s",
            type.text());
      }
    }
  }

  private static void check(PointwiseLayer layer) {
    switch (layer) {
      case PointwiseLayer.Unary(var x, var operation) -> unary(x, operation);
      case PointwiseLayer.ElementWise(var a, var b, var operation) -> elementWise(a, b, operation);
      case PointwiseLayer.Activation(var x, var type, _, _) ->
          require(
              FLOATING.contains(x.elementType())
                  || (type == PointwiseLayer.ActivationType.RELU
                      && INTEGER.contains(x.elementType())),
              "activation %s does not take %s",
              type,
              x.elementType().text());
      case PointwiseLayer.ParametricRelu(var x, var slope) -> {
        floating(x, "a parametric ReLU");
        alike(List.of(x, slope), "a parametric ReLU");
      }
      case PointwiseLayer.Select(var condition, var a, var b) -> {
        require(condition.elementType() == ElementType.BOOL, "the condition is not bool");
        computable(a.elementType());
        alike(List.of(a, b), "a selection");
        require(condition.rank() == a.rank(), "the operands of a selection differ in rank");
      }
      case PointwiseLayer.Cast(var x, var to) -> {
        castable(x.elementType());
        castable(to);
      }
      case PointwiseLayer.Identity(var x) -> QuantizationRules.checkMoved(x);
    }
  }

  private static void unary(NetworkTensor x, UnaryOperation operation) {
    ElementType type = x.elementType();
    boolean fits =
        operation == UnaryOperation.NOT
            ? type == ElementType.BOOL
            : FLOATING.contains(type)
                || (INTEGER.contains(type) && UNARY_OF_INTEGERS.contains(operation));
    require(fits, "unary operation %s does not take %s", operation, type.text());
  }

  private static void elementWise(
      NetworkTensor a, NetworkTensor b, PointwiseLayer.ElementWiseOperation operation) {
    alike(List.of(a, b), "operation " + operation);
    computable(a.elementType());
    boolean bool = a.elementType() == ElementType.BOOL;
    boolean fits =
        switch (operation) {
          case AND, OR, XOR -> bool;
          case EQUAL -> true;
          case POW -> FLOATING.contains(a.elementType());
          case DIV -> !bool && a.elementType() != ElementType.INT32;
          case SUM, PROD, MAX, MIN, SUB, FLOOR_DIV, GREATER, LESS -> !bool;
        };
    require(fits, "operation %s does not take %s", operation, a.elementType().text());
  }

  private static void check(WindowLayer layer) {
    switch (layer) {
      case WindowLayer.Convolution(var x, var kernel, var bias, _, _, _, _) -> {
        window(x, kernel.dims().length() - 2);
        coefficients(x, kernel, "kernel");
        bias.ifPresent(b -> coefficients(x, b, "bias"));
      }
      case WindowLayer.Deconvolution(var x, var kernel, var bias, _, _, _, _) -> {
        window(x, kernel.dims().length() - 2);
        coefficients(x, kernel, "kernel");
        bias.ifPresent(b -> coefficients(x, b, "bias"));
      }
      case WindowLayer.Pooling(var x, _, var size, _, _, _) -> window(x, size.length());
    }
  }

  private static void coefficients(NetworkTensor x, Coefficients coefficients, String what) {
    require(
        coefficients.elementType() == x.elementType(),
        "the %s is %s, the operand %s",
        what,
        coefficients.elementType().text(),
        x.elementType().text());
  }

  private static void window(NetworkTensor x, int spatial) {
    floating(x, "a window");
    require(spatial == 2 || spatial == 3, "a window has %d dimensions, not 2 or 3", spatial);
    require(x.rank() == spatial + 2, "rank %d for %d spatial dimensions", x.rank(), spatial);
  }

  private static void matrixProduct(NetworkTensor a, NetworkTensor b) {
    floating(a, "a matrix product");
    alike(List.of(a, b), "a matrix product");
    require(a.rank() >= 2, "a matrix has rank %d", a.rank());
  }

  private static void check(ReductionLayer layer, TensorRtVersion version) {
    switch (layer) {
      case ReductionLayer.Reduce(var x, _, var axes, _) -> {
        numeric(x, "a reduction");
        require(x.elementType() != ElementType.INT32, "a reduction of int32 is done in float");
        require(!axes.isEmpty(), "a reduction over no axis");
      }
      case ReductionLayer.SoftMax(var x, _) -> {
        floating(x, "softmax");
        require(x.rank() >= 2, "softmax of rank %d", x.rank());
      }
      case ReductionLayer.TopK topK -> topK(topK, version);
      case ReductionLayer.Normalization(var x, var scale, var bias, var axes, _) -> {
        floating(x, "a normalization");
        alike(List.of(x, scale, bias), "a normalization");
        require(!axes.isEmpty(), "a normalization over no axis");
      }
      case ReductionLayer.CumulativeSum(var x, _, _, _) -> {
        numeric(x, "a running sum");
        require(
            Capabilities.of(version).cumulativeLayer(), "TensorRT %s has no running sum", version);
      }
    }
  }

  private static void topK(ReductionLayer.TopK layer, TensorRtVersion version) {
    NetworkTensor x = layer.x();
    numeric(x, "top-k");
    require(x.rank() >= 2, "top-k of rank %d", x.rank());
    require(x.rank() - layer.axis() <= TOP_K_AXES, "top-k is over the last four axes only");
    if (layer.k() instanceof Vector.Fixed(var k) && k.get(0) > MAX_K) {
      throw new TenrecException(
              ErrorCode.UNSUPPORTED,
              "k is %d, but TensorRT's maximum is %d".formatted(k.get(0), MAX_K))
          .advise("ask for fewer elements, or sort outside of the model");
    }
    require(
        layer.indicesType() == ElementType.INT32 || Capabilities.of(version).longIndices(),
        "TensorRT %s has int32 positions only",
        version);
  }

  private static void check(MovementLayer layer) {
    switch (layer) {
      case MovementLayer.Shuffle(var x, _, _, _, _) -> movable(x);
      case MovementLayer.Slice(var x, var start, var size, var stride, _, var fill) -> {
        movable(x);
        for (Vector vector : List.of(start, size, stride)) {
          require(length(vector) == x.rank(), "a slice of rank %d by %s", x.rank(), vector);
        }
        fill.ifPresent(f ->
            require(f.elementType() == x.elementType(), "a slice is filled with another type"));
      }
      case MovementLayer.Concatenation(var inputs, _) -> {
        inputs.forEach(LayerRules::movable);
        alike(inputs, "a concatenation");
        require(inputs.getFirst().rank() >= 1, "a concatenation of scalars");
      }
    }
  }

  private static void check(IndexLayer layer) {
    switch (layer) {
      case IndexLayer.Gather(var data, var indices, _) -> indexed(data, indices);
      case IndexLayer.GatherElement(var data, var indices, _) -> {
        indexed(data, indices);
        require(indices.rank() == data.rank(), "the indices differ in rank from the data");
      }
      case IndexLayer.GatherNd(var data, var indices, _) -> indexed(data, indices);
      case IndexLayer.ScatterElement(var data, var indices, var updates, _) -> {
        indexed(data, indices);
        alike(List.of(data, updates), "a scatter");
      }
      case IndexLayer.ScatterNd(var data, var indices, var updates) -> {
        indexed(data, indices);
        require(
            updates.elementType() == data.elementType(),
            "updates of type %s for data of type %s",
            updates.elementType().text(),
            data.elementType().text());
      }
      case IndexLayer.NonZero(var x) -> {
        computable(x.elementType());
        require(x.rank() >= 1, "a scalar has no positions");
      }
      case IndexLayer.NonMaxSuppression suppression -> suppression(suppression);
    }
  }

  private static void suppression(IndexLayer.NonMaxSuppression layer) {
    floating(layer.boxes(), "the selection of boxes");
    alike(List.of(layer.boxes(), layer.scores()), "a selection of boxes");
    alike(List.of(layer.overlap(), layer.leastScore()), "a selection of boxes");
    require(
        layer.perClass().elementType() == ElementType.INT32 && layer.perClass().rank() == 0,
        "the number of boxes is not a scalar of int32");
    require(layer.limit() <= MAX_BOXES, "%d boxes are too many", layer.limit());
  }

  private static void indexed(NetworkTensor data, NetworkTensor indices) {
    computable(data.elementType());
    require(
        INTEGER.contains(indices.elementType()),
        "indices of type %s",
        indices.elementType().text());
    require(data.rank() >= 1, "a scalar has no positions");
  }

  private static void check(SamplingLayer layer) {
    switch (layer) {
      case SamplingLayer.Resize(var x, var size, var scales, _) -> {
        floating(x, "a resize");
        require(size.isPresent() != scales.isPresent(), "a resize by sizes or by scales");
      }
      case SamplingLayer.GridSample(var x, var grid, _, _, _) -> {
        floating(x, "grid sampling");
        alike(List.of(x, grid), "grid sampling");
        require(x.rank() == 4 || x.rank() == 5, "grid sampling of rank %d", x.rank());
      }
    }
  }

  private static long length(Vector vector) {
    return switch (vector) {
      case Vector.Fixed(var entries) -> entries.length();
      case Vector.Computed(var tensor) -> tensor.rank() == 1 ? tensor.dims().get(0) : -1;
    };
  }

  private static void alike(List<NetworkTensor> operands, String what) {
    NetworkTensor first = operands.getFirst();
    for (NetworkTensor other : operands) {
      require(
          other.elementType() == first.elementType() && other.rank() == first.rank(),
          "the operands of %s are %s of rank %d and %s of rank %d",
          what,
          first.elementType().text(),
          first.rank(),
          other.elementType().text(),
          other.rank());
    }
  }

  private static void floating(NetworkTensor x, String what) {
    require(
        FLOATING.contains(x.elementType()), "%s does not take %s", what, x.elementType().text());
  }

  private static void numeric(NetworkTensor x, String what) {
    require(
        FLOATING.contains(x.elementType()) || INTEGER.contains(x.elementType()),
        "%s does not take %s",
        what,
        x.elementType().text());
  }

  private static boolean isComputable(ElementType type) {
    return FLOATING.contains(type) || INTEGER.contains(type) || type == ElementType.BOOL;
  }

  /** Quantized data may change place on its way. */
  private static void movable(NetworkTensor x) {
    QuantizationRules.checkMoved(x);
    if (!QuantizationRules.isQuantized(x.elementType())) {
      computable(x.elementType());
    }
  }

  private static void computable(ElementType type) {
    if (!isComputable(type)) {
      throw new TenrecException(
              ErrorCode.UNSUPPORTED, "TensorRT does not compute in " + type.text())
          .advise(ADVICE);
    }
  }

  /** Bytes come and go at the borders of a network, where they are cast. */
  private static void castable(ElementType type) {
    if (type != ElementType.UINT8) {
      computable(type);
    }
  }

  @FormatMethod
  static void require(boolean condition, String rule, Object... arguments) {
    if (!condition) {
      throw new TenrecException(ErrorCode.UNSUPPORTED, rule.formatted(arguments));
    }
  }
}
