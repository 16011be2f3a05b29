package dev.tenrec.compiler;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import dev.tenrec.compiler.data.StrictJson;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.tensorrt.ShapeProfile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a bundle holds, as JSON.
 *
 * @param format the version of this description
 * @param source the name of the model's file
 * @param sha256 the hash of the model's file
 * @param allowNarrowing whether the engine may compute in types that do not hold all numbers of the
 *     model's
 * @param inputs names and types, in order
 * @param outputs names and types, in order
 * @param shapes the ranges of symbolic dimensions, {@code min..opt..max}
 * @param nodes numbers of operations before and after the passes
 * @param slower which engine was slower than one in half precision, in words, if one was
 * @param engine the TensorRT engine, if there is one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Manifest(
    int format,
    @JsonSetter(nulls = Nulls.FAIL) @JsonProperty(required = true) String source,
    @JsonSetter(nulls = Nulls.FAIL) @JsonProperty(required = true) String sha256,
    @JsonSetter(nulls = Nulls.FAIL) @JsonProperty(required = true) Precision precision,
    boolean allowNarrowing,
    @JsonSetter(nulls = Nulls.FAIL) @JsonProperty(required = true) List<Port> inputs,
    @JsonSetter(nulls = Nulls.FAIL) @JsonProperty(required = true) List<Port> outputs,
    @JsonSetter(nulls = Nulls.FAIL) @JsonProperty(required = true) Map<String, String> shapes,
    @JsonSetter(nulls = Nulls.FAIL) @JsonProperty(required = true) Nodes nodes,
    @Nullable String slower,
    @Nullable Engine engine) {
  static final int FORMAT = 1;
  private static final String AGAIN = "compile the model again";
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /** An input or output: its name and its type in the textual form. */
  public record Port(String name, String type) {}

  /** Numbers of operations. */
  public record Nodes(int imported, int optimized) {}

  /** The plan beside this manifest, and what it runs on. */
  public record Engine(String file, String sha256, String tensorrt, String gpu) {}

  static List<Port> inputs(Signature signature) {
    return ports(signature.inputs());
  }

  static List<Port> outputs(Signature signature) {
    return ports(signature.outputs());
  }

  private static List<Port> ports(ImmutableMap<String, TensorType> types) {
    return types.entrySet().stream()
        .map(port -> new Port(port.getKey(), port.getValue().toString()))
        .collect(ImmutableList.toImmutableList());
  }

  static Manifest read(Path file) {
    Manifest manifest = StrictJson.read(file, Manifest.class, AGAIN);
    if (manifest.format != FORMAT) {
      throw new TenrecException(
              ErrorCode.UNSUPPORTED,
              "%s has format %d, not %d".formatted(file, manifest.format, FORMAT))
          .advise(AGAIN);
    }
    Engine engine = manifest.engine;
    if (engine != null && !Bundle.PLAN.equals(engine.file)) {
      throw new TenrecException(
              ErrorCode.INVALID_INPUT, "%s: the engine's file is not in it".formatted(file))
          .advise(AGAIN);
    }
    return manifest;
  }

  /** The same with an engine. */
  Manifest with(Engine built) {
    return new Manifest(
        format,
        source,
        sha256,
        precision,
        allowNarrowing,
        inputs,
        outputs,
        shapes,
        nodes,
        slower,
        built);
  }

  /** The ranges of a profile in words. */
  static Map<String, String> ranges(ShapeProfile profile) {
    return ImmutableMap.copyOf(Maps.transformValues(profile.sizes(), ShapeProfile.Range::toString));
  }

  /** The JSON text. */
  public String json() {
    try {
      return JSON.writeValueAsString(this) + "\n";
    } catch (JsonProcessingException e) {
      throw new TenrecException(ErrorCode.INTERNAL, "the manifest cannot be written", e);
    }
  }
}
