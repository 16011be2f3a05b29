package dev.tenrec.tensorrt.legalize;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.ConvertingExecutable;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.interpret.Interpreter;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.ir.text.GraphPrinter;
import dev.tenrec.ir.verify.GraphVerifier;
import dev.tenrec.tensorrt.Lowering;
import dev.tenrec.tensorrt.RecordedNetwork;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class LegalizationTest {
  private static Signature legal(String graph) {
    Graph after = Legalization.EXACT.run(GraphParser.parse(graph));
    GraphVerifier.WELL_FORMED.verify(after);
    return Signature.of(after);
  }

  @Test
  void networksTakeAndGiveTheTypesThatStandForTheModels() {
    Signature signature =
        legal(
            """
            g (int16[N,3] x, uint32[3] z, double[3] d) => (int16[N,3] y, uint32[3] w, float[3] f) {
              y = Add(x, x)
              w = Add(z, z)
              f = Cast<to=float>(d)
            }
            """);
    assertThat(signature.inputs().toString()).isEqualTo("{x=int32[N,3], z=int64[3], d=float[3]}");
    assertThat(signature.outputs().toString()).isEqualTo("{y=int32[N,3], w=int64[3], f=float[3]}");
  }

  @Test
  void bytesComeInAndGoOutWhereTheyAreCastFromAndToFloat() {
    Signature signature =
        legal(
            """
            g (uint8[3] x) => (uint8[3] y, uint8[3] z) {
              a = Cast<to=float>(x)
              y = Cast<to=uint8>(a)
              z = Add(x, x)
            }
            """);
    assertThat(signature.inputs().toString()).isEqualTo("{x=uint8[3]}");
    assertThat(signature.outputs().toString()).isEqualTo("{y=uint8[3], z=int32[3]}");
  }

  @Test
  void anInputMayBeAnOutput() {
    Signature signature = legal("g (int8[3] x) => (int8[3] y = x) { }");
    assertThat(signature.outputs().toString()).isEqualTo("{y=int32[3]}");
  }

  @Test
  void legalGraphsStayAsTheyAre() {
    Graph graph =
        GraphParser.parse(
            "g (int8[3] x, int8[3] z) => (bool[3] y) { a = Mul(x, z) y = Less(a, x) }");
    Graph legal = Legalization.EXACT.run(graph);
    assertThat(Legalization.EXACT.run(legal)).isSameAs(legal);
  }

  @Test
  void bodiesOfLoopsAreInTensorRtsTypes() {
    Graph graph =
        GraphParser.parse(
            """
            g (uint8[2] s, uint8[5,2] x) => (uint8[2] last, uint8[5,2] all, bool[5,2] less) {
              last, all, less = Scan<body=step (uint8[2] a, uint8[2] b) => (uint8[2] n = c, uint8[2] o = c, bool[2] l) {
                c = Add(a, b)
                l = Less(c, b)
              }, states=1, sequences=1>(s, x)
            }
            """);
    check(graph, 7);
  }

  @Property(tries = 100)
  void randomIntegersAreComputedAsTheModelSays(@ForAll long seed) {
    check(SmallIntegerGraph.of(seed, 12), seed);
  }

  private static void check(Graph graph, long seed) {
    RecordedNetwork network = new RecordedNetwork();
    Lowering.lower(graph, network);
    Map<String, Tensor> inputs = inputs(graph, new Random(seed));
    ImmutableMap<String, Tensor> expected = Interpreter.of(graph).run(inputs);
    ImmutableMap<String, Tensor> actual =
        new ConvertingExecutable(network.executable(), Signature.of(graph)).run(inputs);
    expected.forEach((name, tensor) -> {
      Tensor found = actual.get(name);
      assertThat(found).as(name).isNotNull();
      assertThat(found.elementType()).isEqualTo(tensor.elementType());
      if (tensor.elementType() == ElementType.FLOAT32) {
        assertThat(found.toDoubles()).as(GraphPrinter.print(graph)).isEqualTo(tensor.toDoubles());
      } else {
        assertThat(found.toLongs()).as(GraphPrinter.print(graph)).isEqualTo(tensor.toLongs());
      }
    });
  }

  /** Small and large numbers of all types. */
  private static Map<String, Tensor> inputs(Graph graph, Random random) {
    Map<String, Tensor> inputs = new HashMap<>();
    for (Value input : graph.inputs()) {
      inputs.put(
          input.name(),
          Tensor.ofLongs(
              input.elementType(),
              input.shape().evaluate(_ -> 2),
              _ -> random.nextLong() >> random.nextInt(64)));
    }
    return inputs;
  }
}
