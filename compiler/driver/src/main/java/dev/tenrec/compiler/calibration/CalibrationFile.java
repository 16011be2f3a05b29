package dev.tenrec.compiler.calibration;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.ImmutableMap;
import dev.tenrec.compiler.data.AtomicOutput;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.passes.calibration.CalibrationTable;
import dev.tenrec.passes.calibration.Range;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** A table of ranges as JSON, one value a line, for people to read, compare and edit. */
public final class CalibrationFile {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private CalibrationFile() {}

  private record Content(
      @JsonProperty(required = true) LinkedHashMap<String, StoredRange> ranges) {}

  private record StoredRange(
      @JsonProperty(required = true) double min,
      @JsonProperty(required = true) double max,
      @JsonProperty(required = true) double bound) {}

  /** Writes a file that appears only when it is complete. */
  public static void write(Path file, CalibrationTable table) {
    AtomicOutput.file(file, temporary -> Files.writeString(temporary, text(table)));
  }

  static String text(CalibrationTable table) {
    return table.ranges().entrySet().stream()
        .map(entry -> "    %s: %s".formatted(json(entry.getKey()), json(stored(entry.getValue()))))
        .collect(Collectors.joining(",\n", "{\n  \"ranges\": {\n", "\n  }\n}\n"));
  }

  private static StoredRange stored(Range range) {
    return new StoredRange(range.min(), range.max(), range.bound());
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value).replace(",\"", ", \"").replace("\":", "\": ");
    } catch (JsonProcessingException e) {
      throw new TenrecException(ErrorCode.INTERNAL, "the table cannot be written", e);
    }
  }

  /**
   * Reads what {@link #write} wrote, perhaps edited.
   *
   * @throws TenrecException naming the file and what is wrong in it
   */
  public static CalibrationTable read(Path file) {
    try {
      Content content = JSON.readValue(Files.readString(file), Content.class);
      ImmutableMap.Builder<String, Range> ranges = ImmutableMap.builder();
      for (Map.Entry<String, StoredRange> entry : content.ranges().entrySet()) {
        ranges.put(entry.getKey(), checked(file, entry.getKey(), entry.getValue()));
      }
      return new CalibrationTable(ranges.buildOrThrow());
    } catch (NoSuchFileException e) {
      throw new TenrecException(ErrorCode.IO, "%s does not exist".formatted(file), e)
          .advise("write it with --calibrate DATA --calibration-table FILE");
    } catch (JsonProcessingException e) {
      throw new TenrecException(
              ErrorCode.INVALID_INPUT,
              "%s, line %d: %s"
                  .formatted(
                      file,
                      e.getLocation() == null ? 1 : e.getLocation().getLineNr(),
                      e.getOriginalMessage()),
              e)
          .advise("it must be a table of ranges as --calibration-table writes it");
    } catch (IOException e) {
      throw new TenrecException(
          ErrorCode.IO, "%s cannot be read: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static Range checked(Path file, String name, StoredRange range) {
    boolean valid =
        range != null
            && Double.isFinite(range.min())
            && Double.isFinite(range.max())
            && Double.isFinite(range.bound())
            && range.min() <= range.max()
            && range.bound() >= 0;
    if (!valid) {
      throw new TenrecException(
              ErrorCode.INVALID_INPUT, "%s: '%s' has the range %s".formatted(file, name, range))
          .advise("min must not be above max, the bound must not be negative, all must be finite");
    }
    return new Range(range.min(), range.max(), range.bound());
  }
}
