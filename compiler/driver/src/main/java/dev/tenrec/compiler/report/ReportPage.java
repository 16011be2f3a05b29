package dev.tenrec.compiler.report;

import com.google.common.io.Resources;
import dev.tenrec.compiler.data.AtomicOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes reports as HTML: one file that needs no other, and no network. */
public final class ReportPage {
  /** The page's file in the folder of a report. */
  public static final String FILE = "index.html";

  private static final List<String> SCRIPTS =
      List.of("model.js", "drawing.js", "listing.js", "inspector.js", "summary.js", "main.js");

  private ReportPage() {}

  /**
   * Writes a report into a folder, which is made if it does not exist; an older report there is
   * replaced.
   *
   * @return the page
   * @throws dev.tenrec.ir.diagnostic.TenrecException if it cannot be written
   */
  public static Path write(CompileReport report, Path folder) {
    Path page = folder.resolve(FILE);
    AtomicOutput.file(page, file -> Files.writeString(file, html(report)));
    return page;
  }

  static String html(CompileReport report) throws IOException {
    StringBuilder scripts = new StringBuilder();
    for (String script : SCRIPTS) {
      scripts.append(resource(script)).append('\n');
    }
    return resource("page.html")
        .replace("/*STYLE*/", resource("page.css"))
        .replace("/*SCRIPT*/", scripts)
        .replace("/*DATA*/", ReportJson.of(report));
  }

  private static String resource(String name) throws IOException {
    return Resources.toString(
        Resources.getResource(ReportPage.class, name), StandardCharsets.UTF_8);
  }
}
