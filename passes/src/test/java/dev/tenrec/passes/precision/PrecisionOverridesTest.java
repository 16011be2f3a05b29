package dev.tenrec.passes.precision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.passes.Pipeline;
import dev.tenrec.passes.VerifyEach;
import dev.tenrec.passes.calibration.CalibrationTable;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrecisionOverridesTest {
  private static final Graph GRAPH =
      GraphParser.parse(
          """
          g (float[N,2] x) => (float[N,2] y) {
            w = Constant<value=float[2,2] {1, 2, 3, 4}>()
            layer.1 = MatMul(x, w)
            layer.2 = MatMul(layer.1, w)
            e = Exp(layer.2)
            y = Relu(e)
          }
          """);

  private static AssignPrecision pass(ElementType low, String... overrides) {
    return new AssignPrecision(
        low,
        CalibrationTable.EMPTY,
        new PrecisionOverrides(
            Stream.of(overrides)
                .map(PrecisionOverride::parse)
                .collect(ImmutableList.toImmutableList())));
  }

  private static String types(AssignPrecision pass) {
    PrecisionPlan plan = pass.plan(GRAPH);
    Pipeline.of(pass).run(GRAPH, new VerifyEach());
    return String.join(
        " ",
        plan.types().values().stream().map(type -> type.name().toLowerCase(Locale.ROOT)).toList());
  }

  @ParameterizedTest
  @CsvSource({
    "name:layer.1=fp32, float32 float16 float32 float32",
    "name:layer?2=bf16, float16 bfloat16 float32 float32",
    "name:*=fp16, float16 float16 float16 float16",
    "op:matmul=fp32, float32 float32 float32 float32",
    "op:EXP=fp16, float16 float16 float16 float16",
    "location:*=bf16, bfloat16 bfloat16 bfloat16 bfloat16",
  })
  void decideForWhatTheyMatch(String override, String types) {
    assertThat(types(pass(ElementType.FLOAT16, override))).isEqualTo(types);
  }

  @ParameterizedTest
  @CsvSource({
    "name:lay*.*1=fp32, float32 float16 float32 float32",
    "name:*a*e*.?=fp32, float32 float32 float32 float32",
    "name:*ayer.*r.2=fp16, nothing",
    "name:layer=fp32, nothing",
    "name:****************************************x=fp32, nothing",
  })
  void starsStandForAnything(String override, String types) {
    AssignPrecision pass = pass(ElementType.FLOAT16, override);
    if (types.equals("nothing")) {
      assertThatThrownBy(() -> types(pass)).hasMessageContaining("matches no operation");
    } else {
      assertThat(types(pass)).isEqualTo(types);
    }
  }

  @Test
  void lastOneCounts() {
    assertThat(types(pass(ElementType.FLOAT16, "name:layer.1=bf16", "op:MatMul=fp32")))
        .isEqualTo("float32 float32 float32 float32");
    assertThat(types(pass(ElementType.FLOAT16, "op:MatMul=fp32", "name:layer.1=bf16")))
        .isEqualTo("bfloat16 float32 float32 float32");
  }

  @Test
  void changeModelsInSinglePrecisionToo() {
    AssignPrecision pass = pass(ElementType.FLOAT32, "name:layer.2=fp16");
    assertThat(types(pass)).isEqualTo("float32 float16 float32 float32");
    assertThat(pass.plan(GRAPH).toString())
        .contains("override name:layer.2=fp16")
        .contains("as in the model");
  }

  @Test
  void matchSomething() {
    assertThatThrownBy(() -> pass(ElementType.FLOAT16, "name:layer3=fp32").plan(GRAPH))
        .hasMessageContaining("override 'name:layer3=fp32' matches no operation on float32");
    assertThatThrownBy(() -> pass(ElementType.FLOAT16, "name:w=fp32").plan(GRAPH))
        .hasMessageContaining("matches no operation");
  }

  @ParameterizedTest
  @ValueSource(strings = {"layer=fp32", "name:layer", "name:layer=int8", "layer:name=fp32", ""})
  void areOfOneForm(String text) {
    assertThatThrownBy(() -> PrecisionOverride.parse(text))
        .hasMessageContaining("write name:PATTERN=PRECISION");
  }
}
