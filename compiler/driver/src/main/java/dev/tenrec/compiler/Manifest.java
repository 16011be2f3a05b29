package dev.tenrec.compiler;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.tensorrt.ShapeProfile;
import java.io.IOException;
import java.nio.file.Files;
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
 * @param engine the TensorRT engine, if there is one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Manifest(
    int format,
    String source,
    String sha256,
    Precision precision,
    boolean allowNarrowing,
    List<Port> inputs,
    List<Port> outputs,
    Map<String, String> shapes,
    Nodes nodes,
    @Nullable Engine engine) {
  static final int FORMAT = 1;
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
    try {
      return JSON.readValue(Files.readString(file), Manifest.class);
    } catch (IOException e) {
      throw new TenrecException(
              ErrorCode.INVALID_MODEL,
              "%s cannot be read: %s".formatted(file, firstLine(e.getMessage())),
              e)
          .advise("compile the model again");
    }
  }

  /** The same with an engine. */
  Manifest with(Engine built) {
    return new Manifest(
        format, source, sha256, precision, allowNarrowing, inputs, outputs, shapes, nodes, built);
  }

  /** The ranges of a profile in words. */
  static Map<String, String> ranges(ShapeProfile profile) {
    return ImmutableMap.copyOf(Maps.transformValues(profile.sizes(), ShapeProfile.Range::toString));
  }

  private static String firstLine(@Nullable String message) {
    return message == null ? "" : message.lines().findFirst().orElse("");
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
