package dev.tenrec.compiler.accuracy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.Location;
import dev.tenrec.ir.diagnostic.TenrecException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What TensorRT's inspector says about the layers of an engine.
 *
 * @param layers those that give something, in the order of execution
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

  private static final ImmutableSet<String> FLOATING =
      ImmutableSet.of("float32", "float16", "bfloat16");

  private static final List<String> FIELDS =
      List.of("Format/Datatype", "Datatype", "DataType", "Format/DataType");

  /** What stands between the places of operations that TensorRT fused, in all its versions. */
  private static final Splitter PLACES = Splitter.on(CharMatcher.anyOf("\u001e\u001f"));

  private static final Pattern PRODUCT =
      Pattern.compile(
          "convolution|convact|gemm|matmul|matrixmultiply|fullyconnected",
          Pattern.CASE_INSENSITIVE);

  /** Attention is generated, and named after what it does. */
  private static final String ATTENTION = "_gemm_mha";

  /**
   * A step of the engine.
   *
   * @param step its name, as the profiler says it too
   * @param multiplies whether it is of a kind that sums products
   * @param places where the operations in it come from, as {@link Location#describe} says it
   * @param read the type of what it reads first, if there is anything: that of data
   * @param type the type of its results
   */
  public record Layer(
      String step,
      boolean multiplies,
      ImmutableList<String> places,
      Optional<String> read,
      String type) {

    /** Whether its results are in 8 bits or fewer. */
    boolean isQuantized() {
      return !FLOATING.contains(type);
    }

    private boolean holds(Location location) {
      return places.contains(location.describe());
    }

    /** Whether an operation went into another one that went into the layer. */
    private boolean holdsParts(Location location) {
      List<Location> parts =
          location instanceof Location.Fused fused ? fused.parts() : List.of(location);
      return places.stream()
          .anyMatch(place ->
              place.contains(" fused by ")
                  && parts.stream().allMatch(part -> place.contains(part.describe())));
    }
  }

  /**
   * Reads descriptions as JSON, one for each layer. Layers that tell no types are left out, as all
   * do in engines that were built without details.
   */
  public static EngineLayers parse(List<String> descriptions) {
    ImmutableList.Builder<Layer> layers = ImmutableList.builder();
    for (String description : descriptions) {
      JsonNode layer = node(description);
      String step = layer.path("Name").asText();
      boolean multiplies =
          step.startsWith(ATTENTION) || PRODUCT.matcher(layer.path("LayerType").asText()).find();
      ImmutableList<String> places =
          ImmutableList.copyOf(PLACES.split(layer.path("Metadata").asText()));
      Optional<String> read = type(layer.path("Inputs").path(0));
      type(layer.path("Outputs").path(0))
          .ifPresent(type -> layers.add(new Layer(step, multiplies, places, read, type)));
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

  private static Optional<String> type(JsonNode tensor) {
    return FIELDS.stream()
        .map(field -> tensor.path(field).asText())
        .flatMap(text -> named(text).stream())
        .findFirst();
  }

  private static Optional<String> named(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return TYPES.stream()
        .filter(known -> known.getKey().matcher(lower).find())
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /**
   * The layers that an operation from a place went into, in the order of execution. Whatever
   * converts or quantizes its results comes from the same place, so that they may be several.
   */
  public ImmutableList<Layer> from(Location place) {
    ImmutableList<Layer> exact = filter(layer -> layer.holds(place));
    return exact.isEmpty() ? filter(layer -> layer.holdsParts(place)) : exact;
  }

  private ImmutableList<Layer> filter(Predicate<Layer> wanted) {
    return layers.stream().filter(wanted).collect(ImmutableList.toImmutableList());
  }
}
