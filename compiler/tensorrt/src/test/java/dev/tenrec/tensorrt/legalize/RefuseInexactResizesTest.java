package dev.tenrec.tensorrt.legalize;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenrec.ir.text.GraphParser;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefuseInexactResizesTest {
  private static void legalize(String type, String mode) {
    String name = type.substring(0, type.indexOf('['));
    Legalization.EXACT.run(
        GraphParser.parse(
            """
            g (%s x) => (%s[1,1,4,4] y) {
              to = Constant<value=int64[4] {1, 1, 4, 4}>()
              y = Resize<interpolation=%s>(x, to)
            }
            """
                .formatted(type, name, mode)));
  }

  @ParameterizedTest
  @CsvSource({"'int32[1,1,2,2]', linear", "'int64[1,1,2,2]', cubic", "'int64[1,1,N,2]', nearest"})
  void refusesWhatAFloatWouldRound(String type, String mode) {
    assertThatThrownBy(() -> legalize(type, mode)).hasMessageContaining("integers up to 2^24 only");
  }

  @ParameterizedTest
  @CsvSource({
    "'int64[1,1,2,2]', nearest",
    "'uint8[1,1,N,2]', nearest",
    "'int16[1,1,2,2]', linear",
    "'float[1,1,N,2]', linear"
  })
  void takesTheRest(String type, String mode) {
    assertThatCode(() -> legalize(type, mode)).doesNotThrowAnyException();
  }
}
