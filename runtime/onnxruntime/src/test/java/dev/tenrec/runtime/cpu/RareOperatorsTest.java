package dev.tenrec.runtime.cpu;

import static dev.tenrec.onnx.TestModel.ints;
import static dev.tenrec.onnx.TestModel.node;

import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import dev.tenrec.onnx.TestModel;
import dev.tenrec.onnx.proto.AttributeProto;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Operators that few models have. */
class RareOperatorsTest {
  @Property(tries = 30)
  void cropping(@ForAll boolean someAxes, @ForAll boolean fixed, @ForAll long seed) {
    Random random = new Random(seed);
    long[] wanted = random.longs(someAxes ? 2 : 3, 1, 9).toArray();
    TestModel.Node node = node("CenterCropPad").in("x", "shape");
    if (someAxes) {
      node.with("axes", random.nextBoolean() ? ints(2, 0) : ints(-3, -2));
    }
    Reference reference =
        Reference.ofNode(18, node, "y")
            .input(
                "x",
                Tensors.random(
                    seed, 1 + random.nextInt(7), 1 + random.nextInt(7), 1 + random.nextInt(7)));
    Tensor shape = Tensor.ofLongs(wanted);
    (fixed ? reference.constant("shape", shape) : reference.input("shape", shape)).verify();
  }

  @Property(tries = 30)
  void runsOfNumbers(
      @ForAll @IntRange(min = 0, max = 2) int mode,
      @ForAll boolean batch,
      @ForAll boolean narrow,
      @ForAll boolean weighted,
      @ForAll @IntRange(min = 0, max = 3) int skips,
      @ForAll long seed) {
    Random random = new Random(seed);
    int smallest = 1 + random.nextInt(3);
    int largest = smallest + random.nextInt(4 - smallest);
    TestModel.Node node =
        node("TfIdfVectorizer")
            .in("x")
            .with("mode", List.of("TF", "IDF", "TFIDF").get(mode))
            .with("min_gram_length", smallest)
            .with("max_gram_length", largest)
            .with("max_skip_count", skips)
            .with("ngram_counts", ints(0, 3, 7))
            .with("ngram_indexes", ints(2, 0, 1, 5, 4, 3, 6))
            .with("pool_int64s", ints(0, 1, 2, 0, 1, 1, 1, 0, 1, 2, 2, 0, 2));
    if (weighted) {
      AttributeProto.Builder weights =
          AttributeProto.newBuilder()
              .setName("weights")
              .setType(AttributeProto.AttributeType.FLOATS);
      for (int i = 0; i < 7; i++) {
        weights.addFloats(0.5f + i);
      }
      node.with(weights);
    }
    int length = 1 + random.nextInt(8);
    Tensor x =
        Tensor.ofLongs(
            narrow ? ElementType.INT32 : ElementType.INT64,
            batch ? ints(3, length) : ints(length),
            _ -> random.nextInt(3));
    Reference.ofNode(9, node, "y").input("x", x).verify();
  }

  @Property(tries = 30)
  void batchStatistics(@ForAll @IntRange(min = 2, max = 4) int rank, @ForAll long seed) {
    Random random = new Random(seed);
    long[] sizes = random.longs(rank, 2, 5).toArray();
    sizes[1] = 3;
    TestModel.Node node =
        node("BatchNormalization")
            .in("x", "scale", "bias", "mean", "variance")
            .with("training_mode", 1)
            .with("momentum", 0.7)
            .with("epsilon", 1e-3);
    Reference.ofNode(15, node, "y", "new_mean", "new_variance")
        .input("x", Tensors.random(seed, sizes))
        .constant("scale", Tensors.random(seed + 1, 3))
        .constant("bias", Tensors.random(seed + 2, 3))
        .constant("mean", Tensors.random(seed + 3, 3))
        .constant("variance", Tensors.floats(0.5, 1, 2))
        .within(1e-3)
        .verify();
  }

  @Property(tries = 30)
  void determinants(
      @ForAll @IntRange(min = 1, max = 6) int size, @ForAll boolean whole, @ForAll long seed) {
    Random random = new Random(seed);
    Tensor x =
        whole
            ? Tensor.ofDoubles(ElementType.FLOAT32, ints(3, size, size), _ -> random.nextInt(3) - 1)
            : Tensors.random(seed, 3, size, size);
    Reference.ofNode(11, node("Det").in("x"), "y").input("x", x).within(1e-3).verify();
  }
}
