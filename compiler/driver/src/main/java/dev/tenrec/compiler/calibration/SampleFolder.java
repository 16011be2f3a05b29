package dev.tenrec.compiler.calibration;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.compiler.data.Npz;
import dev.tenrec.compiler.verify.BackendCase;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.onnx.OnnxImporter;
import dev.tenrec.onnx.OnnxTensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Samples in files of one tensor each, with or without an axis for samples. A folder holds either
 *
 * <ul>
 *   <li>folders {@code test_data_set_N} with {@code input_K.pb}, or such files itself: K is the
 *       place of the input;
 *   <li>for a model with one input: {@code .npy} and {@code .pb} files of any names;
 *   <li>for others: {@code NAME_N.npy} or {@code NAME_N.pb}, where N is the number of the sample,
 *       or {@code NAME.npy} if there is only one. Characters that file names lack may be {@code _}.
 * </ul>
 */
final class SampleFolder implements Iterable<ImmutableMap<String, Tensor>> {
  private static final List<String> SUFFIXES = List.of(".npy", ".pb");
  private static final String DATA_SET = "test_data_set_";
  private static final String FIRST_INPUT = "input_0.pb";

  private final Path folder;
  private final Signature model;

  SampleFolder(Path folder, Signature model) {
    this.folder = folder;
    this.model = model;
  }

  @Override
  public Iterator<ImmutableMap<String, Tensor>> iterator() {
    ImmutableList<Path> dataSets =
        Files.exists(folder.resolve(FIRST_INPUT))
            ? ImmutableList.of(folder)
            : Folder.list(folder, path -> Folder.name(path).startsWith(DATA_SET));
    if (!dataSets.isEmpty()) {
      return dataSets.stream().map(this::dataSet).iterator();
    }
    ImmutableList<Path> files = Folder.files(folder, SUFFIXES);
    if (files.isEmpty()) {
      throw new TenrecException(ErrorCode.INVALID_ARGUMENT, "%s holds no samples".formatted(folder))
          .advise("put .npy, .pb or .npz files, images or folders test_data_set_N there");
    }
    if (model.inputs().size() == 1) {
      String only = model.inputs().keySet().iterator().next();
      return files.stream().map(file -> ImmutableMap.of(only, read(only, file))).iterator();
    }
    return samples(files).values().stream().map(this::sample).iterator();
  }

  private ImmutableMap<String, Tensor> dataSet(Path dataSet) {
    return BackendCase.read(
            dataSet, new OnnxImporter.Names(model.inputs().keySet().asList(), ImmutableList.of()))
        .inputs();
  }

  /** The files of each sample by the names of inputs, and the samples by their numbers. */
  private SortedMap<Long, Map<String, Path>> samples(List<Path> files) {
    SortedMap<Long, Map<String, Path>> samples = new TreeMap<>();
    for (Path file : files) {
      String stem = Folder.name(file).replaceFirst("\\.[^.]*$", "");
      for (String input : model.inputs().keySet()) {
        String name = input.replaceAll("[^A-Za-z0-9._-]", "_");
        if (stem.equals(name)) {
          samples.computeIfAbsent(-1L, _ -> new TreeMap<>()).put(input, file);
        } else if (stem.matches(Pattern.quote(name) + "_\\d+")) {
          samples.computeIfAbsent(Folder.number(file), _ -> new TreeMap<>()).put(input, file);
        }
      }
    }
    samples.forEach(this::requireComplete);
    if (samples.isEmpty()) {
      throw new TenrecException(
              ErrorCode.INVALID_INPUT,
              "no file in %s is named after an input of the model".formatted(folder))
          .advise("name files NAME_N.npy; the inputs are " + model.inputs().keySet());
    }
    return samples;
  }

  private void requireComplete(long number, Map<String, Path> files) {
    for (String input : model.inputs().keySet()) {
      if (!files.containsKey(input)) {
        throw new TenrecException(
                ErrorCode.INVALID_INPUT,
                "%s: sample %s has no file for input '%s'"
                    .formatted(folder, number < 0 ? "without a number" : number, input))
            .advise("add %s_N.npy".formatted(input));
      }
    }
  }

  private ImmutableMap<String, Tensor> sample(Map<String, Path> files) {
    ImmutableMap.Builder<String, Tensor> sample = ImmutableMap.builder();
    files.forEach((input, file) -> sample.put(input, read(input, file)));
    return sample.buildOrThrow();
  }

  private Tensor read(String input, Path file) {
    Tensor tensor = file.toString().endsWith(".pb") ? OnnxTensors.read(file) : Npz.readArray(file);
    int rank = Objects.requireNonNull(model.inputs().get(input)).rank();
    return tensor.rank() + 1 == rank
        ? tensor.withSizes(ImmutableLongArray.builder().add(1).addAll(tensor.sizes()).build())
        : tensor;
  }
}
