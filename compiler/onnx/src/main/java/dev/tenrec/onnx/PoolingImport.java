package dev.tenrec.onnx;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Pooling.Pool;
import dev.tenrec.ir.Pooling.PoolKind;
import dev.tenrec.ir.Reduction.Reduce;
import dev.tenrec.ir.Reduction.ReduceKind;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.Window;
import java.util.stream.IntStream;

/** Pooling over windows and over everything. */
final class PoolingImport {
  private PoolingImport() {}

  static void register(OperatorTable on) {
    on.op("MaxPool", PoolingImport::maxPool);
    on.op("AveragePool", PoolingImport::averagePool);
    on.op("GlobalAveragePool", n -> global(ReduceKind.MEAN, n));
    on.op("GlobalMaxPool", n -> global(ReduceKind.MAX, n));
  }

  private static Op maxPool(NodeContext n) {
    if (n.hasOutput(1)) {
      throw n.unsupported("the indices of the largest elements are not supported")
          .advise("export the model without return_indices");
    }
    n.attributes().ignore("storage_order");
    return pool(PoolKind.MAX, n);
  }

  private static Op averagePool(NodeContext n) {
    boolean padding = n.flag("count_include_pad", false);
    return pool(padding ? PoolKind.AVERAGE_WITH_PADDING : PoolKind.AVERAGE, n);
  }

  private static Op pool(PoolKind kind, NodeContext n) {
    Window window = Windows.pooling(n, n.input(0).rank() - 2);
    return new Pool(kind, n.input(0), window);
  }

  private static Op global(ReduceKind kind, NodeContext n) {
    Value x = n.input(0);
    ImmutableList<Integer> spatial =
        IntStream.range(2, x.rank()).boxed().collect(ImmutableList.toImmutableList());
    return new Reduce(kind, x, spatial, true);
  }
}
