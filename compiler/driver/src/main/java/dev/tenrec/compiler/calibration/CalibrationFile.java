package dev.tenrec.compiler.calibration;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import com.google.common.primitives.ImmutableDoubleArray;
import dev.tenrec.compiler.data.AtomicOutput;
import dev.tenrec.compiler.data.StrictJson;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.passes.calibration.CalibrationTable;
import dev.tenrec.passes.calibration.Range;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoublePredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A table of ranges as JSON, one value a line, for people to read, compare and edit. Factors and
 * means follow where there are any.
 */
public final class CalibrationFile {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String ADVICE =
      "it must be a table of ranges as --calibrate DATA --calibration-table FILE writes it";

  private CalibrationFile() {}

  private record Content(
      @JsonProperty(required = true) @JsonSetter(nulls = Nulls.FAIL)
          LinkedHashMap<String, StoredRange> ranges,
      @JsonSetter(nulls = Nulls.AS_EMPTY) LinkedHashMap<String, double[]> factors,
      @JsonSetter(nulls = Nulls.AS_EMPTY) LinkedHashMap<String, double[]> means) {}

  private record StoredRange(
      @JsonProperty(required = true) double min,
      @JsonProperty(required = true) double max,
      @JsonProperty(required = true) double bound) {}

  /** Writes a file that appears only when it is complete. */
  public static void write(Path file, CalibrationTable table) {
    AtomicOutput.file(file, temporary -> Files.writeString(temporary, text(table)));
  }

  static String text(CalibrationTable table) {
    StringBuilder text = new StringBuilder("{\n");
    text.append(section("ranges", Maps.transformValues(table.ranges(), CalibrationFile::stored)));
    if (!table.factors().isEmpty()) {
      text.append(",\n").append(section("factors", arrays(table.factors())));
    }
    if (!table.means().isEmpty()) {
      text.append(",\n").append(section("means", arrays(table.means())));
    }
    return text.append("\n}\n").toString();
  }

  private static Map<String, double[]> arrays(Map<String, ImmutableDoubleArray> values) {
    return Maps.transformValues(values, ImmutableDoubleArray::toArray);
  }

  private static String section(String name, Map<String, ?> values) {
    return values.entrySet().stream()
        .map(entry -> "    %s: %s".formatted(json(entry.getKey()), json(entry.getValue())))
        .collect(Collectors.joining(",\n", "  \"%s\": {\n".formatted(name), "\n  }"));
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
    return new CalibrationTable(
        ranges.buildOrThrow(),
        checked(file, content.factors(), factor -> factor > 0 && 1 / factor < Double.MAX_VALUE),
        checked(file, content.means(), Double::isFinite));
  }

  private static ImmutableMap<String, ImmutableDoubleArray> checked(
      Path file, Map<String, double[]> channels, DoublePredicate valid) {
    ImmutableMap.Builder<String, ImmutableDoubleArray> result = ImmutableMap.builder();
    channels.forEach((name, numbers) -> {
      if (numbers == null || !Arrays.stream(numbers).allMatch(valid.and(Double::isFinite))) {
        throw new TenrecException(
                ErrorCode.INVALID_INPUT,
                "%s: '%s' has the channels %s".formatted(file, name, Arrays.toString(numbers)))
            .advise("all must be finite, and factors positive");
      }
      result.put(name, ImmutableDoubleArray.copyOf(numbers));
    });
    return result.buildOrThrow();
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
