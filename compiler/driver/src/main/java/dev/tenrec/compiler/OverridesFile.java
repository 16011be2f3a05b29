package dev.tenrec.compiler;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.google.common.collect.ImmutableList;
import dev.tenrec.compiler.data.AtomicOutput;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.passes.precision.PrecisionOverride;
import dev.tenrec.passes.precision.PrecisionOverrides;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** Overrides as JSON: a list of {@code {"name": PATTERN, "precision": "fp32"}}. */
public final class OverridesFile {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PRECISION = "precision";

  private OverridesFile() {}

  /**
   * Reads a file.
   *
   * @throws TenrecException if it cannot be read or holds something else
   */
  public static PrecisionOverrides read(Path file) {
    try {
      JsonNode root = JSON.readTree(Files.readString(file));
      if (!root.isArray()) {
        throw invalid(file, "it is no list");
      }
      ImmutableList.Builder<PrecisionOverride> overrides = ImmutableList.builder();
      root.forEach(entry -> overrides.add(override(file, entry)));
      return new PrecisionOverrides(overrides.build());
    } catch (JsonProcessingException e) {
      throw invalid(file, e.getOriginalMessage());
    } catch (IOException e) {
      throw new TenrecException(
          ErrorCode.IO, "%s cannot be read: %s".formatted(file, e.getMessage()), e);
    }
  }

  /** Writes a file that {@link #read} understands. */
  public static void write(Path file, PrecisionOverrides overrides) {
    ArrayNode list = JSON.createArrayNode();
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
      if (!field.getKey().equals(PRECISION)) {
        return PrecisionOverride.of(
            field.getKey(), field.getValue().asText(), entry.path(PRECISION).asText());
      }
    }
    throw invalid(file, "%s is about nothing".formatted(entry));
  }

  private static TenrecException invalid(Path file, String problem) {
    return new TenrecException(
            ErrorCode.INVALID_ARGUMENT, "%s: %s".formatted(file.getFileName(), problem))
        .advise(
            "write [{\"name\": \"/layer1/*\", \"precision\": \"fp32\"}, …]; op and location too");
  }
}
