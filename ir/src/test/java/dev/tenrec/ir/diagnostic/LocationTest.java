package dev.tenrec.ir.diagnostic;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LocationTest {
  private static final Location CONV =
      new Location.OnnxNode("m.onnx", "graph", 3, "conv1", "Conv", "layer1 (net.py:7)");
  private static final Location NORM =
      new Location.OnnxNode("m.onnx", "graph", 4, "", "BatchNormalization", "");

  @Test
  void placesReadAsOneLine() {
    assertThat(CONV.describe())
        .isEqualTo("m.onnx:graph/node[3] 'conv1' (Conv) from layer1 (net.py:7)");
    assertThat(CONV.label()).isEqualTo("conv1");
    assertThat(NORM.label()).isEqualTo("graph/node[4].BatchNormalization");
  }

  @Test
  void fusionsRememberAllTheirParts() {
    Location pair = Location.fused(List.of(CONV, NORM, CONV), "FuseA");
    assertThat(pair).isEqualTo(new Location.Fused(ImmutableList.of(CONV, NORM), "FuseA"));
    assertThat(pair.label()).isEqualTo("conv1+graph/node[4].BatchNormalization");
    Location more = new Location.Synthetic("bias");
    assertThat(Location.fused(List.of(pair, more), "FuseB"))
        .isEqualTo(new Location.Fused(ImmutableList.of(CONV, NORM, more), "FuseB"));
    assertThat(Location.fused(List.of(CONV, Location.UNKNOWN), "FuseA")).isEqualTo(CONV);
    assertThat(Location.fused(List.of(), "FuseA")).isEqualTo(new Location.Synthetic("FuseA"));
  }

  @Test
  void errorsKeepTheirFirstPlaceAndTakeAdvice() {
    TenrecException error = new TenrecException(ErrorCode.INVALID_TYPE, "rank 3").at(CONV).at(NORM);
    assertThat(error.location()).isEqualTo(CONV);
    assertThat(error.problem()).isEqualTo("rank 3");
    assertThat(error.advise("reshape it"))
        .hasMessage("[INVALID_TYPE] " + CONV.describe() + ": rank 3 (reshape it)");
    assertThat(error.advise("reshape it").at(NORM).location()).isEqualTo(CONV);
    assertThat(new TenrecException(ErrorCode.IO, "gone")).hasMessage("[IO] gone");
  }

  @Test
  void errorsAreOneLineWithoutControlCharacters() {
    assertThat(new TenrecException(ErrorCode.IO, "a\nb \r\n\n c\u001b[31m\0d\n"))
        .hasMessage("[IO] a b c?[31m?d");
  }
}
