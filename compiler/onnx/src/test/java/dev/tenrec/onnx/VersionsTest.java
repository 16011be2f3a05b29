package dev.tenrec.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.onnx.proto.ModelProto;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models say a later opset only where they need one. */
class VersionsTest {
  @ParameterizedTest
  @CsvSource({
    "Cast<to=int4>(x), 21, 10",
    "Cast<to=float4e2m1>(x), 23, 11",
    "Cast<to=float8e8m0>(x), 24, 12",
    "Cast<to=uint2>(x), 25, 13",
    "BitCast<to=int32>(x), 26, 13"
  })
  void followWhatIsUsed(String operation, long opset, long format)
      throws InvalidProtocolBufferException {
    ModelProto model = ModelProto.parseFrom(OnnxExporter.toBytes(graph(operation)));
    assertThat(model.getOpsetImport(0).getVersion()).isEqualTo(opset);
    assertThat(model.getIrVersion()).isEqualTo(format);
  }

  private static Graph graph(String operation) {
    String type = operation.replaceAll(".*to=(\\w+)>.*", "$1");
    return GraphParser.parse("g (float[3] x) => (%s[3] y) { y = %s }".formatted(type, operation));
  }

  @Test
  void onnxDoesNotSelectBetweenSmallNumbers() {
    Graph graph =
        GraphParser.parse(
            """
            g (float8e5m2[3] x, bool[3] c) => (float8e5m2[3] y) {
              y = Select(c, x, x)
            }\
            """);
    assertThatThrownBy(() -> OnnxExporter.toBytes(graph))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("select between elements of float8e5m2");
  }
}
