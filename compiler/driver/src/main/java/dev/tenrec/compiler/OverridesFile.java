package dev.tenrec.compiler;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.google.common.collect.ImmutableList;
import dev.tenrec.compiler.data.AtomicOutput;
import dev.tenrec.compiler.data.StrictJson;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.passes.precision.PrecisionOverride;
import dev.tenrec.passes.precision.PrecisionOverrides;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** Overrides as JSON: a list of {@code {"name": PATTERN, "precision": "fp32"}}. */
public final class OverridesFile {
  private static final String PRECISION = "precision";
  private static final String ADVICE =
      "write [{\"name\": \"/layer1/*\", \"precision\": \"fp32\"}, …]; op and location too";

  private OverridesFile() {}

  /**
   * Reads a file.
   *
   * @throws TenrecException if it cannot be read or holds something else
   */
  public static PrecisionOverrides read(Path file) {
    JsonNode root = StrictJson.read(file, JsonNode.class, ADVICE);
    if (!root.isArray()) {
      throw invalid(file, "it is no list");
    }
    ImmutableList.Builder<PrecisionOverride> overrides = ImmutableList.builder();
    root.forEach(entry -> overrides.add(override(file, entry)));
    return new PrecisionOverrides(overrides.build());
  }

  /** Writes a file that {@link #read} understands. */
  public static void write(Path file, PrecisionOverrides overrides) {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    for (PrecisionOverride override : overrides.all()) {
      list.addObject()
          .put(override.subject().name().toLowerCase(Locale.ROOT), override.pattern())
          .put(PRECISION, override.precision());
    }
    AtomicOutput.file(
        file, temporary -> Files.writeString(temporary, list.toPrettyString() + "\n"));
  }

  private static PrecisionOverride override(Path file, JsonNode entry) {
    if (entry.size() != 2 || !entry.path(PRECISION).isTextual()) {
      throw invalid(file, "%s is no override".formatted(entry));
    }
    for (Map.Entry<String, JsonNode> field : entry.properties()) {
      if (!field.getKey().equals(PRECISION) && field.getValue().isTextual()) {
        return PrecisionOverride.of(
            field.getKey(), field.getValue().asText(), entry.path(PRECISION).asText());
      }
    }
    throw invalid(file, "%s is about nothing".formatted(entry));
  }

  private static TenrecException invalid(Path file, String problem) {
    return new TenrecException(ErrorCode.INVALID_INPUT, "%s: %s".formatted(file, problem))
        .advise(ADVICE);
  }
}
