package dev.tenrec.compiler.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.compiler.Backend;
import dev.tenrec.ir.Executable;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.interpret.Interpreter;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.tensorrt.ShapeProfile;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** All backends quantize to the same bits: halves, what is too large, and what is no number. */
class QuantizedBitsTest {
  private static final int COUNT = 300;

  @Provide
  Arbitrary<ElementType> types() {
    return Arbitraries.of(ElementType.INT8, ElementType.INT4, ElementType.FLOAT8E4M3FN);
  }

  @Provide
  Arbitrary<Backend> backends() {
    return Arbitraries.of(Backend.CPU, Backend.RECORDED);
  }

  /** Multiples of halves, numbers far beyond the type's, small ones, and NaN for what has it. */
  private static Tensor numbers(Random random, ElementType type, double scale) {
    return Tensor.ofDoubles(
        ElementType.FLOAT32,
        ImmutableLongArray.of(COUNT),
        _ ->
            switch (random.nextInt(6)) {
              case 0 -> (random.nextInt(-300, 300) + 0.5) * scale;
              case 1 -> random.nextInt(-2000, 2000) * 0.25 * scale;
              case 2 -> random.nextGaussian() * 1e6;
              case 3 -> random.nextGaussian() * scale * 0x1p-8;
              case 4 -> random.nextGaussian() * scale * 100;
              default ->
                  type.isFloating() ? Double.NaN : Double.POSITIVE_INFINITY * random.nextInt(1, 2);
            });
  }

  @Property(tries = 60)
  void areThoseOfTheInterpreter(
      @ForAll("types") ElementType type,
      @ForAll("backends") Backend backend,
      @ForAll Random random) {
    double scale = random.nextBoolean() ? 0.125 : (float) Math.exp(random.nextDouble(-8, 2));
    Graph graph =
        GraphParser.parse(
            """
            g (float[N] x) => (float[N] y) {
              s = Constant<value=float {%s}>()
              q = Quantize<to=%s>(x, s)
              y = Dequantize<to=float>(q, s)
            }
            """
                .formatted((float) scale, type.text()));
    ImmutableMap<String, Tensor> inputs = ImmutableMap.of("x", numbers(random, type, scale));
    try (Executable executable = backend.open(graph, ShapeProfile.NONE)) {
      assertThat(executable.run(inputs)).isEqualTo(Interpreter.of(graph).run(inputs));
    }
  }
}
