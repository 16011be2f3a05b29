package dev.tenrec.runtime.cpu;

import static dev.tenrec.onnx.TestModel.ints;
import static dev.tenrec.onnx.TestModel.node;

import com.google.common.collect.Sets;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import dev.tenrec.onnx.TestModel;
import dev.tenrec.onnx.proto.AttributeProto;
import dev.tenrec.onnx.proto.AttributeProto.AttributeType;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** All that the attributes of recurrent operators can change, in any combination. */
class RecurrentAttributesTest {
  private static final Set<String> WITH_ALPHA =
      Set.of("LeakyRelu", "ThresholdedRelu", "Elu", "HardSigmoid", "Affine", "ScaledTanh");
  private static final Set<String> WITH_BETA = Set.of("HardSigmoid", "Affine", "ScaledTanh");

  /** Sizes, and which optional inputs are there. */
  record Layer(
      long opset,
      String direction,
      long steps,
      long batch,
      long input,
      long hidden,
      Set<String> optional) {
    int directions() {
      return direction.equals("bidirectional") ? 2 : 1;
    }

    String name(String input) {
      return optional.contains(input) ? input : "";
    }
  }

  /**
   * How gates are computed.
   *
   * @param clip 0 for none
   */
  record Gates(List<String> activations, boolean defaults, boolean parameters, double clip) {
    List<String> of(int count) {
      return activations.subList(0, count);
    }
  }

  @Provide
  Arbitrary<Layer> layers() {
    Arbitrary<Long> size = Arbitraries.longs().between(1, 4);
    return Combinators.combine(
            Arbitraries.of(7L, 14L, 22L),
            Arbitraries.of("forward", "reverse", "bidirectional"),
            size,
            size,
            size,
            size,
            Arbitraries.of("b", "lengths", "h", "c", "p").set())
        .as(Layer::new);
  }

  @Provide
  Arbitrary<Gates> gates() {
    return Combinators.combine(
            Arbitraries.of(
                    "Sigmoid",
                    "Tanh",
                    "Relu",
                    "Softsign",
                    "Softplus",
                    "LeakyRelu",
                    "ThresholdedRelu",
                    "Elu",
                    "HardSigmoid",
                    "Affine",
                    "ScaledTanh")
                .list()
                .ofSize(6),
            Arbitraries.of(true, false),
            Arbitraries.of(true, false),
            Arbitraries.of(0.0, 0.3, 2.0))
        .as(Gates::new);
  }

  @Property(tries = 60)
  void rnn(@ForAll("layers") Layer layer, @ForAll("gates") Gates gates, @ForAll long seed) {
    TestModel.Node node = inputs(node("RNN"), layer);
    reference(layer, with(node, gates, layer.directions()), 1, seed, "y", "y_h").verify();
  }

  @Property(tries = 60)
  void gru(
      @ForAll("layers") Layer layer,
      @ForAll("gates") Gates gates,
      @ForAll boolean linear,
      @ForAll long seed) {
    TestModel.Node node = inputs(node("GRU"), layer).with("linear_before_reset", linear ? 1 : 0);
    reference(layer, with(node, gates, 2 * layer.directions()), 3, seed, "y", "y_h").verify();
  }

  /**
   * ONNX clips the input of each function, ONNX Runtime that of the gates but not the cell's: here,
   * the cell stays below the limit.
   */
  @Property(tries = 40)
  void clippedLstm(@ForAll("layers") Layer layer, @ForAll boolean coupled, @ForAll long seed) {
    Layer oneStep =
        new Layer(
            layer.opset,
            layer.direction,
            1,
            layer.batch,
            layer.input,
            layer.hidden,
            Sets.difference(layer.optional, Set.of("c", "p")));
    TestModel.Node node =
        inputs(node("LSTM"), oneStep).with("input_forget", coupled ? 1 : 0).with("clip", 1.0);
    reference(oneStep, node, 4, seed, "y", "y_h", "y_c").verify();
  }

  @Property(tries = 60)
  void lstm(
      @ForAll("layers") Layer layer,
      @ForAll("gates") Gates gates,
      @ForAll boolean coupled,
      @ForAll long seed) {
    int directions = layer.directions();
    Gates unclipped = new Gates(gates.activations, gates.defaults, gates.parameters, 0);
    TestModel.Node node =
        inputs(node("LSTM"), layer)
            .in(layer.name("c"), layer.name("p"))
            .with("input_forget", coupled ? 1 : 0);
    Reference reference =
        reference(layer, with(node, unclipped, 3 * directions), 4, seed, "y", "y_h", "y_c");
    if (layer.optional.contains("c")) {
      reference.constant("c", small(seed + 5, directions, layer.batch, layer.hidden));
    }
    if (layer.optional.contains("p")) {
      reference.constant("p", small(seed + 6, directions, 3 * layer.hidden));
    }
    reference.verify();
  }

  private static TestModel.Node inputs(TestModel.Node node, Layer layer) {
    return node.in("x", "w", "r", layer.name("b"), layer.name("lengths"), layer.name("h"))
        .with("hidden_size", layer.hidden)
        .with("direction", layer.direction);
  }

  private static TestModel.Node with(TestModel.Node node, Gates gates, int count) {
    if (gates.clip > 0) {
      node.with("clip", gates.clip);
    }
    if (gates.defaults) {
      return node;
    }
    List<String> names = gates.of(count);
    node.with("activations", names);
    // ONNX Runtime's threshold is 0 where ONNX says 1, and the others have no default.
    boolean needed =
        names.stream().anyMatch(Set.of("ThresholdedRelu", "Affine", "ScaledTanh")::contains);
    if (gates.parameters || needed) {
      node.with(numbers("activation_alpha", names, WITH_ALPHA, 0.3));
      node.with(numbers("activation_beta", names, WITH_BETA, 0.2));
    }
    return node;
  }

  /** One number for each function that has such a parameter, in their order. */
  private static AttributeProto.Builder numbers(
      String attribute, List<String> names, Set<String> taking, double first) {
    AttributeProto.Builder builder =
        AttributeProto.newBuilder().setName(attribute).setType(AttributeType.FLOATS);
    double next = first;
    for (String name : names) {
      if (taking.contains(name)) {
        builder.addFloats((float) next);
        next += 0.1;
      }
    }
    return builder;
  }

  private static Reference reference(
      Layer layer, TestModel.Node node, int gates, long seed, String... outputs) {
    int directions = layer.directions();
    long rows = gates * layer.hidden;
    Random random = new Random(seed);
    Reference reference =
        Reference.ofNode(layer.opset, node, outputs)
            .input("x", Tensors.random(seed, layer.steps, layer.batch, layer.input))
            .constant("w", small(seed + 1, directions, rows, layer.input))
            .constant("r", small(seed + 2, directions, rows, layer.hidden))
            .within(1e-4);
    if (layer.optional.contains("b")) {
      reference.constant("b", small(seed + 3, directions, 2 * rows));
    }
    if (layer.optional.contains("h")) {
      reference.constant("h", small(seed + 4, directions, layer.batch, layer.hidden));
    }
    if (layer.optional.contains("lengths")) {
      reference.constant(
          "lengths",
          Tensor.ofLongs(
              ElementType.INT32, ints(layer.batch), _ -> random.nextLong(layer.steps) + 1));
    }
    return reference;
  }

  /** So small that no function overflows, wherever ONNX Runtime computes exp(x) of all x. */
  private static Tensor small(long seed, long... sizes) {
    Random random = new Random(seed);
    return Tensor.ofDoubles(
        ElementType.FLOAT32, Tensors.sizes(sizes), _ -> random.nextGaussian() / 5);
  }
}
