package dev.tenrec.compiler.accuracy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.common.primitives.ImmutableIntArray;
import dev.tenrec.compiler.Backend;
import dev.tenrec.compiler.Model;
import dev.tenrec.compiler.Precision;
import dev.tenrec.compiler.PrecisionSettings;
import dev.tenrec.compiler.data.Tokens;
import dev.tenrec.ir.Executable;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.interpret.Interpreter;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.SharedData;
import dev.tenrec.ir.text.GraphParser;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PerplexityTest {
  /** After token 0 the next is 1 with probability 3/4, after 1 all are as likely. */
  private static final Graph PAIRS =
      GraphParser.parse(
          """
          g (int64[batch,seq] input_ids) => (float[batch,seq,2] logits) {
            odds = Constant<value=float[2,2] {0.0, 1.0986123, 5.0, 5.0}>()
            logits = Gather<axis=0>(odds, input_ids)
          }
          """);

  private static Perplexity measure(int context, long limit, int... tokens) {
    TokenWindows text =
        TokenWindows.of(Signature.of(PAIRS), ImmutableIntArray.copyOf(tokens), context, limit);
    return Perplexity.measure(Interpreter.of(PAIRS), text, Optional.empty());
  }

  @ParameterizedTest
  @CsvSource({"1, 100", "2, 50", "3, 33", "7, 14", "100, 1"})
  void eachTokenButTheFirstCountsOnce(int context, int windows) {
    int[] tokens = IntStream.rangeClosed(0, 100).map(i -> i % 2).toArray();
    Perplexity result = measure(context, Long.MAX_VALUE, tokens);
    long count = (long) windows * context;
    assertThat(result.tokens()).isEqualTo(count);
    long ones = count / 2;
    double loss = ((count - ones) * Math.log(4.0 / 3) + ones * Math.log(2)) / count;
    assertThat(result.meanLoss()).isCloseTo(loss, within(1e-6));
    assertThat(result.perplexity()).isCloseTo(Math.exp(loss), within(1e-6));
  }

  @Test
  void aLimitCutsTheText() {
    Perplexity result = measure(2, 1, 0, 1, 1, 0, 0, 0, 0);
    assertThat(result.tokens()).isEqualTo(2);
    assertThat(result.meanLoss()).isCloseTo(Math.log(8.0 / 3) / 2, within(1e-6));
  }

  @Test
  void whatDoesNotFitIsRefused() {
    assertThatThrownBy(() -> measure(2, 9, 0, 1)).hasMessageContaining("2 tokens make no window");
    assertThatThrownBy(() -> measure(0, 9, 0, 1)).hasMessageContaining("a context of 0 tokens");
    assertThatThrownBy(() -> measure(1, 9, 0, 2)).hasMessageContaining("token 2 is none of 2");
  }

  @Test
  void tokensAreCheckedBeforeTheFirstRun() {
    int[] tokens = new int[100];
    tokens[99] = 2;
    TokenWindows text =
        TokenWindows.of(Signature.of(PAIRS), ImmutableIntArray.copyOf(tokens), 3, 33);
    CountedRuns model = new CountedRuns(Interpreter.of(PAIRS));
    assertThatThrownBy(() -> Perplexity.measure(model, text, Optional.empty()))
        .hasMessageContaining("token 2 is none of 2");
    assertThat(model.runs()).isZero();
  }

  @Test
  void theInputsAreThoseOfATextThatBegins() {
    Graph graph =
        GraphParser.parse(
            """
            g (int32[b,s] input_ids, int64[b,t] attention_mask, int64[b,s] position_ids,
               float16[b,2,p,4] past_key_values.0.key) => (int32[b,s] y) { y = Neg(input_ids) }
            """);
    TokenWindows text =
        TokenWindows.of(Signature.of(graph), ImmutableIntArray.of(5, 6, 7, 8, 9), 2, 9);
    assertThat(text.inputs().getFirst().values().stream().map(Tensor::toString))
        .containsExactly("int32[2, 2]", "int64[2, 2]", "int64[2, 2]", "float16[2, 2, 0, 4]");
    assertThat(text.inputs().getFirst().values().stream().limit(3).map(Tensor::toLongs))
        .containsExactly(new long[] {5, 6, 7, 8}, new long[] {1, 1, 1, 1}, new long[] {0, 1, 0, 1});
    assertThat(text.next().getFirst().toLongs()).containsExactly(6, 7, 8, 9);
  }

  @Test
  void otherInputsAreRefused() {
    Graph graph = GraphParser.parse("g (float[N] image) => (float[N] y) { y = Exp(image) }");
    assertThatThrownBy(
            () -> TokenWindows.of(Signature.of(graph), ImmutableIntArray.of(1, 2, 3), 2, 9))
        .hasMessageContaining("input 'image' is none of a language model");
  }

  /**
   * The reference has 41.33294 for the weights as they are. The ONNX file has the frequencies of
   * the rotary embedding rounded to bfloat16 too, which makes 41.3350.
   */
  @ParameterizedTest
  @CsvSource({"CPU, 170, 41.3350", "INTERPRETER, 1, 17.4015"})
  void readsTheReference(Backend backend, long windows, double perplexity) throws Exception {
    Path folder = SharedData.unpacked("trained").resolve("real/shakespeare");
    Model model = Model.read(folder.resolve("model_with_past.onnx"));
    ImmutableIntArray tokens =
        Tokens.read(
            folder.resolve("validation.txt"), Optional.of(folder.resolve("hf/tokenizer.json")));
    TokenWindows text = TokenWindows.of(model.signature(), tokens, 256, windows);
    assertThat(tokens.length()).isEqualTo(43573);
    try (Executable executable =
        model.open(backend, PrecisionSettings.of(Precision.FP32), false, text.inputs())) {
      assertThat(Perplexity.measure(executable, text, Optional.empty()).perplexity())
          .isCloseTo(perplexity, within(1e-3));
    }
  }
}
