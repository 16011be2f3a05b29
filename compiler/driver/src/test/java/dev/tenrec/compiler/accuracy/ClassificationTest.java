package dev.tenrec.compiler.accuracy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.interpret.Interpreter;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.text.GraphParser;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClassificationTest {
  /** Sample i has its largest element at i mod 3; every tenth label is wrong. */
  private static ImmutableMap<String, Tensor> data(int samples) {
    return ImmutableMap.of(
        "x",
        Tensor.ofDoubles(
            ElementType.FLOAT32,
            ImmutableLongArray.of(samples, 3),
            i -> i % 3 == i / 3 % 3 ? 1 : 0),
        "label",
        Tensor.ofLongs(
            ElementType.INT64,
            ImmutableLongArray.of(samples),
            i -> i % 10 == 0 ? (i + 1) % 3 : i % 3),
        "unrelated",
        Tensor.ofLongs(1, 2, 3));
  }

  private static Classification measure(String batch, int samples) {
    Graph graph =
        GraphParser.parse(
            "g (float[%s,3] x) => (float[%s,3] y) { y = Exp(x) }".formatted(batch, batch));
    LabelledData data = LabelledData.of(Signature.of(graph), data(samples), "label");
    return Classification.measure(Interpreter.of(graph), data, Optional.empty());
  }

  @ParameterizedTest
  @CsvSource({"N, 200", "N, 5", "1, 25", "7, 25", "64, 130"})
  void batchesOfAnySizeGiveTheSame(String batch, int samples) {
    assertThat(measure(batch, samples))
        .isEqualTo(new Classification(samples - (samples + 9) / 10, samples));
  }

  @Test
  void missingArraysAreNamed() {
    Graph graph = GraphParser.parse("g (float[N,3] z) => (float[N,3] y) { y = Exp(z) }");
    assertThatThrownBy(() -> LabelledData.of(Signature.of(graph), data(3), "label"))
        .hasMessageContaining("there is no array 'z'; the arrays are [x, label, unrelated]");
    assertThatThrownBy(() -> LabelledData.of(Signature.of(graph), data(3), "labels"))
        .hasMessageContaining("there is no array 'labels'");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 3, Long.MAX_VALUE})
  void labelsOfNoClassAreRefused(long label) {
    Graph graph = GraphParser.parse("g (float[N,3] x) => (float[N,3] y) { y = Exp(x) }");
    ImmutableMap<String, Tensor> arrays =
        ImmutableMap.of(
            "x",
            Tensor.ofFloats(ImmutableLongArray.of(1, 3), 1, 2, 3),
            "label",
            Tensor.ofLongs(label));
    LabelledData data = LabelledData.of(Signature.of(graph), arrays, "label");
    assertThatThrownBy(() -> Classification.measure(Interpreter.of(graph), data, Optional.empty()))
        .hasMessageContaining("label %d of sample 0 is none of 3 classes".formatted(label));
  }

  /** Of 200 samples the last label is wrong, which would be seen in the fourth batch. */
  @ParameterizedTest
  @CsvSource({"3, 0", "C, 1"})
  void labelsAreCheckedAsSoonAsTheClassesAreKnown(String classes, int runs) {
    Graph graph =
        GraphParser.parse(
            "g (float[N,%s] x) => (float[N,%s] y) { y = Exp(x) }".formatted(classes, classes));
    Map<String, Tensor> arrays = new HashMap<>(data(200));
    arrays.put(
        "label",
        Tensor.ofLongs(ElementType.INT64, ImmutableLongArray.of(200), i -> i == 199 ? 3 : 0));
    LabelledData data = LabelledData.of(Signature.of(graph), arrays, "label");
    CountedRuns model = new CountedRuns(Interpreter.of(graph));
    assertThatThrownBy(() -> Classification.measure(model, data, Optional.empty()))
        .hasMessageContaining("label 3 of sample 199 is none of 3 classes");
    assertThat(model.runs()).isEqualTo(runs);
  }

  @Test
  void whatIsNotANumberIsNoClass() {
    Graph graph = GraphParser.parse("g (float[N,2] x) => (float[N,2] y) { y = Log(x) }");
    ImmutableMap<String, Tensor> arrays =
        ImmutableMap.of(
            "x",
            Tensor.ofFloats(ImmutableLongArray.of(2, 2), -1, 1, 2, 1),
            "label",
            Tensor.ofLongs(0, 0));
    LabelledData data = LabelledData.of(Signature.of(graph), arrays, "label");
    assertThat(Classification.measure(Interpreter.of(graph), data, Optional.empty()))
        .isEqualTo(new Classification(1, 2));
  }

  @Test
  void outputsOfAnotherBatchAreRefused() {
    Graph graph =
        GraphParser.parse(
            "g (float[N,3] x) => (float[1,3] y) { m = ReduceMean<axes=[0]>(x)  y ="
                + " Unsqueeze<axes=[0]>(m) }");
    LabelledData data = LabelledData.of(Signature.of(graph), data(3), "label");
    assertThatThrownBy(() -> Classification.measure(Interpreter.of(graph), data, Optional.empty()))
        .hasMessageContaining("not [batch, classes] for a batch of 3");
  }

  @Test
  void unknownOutputsAreNamed() {
    Graph graph = GraphParser.parse("g (float[N,3] x) => (float[N,3] y) { y = Exp(x) }");
    LabelledData data = LabelledData.of(Signature.of(graph), data(3), "label");
    assertThatThrownBy(
            () -> Classification.measure(Interpreter.of(graph), data, Optional.of("scores")))
        .hasMessageContaining("no output is named 'scores'; the outputs are [y]");
  }
}
