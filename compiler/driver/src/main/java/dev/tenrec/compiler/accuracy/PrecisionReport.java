package dev.tenrec.compiler.accuracy;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tenrec.compiler.data.AtomicOutput;
import dev.tenrec.passes.accuracy.Deviation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** In which precision each operation is computed, why, and what became of it. */
public record PrecisionReport(ImmutableList<Row> rows) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final String SINGLE = "float32";

  /**
   * About one operation.
   *
   * @param name of its result
   * @param location the names of the model's nodes that it comes from
   * @param operation its kind
   * @param gains whether it is a sum of products, for which few bits gain most
   * @param requested the type that was decided on: that of its operands where they are quantized
   * @param reason why
   * @param achieved the type of the results of the engine's layer, if there is an engine that tells
   *     it
   * @param error how far its result is from that in single precision, if both were compared
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Row(
      String name,
      String location,
      String operation,
      boolean gains,
      String requested,
      String reason,
      @Nullable String achieved,
      @Nullable Deviation error) {

    private Row with(@Nullable String found, @Nullable Deviation deviation) {
      return new Row(name, location, operation, gains, requested, reason, found, deviation);
    }

    /** What the engine does, or else what was asked of it. */
    private boolean isLow() {
      return !SINGLE.equals(achieved == null ? requested : achieved);
    }
  }

  /**
   * The share of those sums of products that are computed in fewer than 32 bits; 1 if there are
   * none. What an engine does not tell counts as it was requested: networks are strongly typed.
   */
  public double share() {
    long all = rows.stream().filter(Row::gains).count();
    long low = rows.stream().filter(row -> row.gains() && row.isLow()).count();
    return all == 0 ? 1 : (double) low / all;
  }

  /** With what the layers of an engine do. */
  public PrecisionReport achieved(EngineLayers layers) {
    return map(row -> row.with(layers.type(row.location()).orElse(null), row.error()));
  }

  /** With the errors of values, by name. */
  public PrecisionReport errors(ImmutableMap<String, Deviation> errors) {
    return map(row -> row.with(row.achieved(), errors.get(row.name())));
  }

  private PrecisionReport map(UnaryOperator<Row> change) {
    return new PrecisionReport(rows.stream().map(change).collect(ImmutableList.toImmutableList()));
  }

  /** Writes the rows as JSON. */
  public void write(Path file) {
    AtomicOutput.file(
        file, temporary -> Files.writeString(temporary, JSON.writeValueAsString(rows) + "\n"));
  }
}
