package dev.tenrec.compiler.accuracy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tenrec.compiler.Precision;
import dev.tenrec.compiler.PrecisionSettings;
import dev.tenrec.compiler.accuracy.PrecisionReport.Row;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.diagnostic.Location;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.passes.Pipeline;
import dev.tenrec.passes.accuracy.Deviation;
import dev.tenrec.passes.calibration.CalibrationTable;
import dev.tenrec.passes.calibration.Range;
import dev.tenrec.passes.precision.AssignPrecision;
import dev.tenrec.passes.precision.PrecisionOverride;
import dev.tenrec.passes.precision.PrecisionOverrides;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PrecisionReportTest {
  private static Row row(String place, String requested, boolean gains) {
    return new Row(
        place,
        new Location.Synthetic(place),
        "Conv",
        gains,
        requested,
        "why",
        null,
        null,
        null,
        null);
  }

  @Test
  void shareIsWhatTheEngineDoes() {
    PrecisionReport report =
        new PrecisionReport(
            ImmutableList.of(
                row("a", "float16", true),
                row("b", "float16", true),
                row("c", "float32", true),
                row("d", "float32", false)));
    assertThat(report.share()).isEqualTo(2.0 / 3);
    EngineLayers.Layer layer =
        new EngineLayers.Layer(
            "step", true, ImmutableList.of("a"), Optional.of("float32"), "float16");
    EngineProfile profile =
        new EngineProfile(new EngineLayers(ImmutableList.of(layer)), ImmutableMap.of());
    assertThat(report.achieved(profile).share()).isEqualTo(1.0 / 3);
    assertThat(new PrecisionReport(ImmutableList.of()).share()).isEqualTo(1);
  }

  @Test
  void errorsAndTimesAreKeptTogether() {
    EngineLayers.Layer layer =
        new EngineLayers.Layer("step", true, ImmutableList.of("a"), Optional.empty(), "int8");
    EngineProfile profile =
        new EngineProfile(new EngineLayers(ImmutableList.of(layer)), ImmutableMap.of("step", 0.5));
    Deviation error = new Deviation(4, 0, 1, 1, 1, 1);
    Row wanted =
        new Row(
            "a",
            new Location.Synthetic("a"),
            "Conv",
            true,
            "int8",
            "why",
            "int8",
            "step",
            0.5,
            error);
    PrecisionReport report = new PrecisionReport(ImmutableList.of(row("a", "int8", true)));
    assertThat(report.achieved(profile).errors(ImmutableMap.of("a", error)).rows())
        .containsExactly(wanted);
    assertThat(report.errors(ImmutableMap.of("a", error)).achieved(profile).rows())
        .containsExactly(wanted);
  }

  @Test
  void recordsDecisionsAndErrors() {
    RecordPrecision record = new RecordPrecision();
    Graph graph =
        Pipeline.of(new AssignPrecision(ElementType.FLOAT16))
            .run(
                GraphParser.parse(
                    """
                    g (float[2,2] x) => (float[2,2] y) {
                      s = Constant<value=float {0.5}>()
                      w = Constant<value=int8[2,2] {1, 2, 3, 4}>()
                      q = Quantize<to=int8>(x, s)
                      a = Dequantize<to=float>(q, s)
                      b = Dequantize<to=float>(w, s)
                      p = MatMul(a, b)
                      c = MatMul(p, x)
                      y = Exp(c)
                    }
                    """),
                record);
    Deviation error = new Deviation(4, 0, 1, 1, 1, 1);
    PrecisionReport report = record.report(graph).errors(ImmutableMap.of("c", error));
    assertThat(report.rows())
        .filteredOn(Row::gains)
        .extracting(Row::requested)
        .containsExactly("int8", "float16");
    assertThat(report.rows()).filteredOn(row -> row.error() != null).hasSize(1);
    assertThat(report.rows().getLast().reason()).isEqualTo("too large or too fine to round");
  }

  private static final String PRODUCTS =
      """
      g (float[64,64] x) => (float[64,8] y) {
        w = Constant<value=float[64,64] {%s}>()
        n = Constant<value=float[64,8] {%s}>()
        p = MatMul(x, w)
        y = MatMul(p, n)
      }
      """
          .formatted(
              String.join(", ", Collections.nCopies(64 * 64, "0.5")),
              String.join(", ", Collections.nCopies(64 * 8, "0.5")));

  private static List<String> reasons(PrecisionSettings settings) {
    RecordPrecision record = new RecordPrecision();
    Graph graph = settings.afterStandard().run(GraphParser.parse(PRODUCTS), record);
    return record.report(graph).rows().stream()
        .filter(Row::gains)
        .map(row -> "%s %s: %s".formatted(row.name(), row.requested(), row.reason()))
        .toList();
  }

  @Test
  void quantizationTellsWhatItLeaves() {
    Range range = new Range(-1, 1, 1);
    PrecisionSettings int8 =
        new PrecisionSettings(
            Precision.INT8, new CalibrationTable(ImmutableMap.of("x", range, "p", range)));
    String few = "8 channels from 64 are too few";
    assertThat(reasons(int8)).containsExactly("p int8: products gain most", "y float16: " + few);
    assertThat(reasons(int8.withFloating(Precision.FP32)))
        .containsExactly("p int8: products gain most", "y float32: " + few);
    assertThat(reasons(PrecisionSettings.of(Precision.INT8)))
        .containsExactly("p float16: the range of x is not known", "y float16: " + few);
  }

  @Test
  void usersAndPrecisionTellTheirReasonsThemselves() {
    PrecisionOverride wish = PrecisionOverride.named("y", ElementType.FLOAT32);
    PrecisionSettings int8 =
        PrecisionSettings.of(Precision.INT8)
            .withOverrides(new PrecisionOverrides(ImmutableList.of(wish)));
    assertThat(reasons(int8)).last().isEqualTo("y float32: override " + wish);
    assertThat(reasons(PrecisionSettings.of(Precision.FP32)))
        .containsExactly("p float32: as in the model", "y float32: as in the model");
  }
}
