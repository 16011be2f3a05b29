package dev.tenrec.compiler.accuracy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tenrec.compiler.accuracy.PrecisionReport.Row;
import dev.tenrec.ir.diagnostic.Location;
import dev.tenrec.ir.diagnostic.TenrecException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Steps as TensorRT 10.6 told them of a classifier in INT8, and which one computes what. */
class EngineLayersTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FUSED = "\u001e";
  private static final String GENERATED = "\u001f";

  private static final Location QUANTIZE = new Location.Synthetic("quantize");
  private static final Location STEM = fused(node("/0/Conv"), node("/2/Relu"));
  private static final Location DEPTHWISE =
      fused(node("/3/b/b.3/Conv"), node("/3/b/b.5/HardSwish"));
  private static final Location POINTWISE = node("/3/b/b.6/Conv");
  private static final Location SUM = node("/3/Add");
  private static final Location POOL = fused(node("/8/GlobalAveragePool"), node("/9/Flatten"));
  private static final Location GEMM = node("/10/Gemm");

  private static final EngineLayers DIGITS =
      EngineLayers.parse(
          List.of(
              step("quantize", "Reformat", "Float", "Int8", "quantize", "image.int8.scale"),
              step(
                  "stem",
                  "CaskConvolution",
                  "Int8",
                  "Int8",
                  "/2/Relu_output_0.weights",
                  STEM.describe(),
                  "/2/Relu_output_0.int8.scale",
                  "quantize",
                  "image.int8.scale",
                  "initializer 'onnx::Conv_79'"),
              step("stem as half", "Reformat", "Int8", "Half", STEM.describe()),
              step("depthwise", "CaskConvolution", "Half", "Half", DEPTHWISE.describe()),
              step("Reformatting CopyNode for Input Tensor 0 to /3/Add", "NoOp", "Half", "Half"),
              step("hardswish", "kgen", "Half", "Half", DEPTHWISE.describe()),
              step("depthwise as int8", "Reformat", "Half", "Int8", DEPTHWISE.describe()),
              step(
                  "pointwise",
                  "CaskConvolution",
                  "Int8",
                  "Half",
                  "/3/b/b.6/Conv_output_0.weights",
                  POINTWISE.describe(),
                  SUM.describe(),
                  DEPTHWISE.describe(),
                  STEM.describe()),
              step(
                  "pool",
                  "kgen",
                  "Half",
                  "Half",
                  String.join(GENERATED, SUM.describe(), POOL.describe(), GEMM.describe())),
              step("gemm", "gemm", "Half", "Half", GEMM.describe()),
              step("cast", "kgen", "Half", "Float", GEMM.describe())));

  private static Location node(String name) {
    return new Location.OnnxNode("digits.onnx", "graph", name.length(), name, "Op", "");
  }

  private static Location fused(Location... parts) {
    return Location.fused(List.of(parts), "fuse");
  }

  private static String step(String name, String kind, String read, String type, String... places) {
    ObjectNode layer = JSON.createObjectNode().put("Name", name).put("LayerType", kind);
    layer.putArray("Inputs").addObject().put("Format/Datatype", read);
    layer.putArray("Outputs").addObject().put("Format/Datatype", type);
    return layer.put("Metadata", String.join(FUSED, places)).toString();
  }

  private static Row found(Location place, String operation, boolean gains) {
    Row row = new Row("y", place, operation, gains, "float16", "why", null, null, null, null);
    EngineProfile profile =
        new EngineProfile(DIGITS, ImmutableMap.of("stem", 0.25, "depthwise", 0.5));
    return new PrecisionReport(ImmutableList.of(row)).achieved(profile).rows().getFirst();
  }

  private static String told(Location place, String operation) {
    Row row = found(place, operation, false);
    return row.step() + ": " + row.achieved();
  }

  @Test
  void productsAreWhereTheyAreMultiplied() {
    Row stem = found(STEM, "Conv", true);
    assertThat(stem.step()).isEqualTo("stem");
    assertThat(stem.achieved()).isEqualTo("int8");
    assertThat(stem.milliseconds()).isEqualTo(0.25);
    assertThat(found(DEPTHWISE, "Conv", true).milliseconds()).isEqualTo(0.5);
    Row gemm = found(GEMM, "MatMul", true);
    assertThat(gemm.step()).isEqualTo("gemm");
    assertThat(gemm.milliseconds()).isNull();
  }

  @Test
  void productsAreInTheTypeThatTheyReadNotGive() {
    Row pointwise = found(POINTWISE, "Conv", true);
    assertThat(pointwise.step()).isEqualTo("pointwise");
    assertThat(pointwise.achieved()).isEqualTo("int8");
  }

  @Test
  void generatedStepsMayMultiplyToo() {
    Row row = found(SUM, "MatMul", true);
    assertThat(row.step()).isEqualTo("pointwise");
    assertThat(found(POOL, "MatMul", true).step()).isEqualTo("pool");
  }

  @Test
  void resultsAreQuantizedBehindAndDequantizedWhereTheyAreRead() {
    assertThat(told(QUANTIZE, "Quantize")).isEqualTo("quantize: int8");
    assertThat(told(QUANTIZE, "Dequantize")).isEqualTo("stem: int8");
    assertThat(told(STEM, "Quantize")).isEqualTo("stem: int8");
    assertThat(told(STEM, "Dequantize")).isEqualTo("pointwise: float16");
    assertThat(told(DEPTHWISE, "Quantize")).isEqualTo("depthwise as int8: int8");
    assertThat(told(DEPTHWISE, "Dequantize")).isEqualTo("pointwise: float16");
  }

  @Test
  void otherOperationsAreWhereTheirPlaceIsFirst() {
    assertThat(told(SUM, "ADD")).isEqualTo("pointwise: float16");
    assertThat(told(POOL, "REDUCE_MEAN")).isEqualTo("pool: float16");
  }

  @Test
  void partsAreFoundInWhatTheyWereFusedInto() {
    assertThat(told(node("/2/Relu"), "RELU")).isEqualTo("stem: int8");
    Location renamed = Location.fused(List.of(STEM), "again");
    assertThat(told(renamed, "RELU")).isEqualTo("stem: int8");
    assertThat(told(fused(node("/0/Conv"), SUM), "RELU")).isEqualTo("null: null");
    assertThat(told(node("/3/Ad"), "RELU")).isEqualTo("null: null");
  }

  @Test
  void attentionMultiplies() {
    EngineLayers layers =
        EngineLayers.parse(
            List.of(
                step("scale", "kgen", "Half", "Half", SUM.describe()),
                step("_gemm_mha_v2_myl0_7", "kgen", "Half", "Half", SUM.describe())));
    assertThat(layers.from(SUM)).extracting("multiplies").containsExactly(false, true);
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
    String layer =
        """
        {"Name": "s", "Outputs": [{"Name": "y", "%s": "%s"}], "Metadata": "here"}\
        """
            .formatted(field, text);
    EngineLayers layers = EngineLayers.parse(List.of(layer));
    assertThat(layers.from(new Location.Synthetic("here")))
        .extracting(EngineLayers.Layer::type)
        .containsExactly(type);
  }

  @Test
  void engineWithoutDetailsTellsNothing() {
    assertThat(EngineLayers.parse(List.of("\"conv1\"")).layers()).isEmpty();
    assertThatThrownBy(() -> EngineLayers.parse(List.of("conv1 + {")))
        .isInstanceOf(TenrecException.class);
  }
}
