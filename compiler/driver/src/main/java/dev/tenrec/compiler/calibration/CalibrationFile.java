package dev.tenrec.compiler.calibration;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.ImmutableMap;
import dev.tenrec.compiler.data.AtomicOutput;
import dev.tenrec.compiler.data.StrictJson;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.passes.calibration.CalibrationTable;
import dev.tenrec.passes.calibration.Range;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A table of ranges as JSON, one value a line, for people to read, compare and edit. */
public final class CalibrationFile {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String ADVICE =
      "it must be a table of ranges as --calibrate DATA --calibration-table FILE writes it";

  private CalibrationFile() {}

  private record Content(
      @JsonProperty(required = true) @JsonSetter(nulls = Nulls.FAIL)
          LinkedHashMap<String, StoredRange> ranges) {}

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
    Content content = StrictJson.read(file, Content.class, ADVICE);
    ImmutableMap.Builder<String, Range> ranges = ImmutableMap.builder();
    content.ranges().forEach((name, range) -> ranges.put(name, checked(file, name, range)));
    return new CalibrationTable(ranges.buildOrThrow());
  }

  private static Range checked(Path file, String name, @Nullable StoredRange range) {
    if (range == null || !isValid(range)) {
      throw new TenrecException(
              ErrorCode.INVALID_INPUT, "%s: '%s' has the range %s".formatted(file, name, range))
          .advise("min must not be above max, the bound must not be negative, all must be finite");
    }
    return new Range(range.min(), range.max(), range.bound());
  }

  private static boolean isValid(StoredRange range) {
    return Double.isFinite(range.min())
        && Double.isFinite(range.max())
        && Double.isFinite(range.bound())
        && range.min() <= range.max()
        && range.bound() >= 0;
  }
}
