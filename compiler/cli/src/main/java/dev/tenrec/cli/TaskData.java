package dev.tenrec.cli;

import dev.tenrec.compiler.accuracy.LabelledData;
import dev.tenrec.compiler.accuracy.Metric;
import dev.tenrec.compiler.accuracy.Task;
import dev.tenrec.compiler.accuracy.TokenWindows;
import dev.tenrec.compiler.data.Npz;
import dev.tenrec.compiler.data.Tokens;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import java.nio.file.Path;
import java.util.Optional;

/** Reads data that tell what is right, as options describe them. */
final class TaskData {
  private TaskData() {}

  /** All data of a file, for a metric. */
  static Task read(
      Metric metric, Signature model, Path file, Optional<String> label, TextOptions text) {
    return switch (metric) {
      case ACCURACY -> labels(model, file, label);
      case PERPLEXITY -> text(model, file, text, Long.MAX_VALUE);
    };
  }

  /** The arrays of an npz file, of which one must be named. */
  static LabelledData labels(Signature model, Path file, Optional<String> label) {
    String name =
        label.orElseThrow(() ->
            new TenrecException(
                    ErrorCode.INVALID_ARGUMENT, "the array with the labels is not named")
                .advise("name it with --label"));
    return LabelledData.of(model, Npz.read(file), name);
  }

  /** Text, or tokens in an npz file. */
  static TokenWindows text(Signature model, Path file, TextOptions text, long windows) {
    return TokenWindows.of(
        model, Tokens.read(file, Optional.ofNullable(text.tokenizer)), text.context, windows);
  }
}
