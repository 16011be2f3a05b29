package dev.tenrec.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;

/** What a command gave. */
record Outcome(int code, String out, String err) {
  /** Runs the command in this process. */
  static Outcome tenrec(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Main.execute(
            new PrintWriter(out),
            new PrintWriter(err),
            Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
    return new Outcome(code, out.toString(), err.toString());
  }

  /** The command did what it was to do, without a warning. */
  Outcome succeeded() {
    assertThat(code).as(toString()).isEqualTo(Main.OK);
    assertThat(err).isEmpty();
    return this;
  }

  /** The command gave up with an error in one line. */
  void refused(String... message) {
    assertThat(code).as(toString()).isEqualTo(Main.BAD_INPUT);
    assertThat(err).contains(message).startsWith("tenrec: [");
    assertThat(err.lines()).hasSize(1);
  }
}
