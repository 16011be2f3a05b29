package dev.tenrec.onnx;

import dev.tenrec.ir.Indexing;
import dev.tenrec.ir.Indexing.Gather;
import dev.tenrec.ir.Indexing.GatherElements;
import dev.tenrec.ir.Indexing.GatherNd;
import dev.tenrec.ir.Indexing.ScatterElements;
import dev.tenrec.ir.Indexing.ScatterKind;
import dev.tenrec.ir.Indexing.ScatterNd;
import dev.tenrec.ir.Value;

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
    }
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
