package dev.tenrec.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Joiner;
import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.testing.SharedData;
import dev.tenrec.onnx.OnnxImporter;
import dev.tenrec.onnx.OperatorSupport;
import dev.tenrec.tensorrt.TensorRtLimits;
import dev.tenrec.tensorrt.legalize.TargetTypes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * SUPPORT.md says what the code says. With the system property {@code tenrec.update} set to true,
 * it is written instead.
 */
class SupportDocumentTest {
  @Test
  void isCurrent() throws Exception {
    Path file = SharedData.repository().resolve("SUPPORT.md");
    String current = document();
    if (Boolean.getBoolean("tenrec.update")) {
      Files.writeString(file, current);
    }
    assertThat(file).as("run this test with -Dtenrec.update=true").hasContent(current);
  }

  private static String document() {
    List<String> lines = new ArrayList<>();
    lines.add("# What Tenrec supports");
    lines.add("");
    lines.add(
        "Written by `SupportDocumentTest` from the tables of the importer and of the TensorRT back"
            + " end; change those, not this.");
    lines.add(
        "Models may have opsets 1 to 27. What an operator takes of its definition's types,"
            + " attributes and shapes is all of them,");
    lines.add(
        "but for the limits that are named; a model that meets one is refused with its node,"
            + " the reason and a way out (`tenrec check`).");
    operators(lines, "", "Operators of ONNX");
    operators(lines, "ai.onnx.preview", "Operators of `ai.onnx.preview`");
    operators(lines, "com.microsoft", "Operators of `com.microsoft`");
    refused(lines);
    types(lines);
    limits(lines);
    return Joiner.on('\n').join(lines) + "\n";
  }

  private static ImmutableList<OperatorSupport> supported(String domain) {
    return OnnxImporter.operators().stream()
        .filter(operator -> operator.domain().equals(domain))
        .filter(operator -> operator.refusal().isEmpty())
        .collect(ImmutableList.toImmutableList());
  }

  private static void operators(List<String> lines, String domain, String title) {
    ImmutableList<OperatorSupport> operators = supported(domain);
    lines.add("");
    lines.add("## %s (%d)".formatted(title, operators.size()));
    lines.add("");
    lines.add("| operator | other forms since opset | limits |");
    lines.add("|---|---|---|");
    for (OperatorSupport operator : operators) {
      lines.add(
          "| %s | %s | %s |"
              .formatted(
                  operator.name(),
                  Joiner.on(", ").join(operator.versions().tailSet(2L)),
                  Joiner.on("; ").join(operator.limits())));
    }
  }

  private static void refused(List<String> lines) {
    lines.add("");
    lines.add("## Operators that are refused");
    lines.add("");
    lines.add("| operator | why | instead |");
    lines.add("|---|---|---|");
    for (OperatorSupport operator : OnnxImporter.operators()) {
      String domain = operator.domain().isEmpty() ? "" : operator.domain() + ".";
      operator
          .refusal()
          .ifPresent(refusal ->
              lines.add(
                  "| %s%s | %s | %s |"
                      .formatted(domain, operator.name(), refusal.reason(), refusal.advice())));
    }
  }

  private static void types(List<String> lines) {
    lines.add("");
    lines.add("## Element types");
    lines.add("");
    lines.add("The interpreter computes in every type, rounding and wrapping as the type does.");
    lines.add("");
    lines.add("| type | on TensorRT |");
    lines.add("|---|---|");
    for (ElementType type : ElementType.values()) {
      lines.add("| %s | %s |".formatted(type.text(), TargetTypes.describe(type)));
    }
  }

  private static void limits(List<String> lines) {
    lines.add("");
    lines.add("## Limits of TensorRT");
    lines.add("");
    TensorRtLimits.all().forEach(limit -> lines.add("- " + limit));
    lines.add("");
    lines.add("## Wrong answers of TensorRT itself");
    lines.add("");
    lines.add(
        "What was run on which GPU and version is in [`testdata/results`](testdata/results).");
    lines.add("");
    TensorRtLimits.wrongAnswers().forEach(answer -> lines.add("- " + answer));
  }
}
