package dev.tenrec.passes.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Executable;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.interpret.Interpreter;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.text.GraphParser;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ObservationTest {
  private static final Graph GRAPH =
      GraphParser.parse("g (float[2] x) => (float[2] y) { h = Neg(x)  y = Relu(h) }");

  /** Shows outputs on memory that is gone afterwards. */
  private record Lending(Executable inner) implements Executable {
    @Override
    public Signature signature() {
      return inner.signature();
    }

    @Override
    public ImmutableMap<String, Tensor> run(Map<String, Tensor> inputs) {
      return inner.run(inputs);
    }

    @Override
    public void show(Map<String, Tensor> inputs, Consumer<? super Map<String, Tensor>> reader) {
      try (Arena arena = Arena.ofShared()) {
        reader.accept(
            ImmutableMap.copyOf(
                Maps.transformValues(
                    run(inputs),
                    x ->
                        Tensor.of(
                            x.elementType(),
                            x.sizes(),
                            arena.allocate(x.data().byteSize()).copyFrom(x.data())))));
      }
    }
  }

  @Test
  void showsOutputsWhereTheBackendKeepsThem() {
    List<Tensor> seen = new ArrayList<>();
    List<double[]> elements = new ArrayList<>();
    Observer observer =
        tensor -> {
          seen.add(tensor);
          elements.add(tensor.toDoubles());
        };
    Map<String, Tensor> sample = Map.of("x", Tensor.ofFloats(ImmutableLongArray.of(2), 1, -2));
    Observation.observe(
        GRAPH,
        Map.of(GRAPH.nodes().getFirst().result(), observer),
        List.of(sample),
        graph -> new Lending(Interpreter.of(graph)));
    assertThat(elements).containsExactly(new double[] {-1, 2});
    assertThatThrownBy(() -> seen.getFirst().getDouble(0))
        .isInstanceOf(IllegalStateException.class);
  }
}
