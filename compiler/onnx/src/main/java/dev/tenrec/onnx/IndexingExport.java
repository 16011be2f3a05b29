package dev.tenrec.onnx;

import dev.tenrec.ir.Indexing;
import dev.tenrec.ir.Indexing.Gather;
import dev.tenrec.ir.Indexing.GatherElements;
import dev.tenrec.ir.Indexing.GatherNd;
import dev.tenrec.ir.Indexing.NonMaxSuppression;
import dev.tenrec.ir.Indexing.NonZero;
import dev.tenrec.ir.Indexing.ScatterElements;
import dev.tenrec.ir.Indexing.ScatterKind;
import dev.tenrec.ir.Indexing.ScatterNd;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;

/** Reading and writing at computed positions. */
final class IndexingExport {
  private IndexingExport() {}

  static void write(Indexing indexing, NodeExport e) {
    switch (indexing) {
      case Gather(Value x, Value indices, int axis) ->
          e.op("Gather").in(x).in(indices).attribute("axis", axis).result();
      case GatherElements(Value x, Value indices, int axis) ->
          e.op("GatherElements").in(x).in(indices).attribute("axis", axis).result();
      case GatherNd(Value x, Value indices, int batchDims) ->
          e.op("GatherND").in(x).in(e.longs(indices)).attribute("batch_dims", batchDims).result();
      case ScatterElements op ->
          e.op("ScatterElements")
              .in(op.x())
              .in(op.indices())
              .in(op.updates())
              .attribute("axis", op.axis())
              .attribute("reduction", reduction(op.kind()))
              .result();
      case ScatterNd op ->
          e.op("ScatterND")
              .in(op.x())
              .in(e.longs(op.indices()))
              .in(op.updates())
              .attribute("reduction", reduction(op.kind()))
              .result();
      case NonZero(Value x) -> nonZero(x, e);
      case NonMaxSuppression op ->
          e.op("NonMaxSuppression")
              .in(floats(op.boxes(), e))
              .in(floats(op.scores(), e))
              .in(e.longs(op.perClass()))
              .in(floats(op.overlap(), e))
              .in(op.leastScore().map(score -> floats(score, e)).orElse(""))
              .attribute("center_point_box", op.centered())
              .result();
    }
  }

  /** ONNX Runtime takes a scalar for a vector, and has this operator for some types only. */
  private static void nonZero(Value x, NodeExport e) {
    String bits = x.elementType() == ElementType.BOOL ? e.name(x) : isNotZero(x, e);
    if (x.rank() > 0) {
      e.op("NonZero").in(bits).result();
      return;
    }
    String vector = e.op("Reshape").in(bits).in(e.constant(1)).value();
    String positions = e.op("NonZero").in(vector).value();
    e.op("Slice").in(positions).in(e.constant(0)).in(e.constant(0)).in(e.constant(0)).result();
  }

  private static String isNotZero(Value x, NodeExport e) {
    return e.cast(e.name(x), ElementType.BOOL);
  }

  private static String floats(Value x, NodeExport e) {
    return x.elementType() == ElementType.FLOAT32
        ? e.name(x)
        : e.cast(e.name(x), ElementType.FLOAT32);
  }

  private static String reduction(ScatterKind kind) {
    return switch (kind) {
      case REPLACE -> "none";
      case ADD -> "add";
      case MUL -> "mul";
      case MIN -> "min";
      case MAX -> "max";
    };
  }
}
