package dev.tenrec.runtime.bindings;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TensorRtVersionTest {
  @Test
  void numbersAreReadAsTheLibraryWritesThem() {
    assertThat(TensorRtVersion.ofNumber(110201)).isEqualTo(new TensorRtVersion(11, 2, 1));
    assertThat(TensorRtVersion.ofNumber(100600)).hasToString("10.6.0");
  }

  @Test
  void versionsAreOrdered() {
    assertThat(new TensorRtVersion(10, 15, 1).isAtLeast(10, 15)).isTrue();
    assertThat(new TensorRtVersion(11, 0, 0).isAtLeast(10, 15)).isTrue();
    assertThat(new TensorRtVersion(10, 6, 9).isAtLeast(10, 15)).isFalse();
  }
}
