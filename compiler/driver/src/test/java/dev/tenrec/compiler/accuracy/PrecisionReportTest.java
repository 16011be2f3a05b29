package dev.tenrec.compiler.accuracy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tenrec.compiler.accuracy.PrecisionReport.Row;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.passes.Pipeline;
import dev.tenrec.passes.accuracy.Deviation;
import dev.tenrec.passes.precision.AssignPrecision;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrecisionReportTest {
  private static Row product(String location, String requested) {
    return new Row(location, location, "Conv", true, requested, "why", null, null);
  }

  private static String layer(String name, String field, String type) {
    return """
    {"Name": "%s", "LayerType": "CaskConvolution", "Outputs": [{"Name": "y", "%s": "%s"}]}\
    """
        .formatted(name, field, type);
  }

  @ParameterizedTest
  @CsvSource({
    "Format/Datatype, Half, float16",
    "Format/Datatype, Row major linear FP16 format, float16",
    "Format/Datatype, Thirty-two wide channel vectorized row major Int8 format, int8",
    "Datatype, Float, float32",
    "DataType, BF16, bfloat16",
    "Format/Datatype, FP8, float8e4m3fn",
  })
  void readsWhatEnginesTell(String field, String text, String type) {
    EngineLayers layers = EngineLayers.parse(List.of(layer("conv1 + relu1", field, text)));
    assertThat(layers.type("conv1")).contains(type);
    assertThat(layers.type("relu1")).contains(type);
    assertThat(layers.type("conv")).isEmpty();
    assertThat(layers.type("conv11")).isEmpty();
  }

  @Test
  void engineWithoutDetailsTellsNothing() {
    assertThat(EngineLayers.parse(List.of("\"conv1\"")).type("conv1")).isEmpty();
    assertThatThrownBy(() -> EngineLayers.parse(List.of("conv1 + {")))
        .isInstanceOf(TenrecException.class);
  }

  @Test
  void shareIsWhatTheEngineDoes() {
    PrecisionReport report =
        new PrecisionReport(
            ImmutableList.of(
                product("a", "float16"),
                product("b", "float16"),
                product("c", "float32"),
                new Row("d", "d", "Relu", false, "float32", "why", null, null)));
    assertThat(report.share()).isEqualTo(2.0 / 3);
    EngineLayers layers = EngineLayers.parse(List.of(layer("a", "Datatype", "Float")));
    assertThat(report.achieved(layers).share()).isEqualTo(1.0 / 3);
    assertThat(new PrecisionReport(ImmutableList.of()).share()).isEqualTo(1);
  }

  @Test
  void recordsDecisionsAndErrors() {
    RecordPrecision record = new RecordPrecision();
    Pipeline.of(new AssignPrecision(ElementType.FLOAT16))
        .run(
            GraphParser.parse(
                """
                g (float[2,2] x) => (float[2,2] y) {
                  s = Constant<value=float {0.5}>()
                  w = Constant<value=int8[2,2] {1, 2, 3, 4}>()
                  q = Quantize<to=int8>(x, s)
                  a = Dequantize<to=float>(q, s)
                  b = Dequantize<to=float>(w, s)
                  p = MatMul(a, b)
                  c = MatMul(p, x)
                  y = Exp(c)
                }
                """),
            record);
    Deviation error = new Deviation(4, 0, 1, 1, 1, 1);
    PrecisionReport report = record.report().errors(ImmutableMap.of("c", error));
    assertThat(report.rows())
        .filteredOn(Row::gains)
        .extracting(Row::requested)
        .containsExactly("int8", "float16");
    assertThat(report.rows()).filteredOn(row -> row.error() != null).hasSize(1);
    assertThat(report.rows().getLast().reason()).isEqualTo("too large or too fine to round");
  }
}
