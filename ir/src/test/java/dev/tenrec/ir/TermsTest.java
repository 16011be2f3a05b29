package dev.tenrec.ir;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.dim.Symbol;
import dev.tenrec.ir.tensor.ElementType;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TermsTest {
  private final GraphBuilder builder = new GraphBuilder("terms");
  private final Symbol batch = new Symbol("N");
  private final Value x =
      builder.input(
          "x",
          new TensorType(
              ElementType.FLOAT32, new Shape(ImmutableList.of(batch, Dim.of(0), Dim.of(3)))));

  @Test
  void whatChangesNothingAddsNothing() {
    assertThat(Terms.add(x, 0)).isSameAs(x);
    assertThat(Terms.mul(x, 1)).isSameAs(x);
    assertThat(Terms.div(x, 1.0)).isSameAs(x);
    assertThat(Terms.cast(x, ElementType.FLOAT32)).isSameAs(x);
    assertThat(Terms.transpose(x, 0, 1, 2)).isSameAs(x);
    assertThat(Terms.unsqueeze(x)).isSameAs(x);
    assertThat(Terms.squeeze(x)).isSameAs(x);
    assertThat(Terms.concat(0, List.of(x))).isSameAs(x);
    assertThat(Terms.along(Terms.vector(1, 2), 0, 1).rank()).isEqualTo(1);
  }

  @Test
  void whatChangesSomethingDoesNot() {
    assertThat(Terms.add(x, 0.5).producedBy(Elementwise.Binary.class)).isPresent();
    assertThat(Terms.cast(x, ElementType.FLOAT16).elementType()).isEqualTo(ElementType.FLOAT16);
    assertThat(Terms.transpose(x, 2, 1, 0).dim(0).is(3)).isTrue();
    assertThat(Terms.along(Terms.vector(1, 2), 1, 3).shape()).hasToString("[1,2,1]");
  }

  @Test
  void aZeroIsASizeUnlessItKeepsOne() {
    assertThat(Terms.reshape(x, 0, 5).dim(0).is(0)).isTrue();
    assertThat(Terms.reshapeKeeping(x, 0, 0, 3, 1).dim(0)).isEqualTo(batch);
  }

  @Test
  void knownSizesAreConstants() {
    assertThat(Terms.size(x, 2).scalarConstant()).contains(3.0);
    assertThat(Terms.size(x, 0).content()).contains(ImmutableList.of(batch));
  }

  @Test
  void integersKeepAllTheirBits() {
    long large = (1L << 62) + 1;
    Value like = Terms.index(0);
    assertThat(Terms.number(like, large).constant().orElseThrow().getLong(0)).isEqualTo(large);
  }
}
