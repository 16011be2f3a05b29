package dev.tenrec.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Executable;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.SharedData;
import dev.tenrec.tensorrt.ShapeProfile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Greedy generation with a small language model: each step runs the model on the tokens that are
 * new and on the keys and values of those before, and takes the most likely next token.
 */
class GenerationTest {
  private static final ShapeProfile SHAPES =
      ShapeProfile.parse(List.of("batch=1", "seq=1..1..6", "past=0..32..80", "total=1..33..86"));

  @ParameterizedTest
  @EnumSource(names = {"INTERPRETER", "CPU", "RECORDED", "TENSORRT"})
  void generatesTheReference(Backend backend) throws Exception {
    Path folder = SharedData.unpacked("trained").resolve("real/shakespeare");
    JsonNode reference = new ObjectMapper().readTree(folder.resolve("reference.json").toFile());
    List<Long> expected = ids(reference.get("greedy_ids"));
    List<Long> generated = ids(reference.get("prompt_ids"));
    Graph graph =
        Compiler.optimize(
            folder.resolve("model_with_past.onnx"), PrecisionSettings.of(Precision.FP32));
    try (Executable model = open(backend, graph)) {
      generate(model, generated, expected.size());
    }
    assertThat(generated).isEqualTo(expected).hasSize(70);
  }

  private static Executable open(Backend backend, Graph graph) {
    try {
      return backend.open(graph, SHAPES);
    } catch (TenrecException e) {
      if (backend == Backend.TENSORRT && e.code() == ErrorCode.BACKEND_UNAVAILABLE) {
        return abort("skipped: " + e.getMessage());
      }
      throw e;
    }
  }

  private static List<Long> ids(JsonNode array) {
    List<Long> ids = new ArrayList<>();
    array.forEach(id -> ids.add(id.asLong()));
    return ids;
  }

  private static void generate(Executable model, List<Long> tokens, int length) {
    Map<String, Tensor> cache = new HashMap<>();
    model
        .signature()
        .inputs()
        .forEach((name, type) -> {
          if (name.startsWith("past_key_values")) {
            ImmutableLongArray sizes =
                type.shape().evaluate(symbol -> symbol.name().equals("batch") ? 1 : 0);
            cache.put(name, Tensor.ofDoubles(type.elementType(), sizes, _ -> 0));
          }
        });
    int seen = 0;
    while (tokens.size() < length) {
      List<Long> fresh = List.copyOf(tokens.subList(seen, tokens.size()));
      ImmutableMap<String, Tensor> outputs =
          model.run(
              ImmutableMap.<String, Tensor>builder()
                  .putAll(cache)
                  .put("input_ids", row(fresh.stream().mapToLong(Long::longValue)))
                  .put("attention_mask", row(LongStream.generate(() -> 1).limit(tokens.size())))
                  .put("position_ids", row(LongStream.range(seen, tokens.size())))
                  .buildOrThrow());
      cache.replaceAll((name, _) ->
          Objects.requireNonNull(outputs.get(name.replace("past_key_values", "present"))));
      seen = tokens.size();
      tokens.add(mostLikely(Objects.requireNonNull(outputs.get("logits"))));
    }
  }

  private static Tensor row(LongStream numbers) {
    long[] elements = numbers.toArray();
    return Tensor.ofLongs(
        ElementType.INT64, ImmutableLongArray.of(1, elements.length), i -> elements[i]);
  }

  /** The position of the largest element in the last row of logits [1, tokens, vocabulary]. */
  private static long mostLikely(Tensor logits) {
    long vocabulary = logits.size(2);
    long start = logits.count() - vocabulary;
    long best = 0;
    for (long i = 1; i < vocabulary; i++) {
      if (logits.getDouble(start + i) > logits.getDouble(start + best)) {
        best = i;
      }
    }
    return best;
  }
}
