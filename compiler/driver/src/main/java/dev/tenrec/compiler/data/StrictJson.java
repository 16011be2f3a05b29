package dev.tenrec.compiler.data;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.FileErrors;
import dev.tenrec.ir.diagnostic.TenrecException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * JSON that people write: what is there twice, unknown, of another type or behind the end is an
 * error, and nothing is converted.
 */
public final class StrictJson {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .build();

  private StrictJson() {}

  /**
   * Reads a file.
   *
   * @param advice what it must be
   * @throws TenrecException naming the file, the line and what is wrong in it
   */
  public static <T> T read(Path file, Class<T> type, String advice) {
    try {
      @Nullable T content = JSON.readValue(Files.readString(file), type);
      if (content == null) {
        throw new TenrecException(ErrorCode.INVALID_INPUT, "%s holds nothing".formatted(file))
            .advise(advice);
      }
      return content;
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      throw new TenrecException(
              ErrorCode.INVALID_INPUT, "%s, line %d: %s".formatted(file, line, problem(e)), e)
          .advise(advice);
    } catch (IOException e) {
      throw FileErrors.reading(file, e).advise(advice);
    }
  }

  private static String problem(JsonProcessingException e) {
    String message =
        e.getCause() instanceof TenrecException cause ? cause.problem() : e.getOriginalMessage();
    return Optional.ofNullable(message).flatMap(text -> text.lines().findFirst()).orElse("no JSON");
  }
}
