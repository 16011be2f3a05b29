package dev.tenrec.cli;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import picocli.CommandLine.Model.CommandSpec;

/** Checks of options that no type expresses: nothing that is given is ignored or bent. */
final class UsedOptions {
  private UsedOptions() {}

  /** Complains about each of some options that is given, as it would change nothing. */
  static void refuse(CommandSpec spec, String situation, String... names) {
    for (String name : ImmutableList.copyOf(names)) {
      if (spec.commandLine().getParseResult().hasMatchedOption(name)) {
        throw invalid("%s changes nothing %s".formatted(name, situation), "leave it out");
      }
    }
  }

  /** Complains about a number that is too small. */
  static void requireAtLeast(String name, long least, long number) {
    if (number < least) {
      throw invalid("%s is %d".formatted(name, number), "give %d or more".formatted(least));
    }
  }

  private static TenrecException invalid(String problem, String advice) {
    return new TenrecException(ErrorCode.INVALID_ARGUMENT, problem).advise(advice);
  }
}
