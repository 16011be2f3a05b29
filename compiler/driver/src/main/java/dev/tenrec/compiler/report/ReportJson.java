package dev.tenrec.compiler.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import dev.tenrec.ir.diagnostic.Location.OnnxNode;
import dev.tenrec.passes.precision.PrecisionPlan;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.ToIntFunction;

/** The data of a page as JSON. {@code model.js} reads it. */
final class ReportJson {
  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private final CompileReport report;
  private final Tables tables = new Tables();
  private final List<Stage> stages = new ArrayList<>();

  private ReportJson(CompileReport report) {
    this.report = report;
  }

  /** The text, in ASCII, without an angle bracket: it can stand inside of an HTML element. */
  static String of(CompileReport report) throws IOException {
    return new ReportJson(report).text().replace("<", "\\u003c").replace(">", "\\u003e");
  }

  private String text() throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("model", report.model());
      json.writeStringField("settings", report.settings());
      json.writeStringField("tensorrt", report.network().version());
      json.writeStringField("refusal", report.network().refusal().orElse(""));
      writeStages(json);
      writeLines(json);
      writePlaces(json);
      integers(json, "names", tables.values().names().stream().map(tables::string).toList());
      json.writeArrayFieldStart("strings");
      for (String string : tables.strings()) {
        json.writeString(string);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    return text.toString();
  }

  private void writeStages(JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("stages");
    writeStage(json, Stage.of("imported", "import", tables.listing(report.imported())));
    for (PassRun run : report.passes()) {
      writeStage(json, Stage.of("pass", run, tables));
    }
    for (PassRun run : report.network().passes()) {
      writeStage(json, Stage.of("lowering", run, tables));
    }
    List<Integer> sources = report.network().layers().stream().map(tables::source).toList();
    if (report.network().refusal().isEmpty()) {
      writeStage(json, Stage.of("network", "network", tables.listing(report.network().layers())));
    }
    json.writeEndArray();
    integers(json, "sources", sources);
  }

  private void writeStage(JsonGenerator json, Stage stage) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", stage.name());
    json.writeStringField("kind", stage.kind());
    if (stage.run().isPresent()) {
      PassRun run = stage.run().get();
      json.writeNumberField("micros", run.time().toNanos() / 1000);
      writeEvidence(json, run.evidence());
      if (run.precision().isPresent()) {
        writePrecision(json, run.precision().get());
      }
    }
    json.writeArrayFieldStart("events");
    for (Stage.Event event : stage.events()) {
      json.writeArray(new int[] {event.rule(), event.before(), event.after()}, 0, 3);
    }
    json.writeEndArray();
    lists(json, "runs", stage.runs(stages.isEmpty() ? List.of() : stages.getLast().lines()));
    json.writeEndObject();
    stages.add(stage);
  }

  private static void writeEvidence(JsonGenerator json, List<Evidence> evidence)
      throws IOException {
    json.writeArrayFieldStart("evidence");
    for (Evidence found : evidence) {
      json.writeStartObject();
      json.writeStringField("check", found.check());
      json.writeBooleanField("passed", found.passed());
      json.writeStringField("text", found.text());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void writePrecision(JsonGenerator json, PrecisionPlan plan) throws IOException {
    json.writeArrayFieldStart("precision");
    for (var entry : plan.rows().entrySet()) {
      PrecisionPlan.Row row = entry.getValue();
      json.writeStartArray();
      json.writeNumber(tables.values().find(entry.getKey()).orElse(-1));
      json.writeNumber(tables.string(row.computed().text()));
      json.writeNumber(tables.string(row.seen().text()));
      json.writeNumber(tables.string(row.reason()));
      json.writeEndArray();
    }
    json.writeEndArray();
  }

  private void writeLines(JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("lines");
    column(json, "key", Line::key);
    column(json, "label", Line::label);
    column(json, "operation", Line::operation);
    column(json, "attributes", Line::attributes);
    column(json, "type", Line::type);
    column(json, "place", Line::place);
    column(json, "depth", Line::depth);
    lists(json, "operands", tables.lines().stream().map(Line::operands).toList());
    lists(json, "results", tables.lines().stream().map(Line::results).toList());
    json.writeEndObject();
  }

  private void column(JsonGenerator json, String name, ToIntFunction<Line> component)
      throws IOException {
    integers(json, name, tables.lines().stream().map(component::applyAsInt).toList());
  }

  private void writePlaces(JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("places");
    for (Places.Place place : tables.places().all()) {
      json.writeStartArray();
      json.writeNumber(tables.string(place.note()));
      for (int node : place.nodes()) {
        json.writeNumber(node);
      }
      json.writeEndArray();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("onnx");
    for (OnnxNode node : tables.places().nodes()) {
      json.writeStartArray();
      json.writeNumber(tables.string(node.graphPath()));
      json.writeNumber(node.index());
      json.writeNumber(tables.string(node.name()));
      json.writeNumber(tables.string(node.operator()));
      json.writeNumber(tables.string(node.source()));
      json.writeEndArray();
    }
    json.writeEndArray();
  }

  private static void integers(JsonGenerator json, String name, Collection<Integer> some)
      throws IOException {
    json.writeFieldName(name);
    integers(json, some);
  }

  private static void integers(JsonGenerator json, Collection<Integer> some) throws IOException {
    int[] array = some.stream().mapToInt(Integer::intValue).toArray();
    json.writeArray(array, 0, array.length);
  }

  private static void lists(
      JsonGenerator json, String name, Collection<? extends Collection<Integer>> lists)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (Collection<Integer> list : lists) {
      integers(json, list);
    }
    json.writeEndArray();
  }
}
