package dev.tenrec.compiler.accuracy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What TensorRT's inspector says about the layers of an engine.
 *
 * @param layers their names and the types of their results
 */
public record EngineLayers(ImmutableList<Layer> layers) {
  private static final ObjectMapper JSON = new ObjectMapper();

  // Versions say "Half", "FP16" or "Row major linear FP16 format", in fields of several names.
  private static final List<Map.Entry<Pattern, String>> TYPES =
      List.of(
          Map.entry(Pattern.compile("bf16|bfloat16"), "bfloat16"),
          Map.entry(Pattern.compile("fp8|float8|e4m3"), "float8e4m3fn"),
          Map.entry(Pattern.compile("half|fp16|float16"), "float16"),
          Map.entry(Pattern.compile("int8"), "int8"),
          Map.entry(Pattern.compile("int4"), "int4"),
          Map.entry(Pattern.compile("fp32|float"), "float32"));

  private static final List<String> FIELDS =
      List.of("Format/Datatype", "Datatype", "DataType", "Format/DataType");

  /** A layer. */
  public record Layer(String name, String type) {}

  /**
   * Reads descriptions as JSON, one for each layer. Layers that tell no types are left out, as all
   * do in engines that were built without details.
   */
  public static EngineLayers parse(List<String> descriptions) {
    ImmutableList.Builder<Layer> layers = ImmutableList.builder();
    for (String description : descriptions) {
      JsonNode layer = node(description);
      String name = layer.path("Name").asText() + " " + layer.path("Metadata").asText();
      FIELDS.stream()
          .map(field -> layer.path("Outputs").path(0).path(field).asText())
          .flatMap(text -> named(text).stream())
          .findFirst()
          .ifPresent(type -> layers.add(new Layer(name, type)));
    }
    return new EngineLayers(layers.build());
  }

  private static JsonNode node(String description) {
    try {
      return JSON.readTree(description);
    } catch (JsonProcessingException e) {
      throw new TenrecException(
          ErrorCode.BACKEND_FAILURE,
          "TensorRT describes a layer in no JSON: " + e.getOriginalMessage(),
          e);
    }
  }

  private static Optional<String> named(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return TYPES.stream()
        .filter(known -> known.getKey().matcher(lower).find())
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /** The type of what the layer computes that an operation went into. */
  public Optional<String> type(String label) {
    Pattern whole = Pattern.compile("(?<![\\w./])" + Pattern.quote(label) + "(?![\\w./])");
    return layers.stream()
        .filter(layer -> whole.matcher(layer.name()).find())
        .map(Layer::type)
        .findFirst();
  }
}
