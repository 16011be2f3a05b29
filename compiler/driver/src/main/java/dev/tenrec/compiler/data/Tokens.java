package dev.tenrec.compiler.data;

import com.google.common.primitives.ImmutableIntArray;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.FileErrors;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.LongStream;

/** Reads what a language model is measured or calibrated on. */
public final class Tokens {
  /** The array of an npz file. */
  public static final String ARRAY = "input_ids";

  private Tokens() {}

  /**
   * The token ids of a file.
   *
   * @param file text, or with suffix {@code .npz} an integer array 'input_ids' of any shape
   * @param tokenizer a {@code tokenizer.json}; necessary for text
   */
  public static ImmutableIntArray read(Path file, Optional<Path> tokenizer) {
    if (file.toString().endsWith(".npz")) {
      Tensor ids = Npz.read(file).get(ARRAY);
      if (ids == null || !ids.elementType().isInteger()) {
        throw new TenrecException(
            ErrorCode.INVALID_INPUT, "%s has no integers '%s'".formatted(file, ARRAY));
      }
      return LongStream.of(ids.toLongs())
          .mapToInt(id -> checked(file, id))
          .collect(
              ImmutableIntArray::builder,
              ImmutableIntArray.Builder::add,
              (a, b) -> a.addAll(b.build()))
          .build();
    }
    if (tokenizer.isEmpty()) {
      throw new TenrecException(ErrorCode.INVALID_ARGUMENT, "%s is text".formatted(file))
          .advise("name the model's tokenizer.json with --tokenizer");
    }
    try {
      return BytePairTokenizer.read(tokenizer.get()).encode(Files.readString(file));
    } catch (IOException e) {
      throw FileErrors.reading(file, e);
    }
  }

  private static int checked(Path file, long id) {
    if (id < 0 || id > Integer.MAX_VALUE) {
      throw new TenrecException(
              ErrorCode.INVALID_INPUT, "%s: %d is the number of no token".formatted(file, id))
          .advise("tokens are numbered from 0");
    }
    return (int) id;
  }
}
