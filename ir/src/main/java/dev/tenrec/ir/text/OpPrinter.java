package dev.tenrec.ir.text;

import static dev.tenrec.ir.text.OpText.camel;
import static dev.tenrec.ir.text.OpText.op;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Attention;
import dev.tenrec.ir.Contraction;
import dev.tenrec.ir.ControlFlow;
import dev.tenrec.ir.Convolution;
import dev.tenrec.ir.CustomOp;
import dev.tenrec.ir.Elementwise;
import dev.tenrec.ir.Indexing;
import dev.tenrec.ir.Normalization;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Pooling;
import dev.tenrec.ir.Quantization;
import dev.tenrec.ir.Reduction;
import dev.tenrec.ir.Resampling;
import dev.tenrec.ir.Shuffle;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.Window;

/** The textual form of operations without their operands. {@link OpParser} reads it. */
record OpPrinter(GraphPrinter graphs) {

  OpText text(Op op) {
    return switch (op) {
      case Elementwise elementwise -> text(elementwise);
      case Convolution convolution -> text(convolution);
      case Pooling.Pool(var kind, _, Window window) ->
          window(op("Pool").with("kind", kind), window).with("kernel", window.kernel());
      case Attention attention -> text(attention);
      case Contraction contraction -> text(contraction);
      case Normalization normalization -> text(normalization);
      case Quantization quantization -> text(quantization);
      case Reduction reduction -> text(reduction);
      case Resampling resampling -> text(resampling);
      case Shuffle shuffle -> text(shuffle);
      case Indexing indexing -> text(indexing);
      case Source source -> text(source);
      case ControlFlow flow -> text(flow);
      case CustomOp custom -> op(custom.name());
    };
  }

  private static OpText text(Elementwise op) {
    return switch (op) {
      case Elementwise.Unary(var kind, _) -> op(camel(kind));
      case Elementwise.Binary(var kind, _, _) -> op(camel(kind));
      case Elementwise.Select _ -> op("Select");
      case Elementwise.Cast(_, var to) -> op("Cast").with("to", to.text());
      case Elementwise.BitCast(_, var to) -> op("BitCast").with("to", to.text());
      case Elementwise.Activation(var kind, _, double alpha, double beta) ->
          op(camel(kind)).with("alpha", alpha, 0.0).with("beta", beta, 0.0);
      case Elementwise.ParametricRelu _ -> op("ParametricRelu");
    };
  }

  private static OpText text(Convolution op) {
    return switch (op) {
      case Convolution.Conv(_, _, _, Window window, long groups, var activation) -> {
        OpText text = window(op("Conv"), window).with("groups", groups, 1L);
        yield activation
            .map(it ->
                text.with("activation", it.kind())
                    .with("alpha", it.alpha(), 0.0)
                    .with("beta", it.beta(), 0.0))
            .orElse(text);
      }
      case Convolution.ConvTranspose(_, _, _, Window window, long groups, var outputPadding) ->
          window(op("ConvTranspose"), window)
              .with("groups", groups, 1L)
              .with("output_padding", outputPadding, Window.of(window.kernel().toArray()).before());
    };
  }

  /** Everything but the kernel's sizes, which convolutions take from their weights. */
  private static OpText window(OpText text, Window window) {
    Window plain = Window.of(window.kernel().toArray());
    ImmutableLongArray pads =
        ImmutableLongArray.builder().addAll(window.before()).addAll(window.after()).build();
    ImmutableLongArray none =
        ImmutableLongArray.builder().addAll(plain.before()).addAll(plain.after()).build();
    return text.with("strides", window.strides(), plain.strides())
        .with("pads", pads, none)
        .with("dilations", window.dilations(), plain.dilations())
        .with("padding", window.mode(), Window.Padding.EXPLICIT);
  }

  private static OpText text(Attention op) {
    return switch (op) {
      case Attention.ScaledDotProduct(_, _, _, _, Attention.Scoring scoring) ->
          op("ScaledDotProduct")
              .with("scale", scoring.scale(), 1.0)
              .with("soft_cap", scoring.softCap(), 0.0)
              .with("causal", scoring.causal(), Attention.CausalMask.NONE);
      case Attention.RotaryEmbedding(_, _, _, boolean interleaved) ->
          op("RotaryEmbedding").with("interleaved", interleaved, false);
    };
  }

  private static OpText text(Contraction op) {
    return switch (op) {
      case Contraction.MatMul(_, _, boolean transposeA, boolean transposeB) ->
          op("MatMul")
              .with("transpose_a", transposeA, false)
              .with("transpose_b", transposeB, false);
    };
  }

  private static OpText text(Normalization op) {
    return switch (op) {
      case Normalization.Softmax(_, int axis, boolean logarithm) ->
          op("Softmax").with("axis", axis).with("logarithm", logarithm, false);
      case Normalization.LayerNorm(_, _, _, int axis, double epsilon) ->
          op("LayerNorm").with("axis", axis).with("epsilon", epsilon);
      case Normalization.RmsNorm(_, _, int axis, double epsilon) ->
          op("RmsNorm").with("axis", axis).with("epsilon", epsilon);
      case Normalization.GroupNorm(_, _, _, long groups, double epsilon) ->
          op("GroupNorm").with("groups", groups, 0L).with("epsilon", epsilon);
      case Normalization.ChannelNorm(_, _, _, double epsilon) ->
          op("ChannelNorm").with("epsilon", epsilon);
      case Normalization.BatchNorm(_, _, _, _, _, double epsilon) ->
          op("BatchNorm").with("epsilon", epsilon);
    };
  }

  private static OpText text(Quantization op) {
    OpText text =
        switch (op) {
          case Quantization.Quantize(_, _, var to, _) -> op("Quantize").with("to", to.text());
          case Quantization.Dequantize(_, _, var to, _) -> op("Dequantize").with("to", to.text());
        };
    return switch (op.granularity()) {
      case Quantization.Granularity.PerTensor() -> text;
      case Quantization.Granularity.PerAxis(int axis) -> text.with("axis", axis);
      case Quantization.Granularity.Blocked(int axis, long size) ->
          text.with("axis", axis).with("block", size);
    };
  }

  private static OpText text(Reduction op) {
    return switch (op) {
      case Reduction.Reduce(var kind, _, var axes, boolean keepDims) ->
          op("Reduce" + camel(kind)).with("axes", axes).with("keep_dims", keepDims, false);
      case Reduction.ArgReduce(boolean largest, _, int axis, boolean keepDims, boolean last) ->
          op(largest ? "ArgMax" : "ArgMin")
              .with("axis", axis)
              .with("keep_dims", keepDims, false)
              .with("last", last, false);
      case Reduction.TopK(_, _, int axis, boolean largest) ->
          op("TopK").with("axis", axis).with("largest", largest, true);
      case Reduction.CumulativeSum(_, int axis, boolean exclusive, boolean reverse) ->
          op("CumulativeSum")
              .with("axis", axis)
              .with("exclusive", exclusive, false)
              .with("reverse", reverse, false);
    };
  }

  private static OpText text(Resampling op) {
    return switch (op) {
      case Resampling.Resize(_, _, var scales, Resampling.ResizeMode mode) ->
          op("Resize")
              .with(
                  "scales",
                  scales.map(s -> s.asList()).orElse(ImmutableList.of()),
                  ImmutableList.of())
              .with("interpolation", mode.interpolation())
              .with("coordinates", mode.coordinates(), Resampling.Coordinates.HALF_PIXEL)
              .with("rounding", mode.rounding(), Resampling.Rounding.HALF_DOWN)
              .with("cubic_coefficient", mode.cubicCoefficient(), OpParser.CUBIC_COEFFICIENT)
              .with("exclude_outside", mode.excludeOutside(), false);
      case Resampling.GridSample(_, _, var interpolation, var border, boolean alignCorners) ->
          op("GridSample")
              .with("interpolation", interpolation)
              .with("border", border, Resampling.Border.ZEROS)
              .with("align_corners", alignCorners, false);
    };
  }

  private static OpText text(Shuffle op) {
    return switch (op) {
      case Shuffle.Reshape(_, _, boolean copyZeros) ->
          op("Reshape").with("copy_zeros", copyZeros, false);
      case Shuffle.Squeeze(_, var axes) -> op("Squeeze").with("axes", axes);
      case Shuffle.Unsqueeze(_, var axes) -> op("Unsqueeze").with("axes", axes);
      case Shuffle.Transpose(_, var permutation) ->
          op("Transpose").with("permutation", permutation);
      case Shuffle.Concat(_, int axis) -> op("Concat").with("axis", axis);
      case Shuffle.Slice(_, _, _, var axes, var steps) ->
          op("Slice")
              .with("axes", axes)
              .with("steps", steps, ImmutableLongArray.copyOf(axes.stream().mapToLong(_ -> 1)));
      case Shuffle.Pad(_, _, _, var mode) -> op("Pad").with("mode", mode, Shuffle.PadMode.CONSTANT);
      case Shuffle.Expand _ -> op("Expand");
      case Shuffle.Tile _ -> op("Tile");
    };
  }

  private static OpText text(Indexing op) {
    return switch (op) {
      case Indexing.Gather(_, _, int axis) -> op("Gather").with("axis", axis);
      case Indexing.GatherElements(_, _, int axis) -> op("GatherElements").with("axis", axis);
      case Indexing.GatherNd(_, _, int batchDims) ->
          op("GatherNd").with("batch_dims", batchDims, 0);
      case Indexing.ScatterElements(var kind, _, _, _, int axis) ->
          op("ScatterElements").with("kind", kind, Indexing.ScatterKind.REPLACE).with("axis", axis);
      case Indexing.ScatterNd(var kind, _, _, _) ->
          op("ScatterNd").with("kind", kind, Indexing.ScatterKind.REPLACE);
      case Indexing.NonZero _ -> op("NonZero");
      case Indexing.NonMaxSuppression suppression ->
          op("NonMaxSuppression").with("centered", suppression.centered(), false);
    };
  }

  private OpText text(ControlFlow op) {
    return switch (op) {
      case ControlFlow.If(var thenBranch, var elseBranch, _, _) ->
          op("If").with("then", graphs.nested(thenBranch)).with("else", graphs.nested(elseBranch));
      case ControlFlow.Loop loop ->
          op("Loop")
              .with("limit", loop.limit().isPresent(), true)
              .with("condition", loop.condition().isPresent(), false)
              .with("states", loop.states().size())
              .with("body", graphs.nested(loop.body()));
      case ControlFlow.Scan scan ->
          op("Scan")
              .with("states", scan.states().size())
              .with("sequences", scan.sequences().size())
              .with("reverse", scan.reverse(), false)
              .with("body", graphs.nested(scan.body()));
    };
  }

  private OpText text(Source op) {
    return switch (op) {
      case Source.Constant(var tensor) -> op("Constant").with("value", graphs.tensor(tensor));
      case Source.Sizes(var dims, boolean scalar) ->
          op("Sizes").with("dims", dims).with("scalar", scalar, false);
      case Source.ShapeOf _ -> op("ShapeOf");
      case Source.Range _ -> op("Range");
    };
  }
}
