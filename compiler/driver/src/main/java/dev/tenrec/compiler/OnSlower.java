package dev.tenrec.compiler;

import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import java.util.Locale;
import java.util.Optional;

/** What becomes of an engine that is slower than that of the same model in half precision. */
public enum OnSlower {
  /** It is kept, and the result says so. */
  WARN,
  /** Nothing is written. */
  FAIL,
  /** The other one takes its place, and the result says so. */
  FP16;

  /** What two measurements of the same engine may differ by. */
  private static final double SPREAD = 1.01;

  /**
   * Compares both.
   *
   * @param precision of the first engine
   * @param milliseconds that it takes
   * @param half milliseconds that the one in half precision takes
   * @return what is to be said; nothing if the first is not slower
   * @throws TenrecException with {@code UNSUPPORTED} if it is, and must not be
   */
  Optional<String> judge(Precision precision, double milliseconds, double half) {
    if (milliseconds <= SPREAD * half) {
      return Optional.empty();
    }
    String found =
        String.format(
            Locale.ROOT, "%s takes %.4f ms, fp16 takes %.4f ms", precision, milliseconds, half);
    return switch (this) {
      case WARN -> Optional.of(found);
      case FP16 -> Optional.of(found + ": the engine is in fp16");
      case FAIL ->
          throw new TenrecException(ErrorCode.UNSUPPORTED, found)
              .advise("compile for fp16, or choose --on-slower warn or fp16");
    };
  }
}
