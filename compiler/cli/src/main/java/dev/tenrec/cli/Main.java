package dev.tenrec.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code tenrec} command. */
@Command(name = "tenrec", mixinStandardHelpOptions = true, version = "tenrec 0.1.0-SNAPSHOT")
public final class Main implements Runnable {
  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }

  /** Runs the command and exits with its code. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Main()).execute(arguments));
  }
}
