package dev.tenrec.compiler.accuracy;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tenrec.compiler.accuracy.EngineLayers.Layer;
import dev.tenrec.compiler.data.AtomicOutput;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.diagnostic.Location;
import dev.tenrec.passes.accuracy.Deviation;
import dev.tenrec.passes.precision.AssignPrecision;
import dev.tenrec.passes.precision.PrecisionPlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** In which precision each operation is computed, why, and what became of it. */
public record PrecisionReport(ImmutableList<Row> rows) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final String SINGLE = "float32";

  /**
   * About one operation. What an engine does is known if there is one that tells it.
   *
   * @param name of its result
   * @param place where it comes from; written as the names of the model's nodes
   * @param operation its kind
   * @param gains whether it is a sum of products, for which few bits gain most
   * @param requested the type that was decided on: that of its operands where they are quantized
   * @param reason why
   * @param achieved the type of what the engine's step multiplies, or of the results of a step that
   *     sums no products
   * @param step the name of the engine's step that computes it
   * @param milliseconds what this step takes on the device: several operations that were fused into
   *     one step share its time, so that rows must not be added up; none where TensorRT tells none,
   *     as for steps that do nothing on the device
   * @param error how far its result is from that in single precision, if both were compared
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonPropertyOrder({"name", "location"})
  public record Row(
      String name,
      @JsonIgnore Location place,
      String operation,
      boolean gains,
      String requested,
      String reason,
      @Nullable String achieved,
      @Nullable String step,
      @Nullable Double milliseconds,
      @Nullable Deviation error) {

    /** A decision of which no more is known. */
    Row(String name, Node node, String requested, String reason) {
      this(
          name,
          node.location(),
          PrecisionPlan.label(node.op()),
          AssignPrecision.gains(node.op()),
          requested,
          reason,
          null,
          null,
          null,
          null);
    }

    /** The names of the model's nodes that it comes from. */
    @JsonProperty
    public String location() {
      return place.label();
    }

    private Row achieved(EngineProfile profile) {
      return layer(profile.layers())
          .map(layer -> computed(layer, profile.milliseconds().get(layer.step())))
          .orElse(this);
    }

    /**
     * What quantizes and dequantizes a result comes from the same place as the result: the one
     * behind what computes it, the other where it is read.
     */
    private Optional<Layer> layer(EngineLayers layers) {
      List<Layer> all = layers.from(place);
      if ("Dequantize".equals(operation)) {
        return all.reversed().stream().findFirst();
      }
      return all.stream()
          .filter(layer ->
              gains ? layer.multiplies() : !"Quantize".equals(operation) || layer.isQuantized())
          .findFirst()
          .or(() -> all.stream().findFirst());
    }

    private Row computed(Layer layer, @Nullable Double time) {
      return new Row(
          name,
          place,
          operation,
          gains,
          requested,
          reason,
          gains && layer.multiplies() ? layer.read().orElse(layer.type()) : layer.type(),
          layer.step(),
          time,
          error);
    }

    private Row deviating(@Nullable Deviation found) {
      return new Row(
          name, place, operation, gains, requested, reason, achieved, step, milliseconds, found);
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

  /** With what an engine does. */
  public PrecisionReport achieved(EngineProfile profile) {
    return map(row -> row.achieved(profile));
  }

  /** With the errors of values, by name. */
  public PrecisionReport errors(ImmutableMap<String, Deviation> errors) {
    return map(row -> row.deviating(errors.get(row.name())));
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
