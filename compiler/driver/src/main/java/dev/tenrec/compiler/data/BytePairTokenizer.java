package dev.tenrec.compiler.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableIntArray;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text as token ids: bytes, of which those pairs are merged first that were learnt first. Reads
 * {@code tokenizer.json} of models in Hugging Face's layout that work so; special tokens in the
 * text count as text.
 *
 * <p>Source: Sennrich et al., "Neural Machine Translation of Rare Words with Subword Units"; on
 * bytes as GPT-2 has it.
 *
 * @param ids of the tokens, whose bytes are written as visible characters
 * @param ranks of the pairs that are merged, the first to merge is 0
 * @param before tokens that precede every text
 */
public record BytePairTokenizer(
    ImmutableMap<String, Integer> ids,
    ImmutableMap<Pair, Integer> ranks,
    ImmutableIntArray before) {
  /** Neighbours that may become one token. */
  public record Pair(String left, String right) {}

  private static final Pattern WORD =
      Pattern.compile(
          "'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
          Pattern.UNICODE_CHARACTER_CLASS);

  /**
   * Reads a description.
   *
   * @throws TenrecException if it is no JSON, or of a tokenizer that works in another way
   */
  public static BytePairTokenizer read(Path file) {
    JsonNode json =
        StrictJson.read(file, JsonNode.class, "it must be the tokenizer.json of the model");
    JsonNode model = json.path("model");
    boolean known =
        model.path("type").asText().equals("BPE")
            && json.path("normalizer").isNull()
            && json.path("pre_tokenizer").path("type").asText().equals("ByteLevel")
            && !json.path("pre_tokenizer").path("add_prefix_space").asBoolean();
    if (!known) {
      throw new TenrecException(
              ErrorCode.UNSUPPORTED, "%s is not of a plain byte-level tokenizer".formatted(file))
          .advise("give token ids as array 'input_ids' in an npz file instead");
    }
    ImmutableMap.Builder<String, Integer> ids = ImmutableMap.builder();
    model.path("vocab").properties().forEach(e -> ids.put(e.getKey(), id(file, e.getValue())));
    Map<Pair, Integer> ranks = new HashMap<>();
    model.path("merges").forEach(merge -> ranks.putIfAbsent(pair(merge), ranks.size()));
    ImmutableIntArray before = before(file, json.path("post_processor"));
    return new BytePairTokenizer(ids.buildOrThrow(), ImmutableMap.copyOf(ranks), before);
  }

  /** The special tokens of a template that come before the text. */
  private static ImmutableIntArray before(Path file, JsonNode template) {
    ImmutableIntArray.Builder before = ImmutableIntArray.builder();
    for (JsonNode part : template.path("single")) {
      if (part.has("Sequence")) {
        break;
      }
      String token = part.path("SpecialToken").path("id").asText();
      template
          .path("special_tokens")
          .path(token)
          .path("ids")
          .forEach(id -> before.add(id(file, id)));
    }
    return before.build();
  }

  private static int id(Path file, JsonNode id) {
    if (!id.isInt() || id.intValue() < 0) {
      throw new TenrecException(
          ErrorCode.INVALID_INPUT, "%s: %s is the number of no token".formatted(file, id));
    }
    return id.intValue();
  }

  /** A pair as an array, or with a space between as in older files. */
  private static Pair pair(JsonNode merge) {
    if (merge.isArray()) {
      return new Pair(merge.path(0).asText(), merge.path(1).asText());
    }
    String text = merge.asText();
    int space = text.indexOf(' ');
    return new Pair(text.substring(0, Math.max(0, space)), text.substring(space + 1));
  }

  /** The tokens of a text, behind those that precede every text. */
  public ImmutableIntArray encode(String text) {
    Map<String, ImmutableIntArray> known = new HashMap<>();
    ImmutableIntArray.Builder tokens = ImmutableIntArray.builder().addAll(before);
    Matcher words = WORD.matcher(text);
    while (words.find()) {
      tokens.addAll(known.computeIfAbsent(words.group(), this::word));
    }
    return tokens.build();
  }

  private ImmutableIntArray word(String word) {
    List<String> parts = new ArrayList<>();
    for (byte b : word.getBytes(StandardCharsets.UTF_8)) {
      parts.add(visible(Byte.toUnsignedInt(b)));
    }
    for (Optional<Pair> best = best(parts); best.isPresent(); best = best(parts)) {
      merge(parts, best.get());
    }
    ImmutableIntArray.Builder tokens = ImmutableIntArray.builder();
    for (String part : parts) {
      Integer id = ids.get(part);
      if (id == null) {
        throw new TenrecException(
            ErrorCode.INVALID_INPUT, "the tokenizer has no token for '%s'".formatted(part));
      }
      tokens.add(id);
    }
    return tokens.build();
  }

  private Optional<Pair> best(List<String> parts) {
    Pair best = null;
    for (int i = 0; i + 1 < parts.size(); i++) {
      Pair pair = new Pair(parts.get(i), parts.get(i + 1));
      if (rank(pair) < (best == null ? Integer.MAX_VALUE : rank(best))) {
        best = pair;
      }
    }
    return Optional.ofNullable(best);
  }

  private int rank(Pair pair) {
    return ranks.getOrDefault(pair, Integer.MAX_VALUE);
  }

  private static void merge(List<String> parts, Pair pair) {
    for (int i = 0; i + 1 < parts.size(); i++) {
      if (parts.get(i).equals(pair.left()) && parts.get(i + 1).equals(pair.right())) {
        parts.set(i, pair.left() + pair.right());
        parts.remove(i + 1);
      }
    }
  }

  /**
   * The character that stands for a byte: itself where Latin-1 prints something, else those from
   * U+0100 on, in order.
   */
  private static String visible(int value) {
    if (prints(value)) {
      return String.valueOf((char) value);
    }
    int position = 0;
    for (int other = 0; other < value; other++) {
      position += prints(other) ? 0 : 1;
    }
    return String.valueOf((char) (0x100 + position));
  }

  private static boolean prints(int value) {
    return (value > 0x20 && value < 0x7F) || (value > 0xA0 && value != 0xAD);
  }
}
