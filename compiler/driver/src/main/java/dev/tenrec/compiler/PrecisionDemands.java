package dev.tenrec.compiler;

import dev.tenrec.compiler.accuracy.PrecisionReport;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * What is to be known of the precision that was achieved.
 *
 * @param report the file for a table of all operations, if one is wanted
 * @param share the least share of sums of products in fewer than 32 bits, 0 to 1
 */
public record PrecisionDemands(Optional<Path> report, double share) {
  /** Nothing. */
  public static final PrecisionDemands NONE = new PrecisionDemands(Optional.empty(), 0);

  /**
   * Checks the share.
   *
   * @throws TenrecException with {@code INVALID_ARGUMENT} if it is none
   */
  public PrecisionDemands {
    if (!(share >= 0 && share <= 1)) {
      throw new TenrecException(ErrorCode.INVALID_ARGUMENT, "%s is no share".formatted(share))
          .advise("give --require-share a number from 0 to 1");
    }
  }

  boolean isNone() {
    return equals(NONE);
  }

  /**
   * Writes the table and checks the share.
   *
   * @throws TenrecException with {@code UNSUPPORTED} if the share is too small
   */
  void check(PrecisionReport achieved) {
    report.ifPresent(achieved::write);
    if (achieved.share() < share) {
      throw new TenrecException(
              ErrorCode.UNSUPPORTED,
              String.format(
                  Locale.ROOT,
                  "%.3f of the products are computed in fewer than 32 bits, %.3f are required",
                  achieved.share(),
                  share))
          .advise("--precision-report tells the reason for each operation");
    }
  }
}
