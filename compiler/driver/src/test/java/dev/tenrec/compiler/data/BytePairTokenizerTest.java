package dev.tenrec.compiler.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.primitives.ImmutableIntArray;
import dev.tenrec.ir.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BytePairTokenizerTest {
  private static final String PAIRS = "[[\"b\",\"c\"],[\"a\",\"b\"],[\"Ġ\",\"a\"]]";

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  private BytePairTokenizer tokenizer(String template, String merges) throws IOException {
    String json =
        """
        {
          "normalizer": null,
          "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false},
          "post_processor": %s,
          "model": {
            "type": "BPE",
            "vocab": {"a": 1, "b": 2, "c": 3, "Ġ": 4, "Ċ": 5, "'": 6, "s": 7, "Ã": 8, "¤": 9,
                      "ab": 10, "bc": 11, "Ġa": 12, "'s": 13, "abc": 14},
            "merges": %s
          }
        }
        """
            .formatted(template, merges);
    return BytePairTokenizer.read(Files.writeString(folder.resolve("t.json"), json));
  }

  private BytePairTokenizer tokenizer() throws IOException {
    return tokenizer("null", PAIRS);
  }

  @Test
  void thePairLearntFirstIsMergedFirst() throws IOException {
    assertThat(tokenizer().encode("abc")).isEqualTo(ImmutableIntArray.of(1, 11));
    assertThat(tokenizer("null", "[\"a b\",\"b c\",\"ab c\"]").encode("abcab"))
        .isEqualTo(ImmutableIntArray.of(14, 10));
  }

  @Test
  void wordsTakeOneSpaceBeforeThemAndNothingIsMergedAcross() throws IOException {
    assertThat(tokenizer().encode("b cb  a\n\nab's"))
        .isEqualTo(ImmutableIntArray.of(2, 4, 3, 2, 4, 12, 5, 5, 10, 6, 7));
  }

  @Test
  void charactersAreBytes() throws IOException {
    assertThat(tokenizer().encode("ä")).isEqualTo(ImmutableIntArray.of(8, 9));
    assertThatThrownBy(() -> tokenizer().encode("z")).hasMessageContaining("no token for 'z'");
  }

  @Test
  void theTemplateSaysWhatComesFirst() throws IOException {
    String template =
        """
        {"single": [{"SpecialToken": {"id": "<s>"}}, {"Sequence": {"id": "A"}},
                    {"SpecialToken": {"id": "</s>"}}],
         "special_tokens": {"<s>": {"ids": [20, 21]}, "</s>": {"ids": [22]}}}
        """;
    assertThat(tokenizer(template, PAIRS).encode("a")).isEqualTo(ImmutableIntArray.of(20, 21, 1));
  }

  @Test
  void otherTokenizersAreRefused() throws IOException {
    Path file = folder.resolve("other.json");
    Files.writeString(file, "{\"model\": {\"type\": \"Unigram\"}}");
    assertThatThrownBy(() -> BytePairTokenizer.read(file))
        .hasMessageContaining("other.json is not of a plain byte-level tokenizer");
    Files.writeString(file, "no JSON");
    assertThatThrownBy(() -> BytePairTokenizer.read(file))
        .hasMessageContaining("other.json, line 1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "1.5", "\"1\"", "99999999999", "null"})
  void numbersOfNoTokenAreRefused(String id) {
    String template =
        """
        {"single": [{"SpecialToken": {"id": "s"}}], "special_tokens": {"s": {"ids": [%s]}}}
        """
            .formatted(id);
    assertThatThrownBy(() -> tokenizer(template, PAIRS))
        .hasMessageContaining("%s is the number of no token".formatted(id));
  }

  @Test
  void readsTheReference() throws Exception {
    Path model = SharedData.unpacked("trained").resolve("real/shakespeare");
    JsonNode reference = new ObjectMapper().readTree(model.resolve("reference.json").toFile());
    ImmutableIntArray.Builder ids = ImmutableIntArray.builder();
    reference.get("greedy_ids").forEach(id -> ids.add(id.asInt()));
    Path text = Files.writeString(folder.resolve("t"), reference.get("greedy_text").asText());
    assertThat(Tokens.read(text, Optional.of(model.resolve("hf/tokenizer.json"))))
        .isEqualTo(ids.build());
  }
}
