package dev.tenrec.tensorrt;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Indexing;
import dev.tenrec.ir.Indexing.ScatterKind;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.tensorrt.layer.IndexLayer;
import java.util.Optional;

/** What {@link IndexLayer}s compute. */
final class IndexMeaning {
  private IndexMeaning() {}

  static ImmutableList<Value> of(IndexLayer layer, Meaning in) {
    return switch (layer) {
      case IndexLayer.Gather(var data, var indices, int axis) ->
          only(new Indexing.Gather(in.value(data), in.value(indices), axis));
      case IndexLayer.GatherElement(var data, var indices, int axis) ->
          only(new Indexing.GatherElements(in.value(data), in.value(indices), axis));
      case IndexLayer.GatherNd(var data, var indices, int shared) ->
          only(new Indexing.GatherNd(in.value(data), in.value(indices), shared));
      case IndexLayer.ScatterElement(var data, var indices, var updates, int axis) ->
          only(
              new Indexing.ScatterElements(
                  ScatterKind.REPLACE, in.value(data), in.value(indices), in.value(updates), axis));
      case IndexLayer.ScatterNd(var data, var indices, var updates) ->
          only(
              new Indexing.ScatterNd(
                  ScatterKind.REPLACE, in.value(data), in.value(indices), in.value(updates)));
      case IndexLayer.NonZero(var x) ->
          ImmutableList.of(
              Terms.cast(new Indexing.NonZero(in.value(x)).value(), ElementType.INT32));
      case IndexLayer.NonMaxSuppression suppression -> suppression(suppression, in);
    };
  }

  private static ImmutableList<Value> only(Indexing op) {
    return ImmutableList.of(op.value());
  }

  private static ImmutableList<Value> suppression(IndexLayer.NonMaxSuppression layer, Meaning in) {
    Value scores = Terms.transpose(in.value(layer.scores()), 0, 2, 1);
    Value selected =
        new Indexing.NonMaxSuppression(
                in.value(layer.boxes()),
                scores,
                in.value(layer.perClass()),
                in.value(layer.overlap()),
                Optional.of(in.value(layer.leastScore())),
                layer.centered())
            .value();
    Value count = Terms.size(selected, 0);
    return ImmutableList.of(
        Terms.cast(selected, ElementType.INT32), Terms.cast(count, ElementType.INT32));
  }
}
