package dev.tenrec.compiler.calibration;

import com.google.common.base.Suppliers;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Iterables;
import dev.tenrec.compiler.accuracy.TokenWindows;
import dev.tenrec.compiler.data.Npz;
import dev.tenrec.compiler.data.Tokens;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Where samples are.
 *
 * @param path a file or folder
 * @param preprocessing for images: the description of what is done with them
 * @param tokenizer for text: the model's {@code tokenizer.json}
 * @param context for text: how many tokens the model sees at once
 */
public record CalibrationData(
    Path path, Optional<Path> preprocessing, Optional<Path> tokenizer, int context) {
  private static final String NPZ = ".npz";
  private static final int CONTEXT = 256;

  /** Samples that need no description: neither images nor text. */
  public static CalibrationData of(Path path) {
    return new CalibrationData(path, Optional.empty(), Optional.empty(), CONTEXT);
  }

  /**
   * Samples for a model, one part after the other read when it is needed; a single file is read
   * once:
   *
   * <ul>
   *   <li>an {@code .npz} file with one array for each input, samples along the first axis; for a
   *       language model {@code input_ids} is enough;
   *   <li>a folder with {@code .npz} files;
   *   <li>a folder with {@code .npy} or {@code .pb} files, or ONNX test data: {@link SampleFolder};
   *   <li>a folder with images: {@link ImagePreprocessing};
   *   <li>a text, for a language model.
   * </ul>
   *
   * @throws TenrecException if there is nothing of this kind
   */
  public Iterable<ImmutableMap<String, Tensor>> read(Signature model) {
    if (Files.isDirectory(path)) {
      return folder(model);
    }
    if (!Files.exists(path)) {
      throw new TenrecException(ErrorCode.IO, "%s does not exist".formatted(path));
    }
    if (path.toString().endsWith(NPZ)) {
      Supplier<List<ImmutableMap<String, Tensor>>> arrays =
          Suppliers.memoize(() -> npz(path, model));
      return () -> arrays.get().iterator();
    }
    return text(path, model);
  }

  private Iterable<ImmutableMap<String, Tensor>> folder(Signature model) {
    List<Path> images = Folder.files(path, ImagePreprocessing.SUFFIXES);
    if (preprocessing.isPresent()) {
      ImagePreprocessing preparation = ImagePreprocessing.read(preprocessing.get());
      String input = preparation.input(model);
      return Iterables.transform(
          images, image -> ImmutableMap.of(input, preparation.prepare(image)));
    }
    if (!images.isEmpty()) {
      throw new TenrecException(ErrorCode.INVALID_ARGUMENT, "%s holds images".formatted(path))
          .advise("say with --preprocess FILE how the model takes them");
    }
    List<Path> archives = Folder.files(path, List.of(NPZ));
    return archives.isEmpty()
        ? new SampleFolder(path, model)
        : Iterables.concat(Iterables.transform(archives, file -> npz(file, model)));
  }

  private List<ImmutableMap<String, Tensor>> npz(Path file, Signature model) {
    ImmutableMap<String, Tensor> arrays = Npz.read(file);
    boolean complete = arrays.keySet().containsAll(model.inputs().keySet());
    return !complete && arrays.containsKey(Tokens.ARRAY) ? text(file, model) : List.of(arrays);
  }

  private List<ImmutableMap<String, Tensor>> text(Path file, Signature model) {
    return TokenWindows.of(model, Tokens.read(file, tokenizer), context, Long.MAX_VALUE).inputs();
  }
}
