package dev.tenrec.compiler.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableDoubleArray;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.passes.calibration.CalibrationTable;
import dev.tenrec.passes.calibration.Range;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CalibrationFileTest {
  private static final CalibrationTable TABLE =
      new CalibrationTable(
          ImmutableMap.of(
              "x", new Range(-1.5, 2, 2), "/a/\"b\",:\"c\"", new Range(0, 1e-30, 0.1 + 0.2)));

  @TempDir Path folder;

  @Test
  void aTableHasALineForEachValue() {
    assertThat(CalibrationFile.text(TABLE))
        .isEqualTo(
            """
            {
              "ranges": {
                "x": {"min": -1.5, "max": 2.0, "bound": 2.0},
                "/a/\\"b\\",:\\"c\\"": {"min": 0.0, "max": 1.0E-30, "bound": 0.30000000000000004}
              }
            }
            """);
  }

  @Test
  void factorsAndMeansFollow() {
    CalibrationTable table =
        new CalibrationTable(
            ImmutableMap.of("x", new Range(-1, 1, 1)),
            ImmutableMap.of("h", ImmutableDoubleArray.of(2, 0.1 + 0.2)),
            ImmutableMap.of("x", ImmutableDoubleArray.of(-1)));
    assertThat(CalibrationFile.text(table))
        .isEqualTo(
            """
            {
              "ranges": {
                "x": {"min": -1.0, "max": 1.0, "bound": 1.0}
              },
              "factors": {
                "h": [2.0,0.30000000000000004]
              },
              "means": {
                "x": [-1.0]
              }
            }
            """);
    Path file = folder.resolve("table.json");
    CalibrationFile.write(file, table);
    assertThat(CalibrationFile.read(file)).isEqualTo(table);
  }

  @Test
  void whatIsWrittenIsRead() {
    Path file = folder.resolve("table.json");
    CalibrationFile.write(file, TABLE);
    assertThat(CalibrationFile.read(file)).isEqualTo(TABLE);
    CalibrationFile.write(file, CalibrationTable.EMPTY);
    assertThat(CalibrationFile.read(file)).isEqualTo(CalibrationTable.EMPTY);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|No content to map",
        "[]|line 1",
        "{}|Missing required creator property 'ranges'",
        "{\"ranges\": null}|ranges",
        "{\"ranges\": {\"x\": null}}|'x' has the range null",
        "{\"ranges\": {\"x\": {\"min\": 0, \"max\": 1}}}|Missing required creator property 'bound'",
        "{\"ranges\": {\"x\": {\"min\": 2, \"max\": 1, \"bound\": 1}}}|min must not be above max",
        "{\"ranges\": {\"x\": {\"min\": 0, \"max\": 1, \"bound\": -1}}}|'x' has the range",
        "{\"ranges\": {\"x\": {\"min\": 0, \"max\": 1, \"bound\": \"NaN\"}}}|'x' has the range",
        "{\"ranges\": {\"x\": {\"min\": 0, \"max\": 1e999, \"bound\": 1}}}|'x' has the range",
        "{\"ranges\": {\"x\": {\"min\": 0, \"max\": 1, \"bound\": 1, \"scale\": 1}}}|\"scale\"",
        "{\"ranges\": {\"x\": {\"min\": \"0\", \"max\": 1, \"bound\": 1}}}|line 1",
        "{\"ranges\": {\"x\": {\"min\": null, \"max\": 1, \"bound\": 1}}}|line 1",
        "{\"ranges\": {\"x\": {\"min\": true, \"max\": 1, \"bound\": 1}}}|line 1",
        "{\"ranges\": {}} x|line 1",
        "{\"ranges\": {}, \"factors\": {\"h\": [1, 0]}}|'h' has the channels [1.0, 0.0]",
        "{\"ranges\": {}, \"factors\": {\"h\": [1e-310]}}|'h' has the channels",
        "{\"ranges\": {}, \"factors\": {\"h\": null}}|'h' has the channels null",
        "{\"ranges\": {}, \"means\": {\"h\": [\"NaN\"]}}|'h' has the channels [NaN]",
        "{\"ranges\": {}, \"means\": {\"h\": [null]}}|null",
        "{\"ranges\": {}, \"means\": 1}|line 1",
        "{\"ranges\": {\"x\"|line 1"
      })
  void whatIsNoTableIsRefused(String text, String problem) throws IOException {
    Path file = Files.writeString(folder.resolve("table.json"), text);
    assertThatThrownBy(() -> CalibrationFile.read(file))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(problem);
  }

  @Test
  void twoRangesForAValueAreRefused() throws IOException {
    String range = "\"x\": {\"min\": 0, \"max\": 1, \"bound\": 1}";
    Path file =
        Files.writeString(
            folder.resolve("table.json"), "{\"ranges\": {%s,\n%s}}".formatted(range, range));
    assertThatThrownBy(() -> CalibrationFile.read(file))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("line 2");
  }

  @Test
  void aFileThatIsMissingIsNamed() {
    assertThatThrownBy(() -> CalibrationFile.read(folder.resolve("none.json")))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("none.json does not exist");
  }

  /** Whatever is wrong with a file, the error is one for users. */
  @Property(tries = 200)
  void damagedTablesAreReadOrRefused(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder(CalibrationFile.text(TABLE));
    for (int i = 0; i < 3; i++) {
      text.setCharAt(random.nextInt(text.length()), (char) (' ' + random.nextInt(95)));
    }
    Path file = Files.createTempFile("table", ".json");
    try {
      CalibrationFile.read(Files.writeString(file, text));
    } catch (TenrecException e) {
      assertThat(e.getMessage()).contains(file.toString());
    } finally {
      Files.delete(file);
    }
  }
}
